import type { RunProgress } from '../../domain/run.ts';
import { formatDuration, plural } from './format.ts';

export interface RunTotals {
  readonly fetched: number;
  readonly added: number;
  readonly echoes: number;
  readonly failed: number;
}

export function totalsOf(run: RunProgress): RunTotals {
  const sum = (count: (source: RunProgress['sources'][number]) => number) =>
    run.sources.reduce((total, source) => total + count(source), 0);
  return {
    fetched: sum((source) => source.fetched),
    added: sum((source) => source.added),
    echoes: sum((source) => source.echoes),
    failed: run.sources.filter((source) => source.state === 'failed').length,
  };
}

/** A finished run in one sentence. */
export function describeRun(run: RunProgress): {
  readonly text: string;
  readonly tone: 'good' | 'warning' | 'bad';
} {
  const { fetched, added, failed } = totalsOf(run);
  const time = formatDuration(run.elapsedMs);
  const failures = failed === 0 ? '' : `; ${plural(failed, 'source')} failed`;
  if (run.state === 'interrupted') {
    return {
      tone: 'warning',
      text: `stopped after ${time}: ${plural(added, 'new post')} kept, ${plural(run.signals, 'new signal')}`,
    };
  }
  if (run.state === 'failed') return { tone: 'bad', text: `no source could be reached in ${time}` };
  if (run.sources.length === 0) return { tone: 'warning', text: 'there is no source to harvest' };
  const tone = failed > 0 ? 'warning' : 'good';
  if (added === 0) {
    const seen = fetched === 0 ? 'no posts came' : `all ${plural(fetched, 'post')} were known`;
    return { tone, text: `nothing new in ${time}: ${seen}${failures}` };
  }
  return {
    tone,
    text: `${plural(added, 'new post')} became ${plural(run.signals, 'signal')} in ${time}${failures}`,
  };
}
