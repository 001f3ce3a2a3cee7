import { describeAnalyzers, describeModelSpend, hasFailed, modelsUsd } from '../domain/describe-spend.ts';
import { describeLimit, formatUsd } from '../domain/limits.ts';
import type { RunProgress, SourceProgress, StageName } from '../domain/run.ts';
import type { Output } from './command.ts';
import { plural } from './plural.ts';
import { visible } from './print.ts';
import { cutToWidth } from './table.ts';

const redrawMs = 100;
const mostWarnings = 3;
const clearLine = '\r\u001b[2K';

/**
 * Tells a plain terminal how a run goes, on stderr: one line when a source is
 * through, and on a terminal one line below that is redrawn with the stages.
 */
export class RunNarrator {
  readonly #output: Output;
  readonly #stages: readonly StageName[];
  readonly #now: () => number;
  readonly #told = new Set<string>();
  #drawnAt = 0;
  #drawn = false;

  /** `stages` are those that were asked for: a run of the others alone has no posts to speak of. */
  constructor(
    output: Output,
    { stages, now }: { readonly stages: readonly StageName[]; readonly now: () => number },
  ) {
    this.#output = output;
    this.#stages = stages;
    this.#now = now;
  }

  onProgress(run: RunProgress): void {
    for (const source of run.sources) this.#tellFinished(source);
    if (!this.#output.isErrorTerminal || Date.now() - this.#drawnAt < redrawMs) return;
    this.#drawnAt = Date.now();
    this.#drawn = true;
    this.#output.stderr.write(`${clearLine}${cutToWidth(describeStages(run), this.#output.columns - 1)}`);
  }

  /** The last words, also for what ended between two reports. */
  finish(run: RunProgress): void {
    for (const source of run.sources) this.#tellFinished(source);
    for (const warning of run.warnings) this.#write(`warning: ${visible(warning)}`);
    for (const spend of run.models) this.#write(visible(describeModelSpend(spend)));
    this.#write(describeRun(run, this.#stages, this.#now()));
    for (const hint of hintsOf(run)) this.#write(hint);
  }

  #tellFinished(source: SourceProgress): void {
    if (source.state === 'waiting' || source.state === 'fetching' || this.#told.has(source.name)) return;
    this.#told.add(source.name);
    this.#write(describeSource(source, this.#now()));
    for (const warning of source.warnings.slice(0, mostWarnings)) this.#write(`  ${visible(warning)}`);
    const more = source.warnings.length - mostWarnings;
    if (more > 0) this.#write(`  and ${more} more like these`);
    if (source.error?.fix) this.#write(`  fix: ${visible(source.error.fix)}`);
  }

  #write(line: string): void {
    this.#output.stderr.write(`${this.#drawn ? clearLine : ''}${line}\n`);
    this.#drawn = false;
  }
}

function describeSource(source: SourceProgress, now: number): string {
  const counts = [
    `${source.fetched} read`,
    `${source.added} new`,
    ...(source.excluded > 0 ? [`${source.excluded} excluded`] : []),
    ...(source.costUsd > 0 ? [formatUsd(source.costUsd)] : []),
    `${(source.elapsedMs / 1000).toFixed(1)} s`,
  ];
  const reasons = [
    ...(source.state === 'limited' ? [describeLimit(source.limitedUntil, now)] : []),
    ...(source.error === null ? [] : [visible(source.error.message)]),
  ];
  const reason = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`;
  return `${source.state.padEnd(9)} ${source.name} (${counts.join(', ')})${reason}`;
}

function describeStages(run: RunProgress): string {
  const busy = run.sources.filter(({ state }) => state === 'fetching').length;
  const stages = run.stages.map(({ name, done, total }) => `${name} ${done}/${total}`);
  return [
    ...stages,
    `${busy} ${busy === 1 ? 'source' : 'sources'} busy`,
    `${(run.elapsedMs / 1000).toFixed(0)} s`,
  ].join(' · ');
}

const outcomes: Readonly<Record<RunProgress['state'], string>> = {
  running: 'still running',
  done: 'done',
  partial: 'done in part',
  failed: 'failed: no source could be reached',
  interrupted: 'interrupted; what was read is kept, and the next run goes on from there',
};

function describeRun(run: RunProgress, stages: readonly StageName[], now: number): string {
  const seconds = (run.elapsedMs / 1000).toFixed(1);
  const done = stages.includes('fetch') ? describeHarvest(run, stages) : describeWork(run, stages);
  return `${outcomes[run.state]}: ${done} in ${seconds} s${describeRest(run, now)}`;
}

function describeHarvest(run: RunProgress, stages: readonly StageName[]): string {
  const added = plural(sumOf(run, 'added'), 'new post');
  return stages.includes('group') ? `${added}, ${plural(run.signals, 'new signal')}` : added;
}

/** What the later stages did by themselves. */
function describeWork(run: RunProgress, stages: readonly StageName[]): string {
  const done = (name: StageName) => run.stages.find((stage) => stage.name === name)?.done ?? 0;
  const grouped = `${plural(done('group'), 'post')} grouped into ${plural(run.signals, 'new signal')}`;
  const parts = [
    ...(done('group') > 0 ? [grouped] : []),
    ...(stages.includes('analyze') ? [`${plural(done('analyze'), 'signal')} analyzed`] : []),
    ...(stages.includes('score') ? [`${plural(done('score'), 'signal')} scored`] : []),
  ];
  return parts.join(', ');
}

/** What to do about signals that a model was meant to analyze and a fallback did. */
function hintsOf({ analyzers }: RunProgress): readonly string[] {
  const failed = analyzers.filter(hasFailed).map(({ name }) => name);
  return analyzers
    .filter(({ analyzed, error }) => failed.length > 0 && analyzed > 0 && error === null)
    .map(
      ({ name }) =>
        `once ${failed.join(' and ')} can be asked: signal-harvester analyze --reanalyze --made-by ${name}`,
    );
}

/** What is worth a word only when there was some: excluded posts, limits, money. */
function describeRest(run: RunProgress, now: number): string {
  const excluded = sumOf(run, 'excluded');
  const spentUsd = sumOf(run, 'costUsd') + modelsUsd(run.models);
  const analyzers = describeAnalyzers(run.analyzers);
  const limited = run.sources.filter(({ state }) => state === 'limited');
  const told = run.stages.find(({ name }) => name === 'notify')?.done ?? 0;
  const parts = [
    ...(excluded > 0 ? [`${plural(excluded, 'post')} excluded`] : []),
    ...(told > 0 ? [`${plural(told, 'notification')} sent`] : []),
    ...limited.map(({ name, limitedUntil }) => `${name} is ${describeLimit(limitedUntil, now)}`),
    ...(analyzers === null ? [] : [analyzers]),
    ...(spentUsd > 0 ? [`${formatUsd(spentUsd)} spent`] : []),
  ];
  return parts.map((part) => `; ${part}`).join('');
}

function sumOf(run: RunProgress, count: 'added' | 'excluded' | 'costUsd'): number {
  return run.sources.reduce((sum, source) => sum + source[count], 0);
}
