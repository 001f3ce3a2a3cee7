import type { RunProgress, SourceProgress } from '../domain/run.ts';
import type { Output } from './command.ts';
import { cutToWidth, visible } from './print.ts';

const redrawMs = 100;
const mostWarnings = 3;
const clearLine = '\r\u001b[2K';

/**
 * Tells a plain terminal how a run goes, on stderr: one line when a source is
 * through, and on a terminal one line below that is redrawn with the stages.
 */
export class RunNarrator {
  readonly #output: Output;
  readonly #told = new Set<string>();
  #drawnAt = 0;
  #drawn = false;

  constructor(output: Output) {
    this.#output = output;
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
    this.#write(describeRun(run));
  }

  #tellFinished(source: SourceProgress): void {
    if (source.state === 'waiting' || source.state === 'fetching' || this.#told.has(source.name)) return;
    this.#told.add(source.name);
    this.#write(describeSource(source));
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

function describeSource(source: SourceProgress): string {
  const counts = `${source.fetched} read, ${source.added} new`;
  const seconds = `${(source.elapsedMs / 1000).toFixed(1)} s`;
  const reason = source.error === null ? '' : `: ${visible(source.error.message)}`;
  return `${source.state.padEnd(9)} ${source.name} (${counts}, ${seconds})${reason}`;
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

function describeRun(run: RunProgress): string {
  const added = run.sources.reduce((sum, source) => sum + source.added, 0);
  const seconds = (run.elapsedMs / 1000).toFixed(1);
  return `${outcomes[run.state]}: ${added} new posts, ${run.signals} new signals in ${seconds} s`;
}
