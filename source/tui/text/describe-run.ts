import { hasFailed, modelsUsd } from '../../domain/describe-spend.ts';
import { formatUsd } from '../../domain/limits.ts';
import type { RunProgress } from '../../domain/run.ts';
import { formatCount, formatDuration, plural } from './format.ts';

export interface RunTotals {
  readonly fetched: number;
  readonly added: number;
  readonly echoes: number;
  readonly excluded: number;
  readonly costUsd: number;
  readonly failed: number;
  readonly limited: number;
  /** Analyzers that could not go on, but for a cap. */
  readonly stopped: readonly string[];
}

export function totalsOf(run: RunProgress): RunTotals {
  const sum = (count: (source: RunProgress['sources'][number]) => number) =>
    run.sources.reduce((total, source) => total + count(source), 0);
  return {
    fetched: sum((source) => source.fetched),
    added: sum((source) => source.added),
    echoes: sum((source) => source.echoes),
    excluded: sum((source) => source.excluded),
    costUsd: sum((source) => source.costUsd) + modelsUsd(run.models),
    failed: run.sources.filter((source) => source.state === 'failed').length,
    limited: run.sources.filter((source) => source.state === 'limited').length,
    stopped: run.analyzers.filter(hasFailed).map(({ name }) => name),
  };
}

/** A finished run in one sentence. */
export function describeRun(run: RunProgress): {
  readonly text: string;
  readonly tone: 'good' | 'warning' | 'bad';
} {
  const { fetched, added, excluded, costUsd, failed, limited, stopped } = totalsOf(run);
  const time = formatDuration(run.elapsedMs);
  const rest = [
    ...(failed > 0 ? [`; ${plural(failed, 'source')} failed`] : []),
    ...(limited > 0 ? [failed > 0 ? `, ${limited} limited` : `; ${plural(limited, 'source')} limited`] : []),
    ...(stopped.length > 0 ? [`; ${stopped.join(' and ')} failed`] : []),
    ...(excluded > 0 && added > 0 ? [`; ${formatCount(excluded)} excluded`] : []),
    ...(costUsd > 0 ? [`; ${formatUsd(costUsd)}`] : []),
  ].join('');
  if (run.state === 'interrupted') {
    return {
      tone: 'warning',
      text: `stopped after ${time}: ${plural(added, 'new post')} kept, ${plural(run.signals, 'new signal')}`,
    };
  }
  if (run.state === 'failed') return { tone: 'bad', text: `no source could be reached in ${time}` };
  if (run.sources.length === 0) return { tone: 'warning', text: 'there is no source to harvest' };
  const tone = failed + limited + stopped.length > 0 ? 'warning' : 'good';
  if (added === 0) {
    return { tone, text: `nothing new in ${time}: ${describeOld(fetched, excluded)}${rest}` };
  }
  return {
    tone,
    text: `${plural(added, 'new post')} became ${plural(run.signals, 'signal')} in ${time}${rest}`,
  };
}

/** Posts that came and of which none was new. */
function describeOld(fetched: number, excluded: number): string {
  if (fetched === 0) return 'no posts came';
  if (excluded === 0)
    return fetched === 1 ? 'the one post was known' : `all ${plural(fetched, 'post')} were known`;
  return `of ${plural(fetched, 'post')} ${formatCount(excluded)} were excluded${excluded < fetched ? ', the others known' : ''}`;
}
