import type { ErrorSummary } from '../../domain/failure.ts';
import type { RunProgress, SourceProgress } from '../../domain/run.ts';
import { summarizeError } from '../../errors.ts';
import type { Harvester, SourceHealth } from '../../harvester/harvester.ts';
import { type ListCursor, moveTo } from './list-cursor.ts';
import { Observed } from './observed.ts';

/** Until a run tells; notifying is one more, for those who have rules. */
const usualStages = 4;

export interface HarvestState {
  readonly phase: 'ready' | 'running' | 'finished' | 'failed';
  readonly cancelling: boolean;
  /** The run of this session: live or finished. */
  readonly progress: RunProgress | null;
  /** The newest run of an earlier session. */
  readonly earlier: RunProgress | null;
  /** Null until read. */
  readonly sources: readonly SourceHealth[] | null;
  /** Why the sources could not be read, or why the run could not be opened. */
  readonly error: ErrorSummary | null;
  readonly cursor: ListCursor;
  /** Notifications that could not be delivered and are not tried again. */
  readonly undelivered: number;
}

export interface HarvestEvents {
  started(): void;
  progress(run: RunProgress): void;
  /** Null when it could not start. */
  finished(run: RunProgress | null): void;
}

/** Starting, following and cancelling a harvest. */
export class HarvestDesk extends Observed<HarvestState> {
  readonly #harvester: Harvester;
  readonly #tell: HarvestEvents;
  #abort: AbortController | null = null;
  #height = 10;

  constructor(harvester: Harvester, events: HarvestEvents) {
    super({
      phase: 'ready',
      cancelling: false,
      progress: null,
      earlier: null,
      sources: null,
      error: null,
      cursor: { index: 0, top: 0 },
      undelivered: 0,
    });
    this.#harvester = harvester;
    this.#tell = events;
  }

  get running(): boolean {
    return this.read().phase === 'running';
  }

  /** Stages that are drawn; 0 before any run. */
  get stageCount(): number {
    const { phase, progress } = this.read();
    return phase === 'ready' ? 0 : (progress?.stages.length ?? usualStages);
  }

  /** Rows of the source table: those of the run, or else the configured ones. */
  get rows(): number {
    const { progress, sources } = this.read();
    return progress?.sources.length ?? sources?.length ?? 0;
  }

  get height(): number {
    return this.#height;
  }

  resize(height: number): void {
    this.#height = Math.max(1, height);
    this.move(0);
  }

  move(step: number): void {
    const { cursor: old } = this.read();
    const cursor = moveTo(old, old.index + step, this.rows, this.#height);
    if (cursor !== old) this.set({ cursor });
  }

  /** @param then called when the sources are known, or cannot be: before anything is drawn of it */
  async readSources(then: () => void = () => {}): Promise<void> {
    try {
      const sources = await this.#harvester.sources.list();
      this.set({ sources });
    } catch (error) {
      this.set({ error: summarizeError(error) });
    }
    then();
    try {
      const [earlier = null] = await this.#harvester.runs.list(1);
      const { dead } = await this.#harvester.notifications.counts();
      this.set({ earlier, undelivered: dead });
    } catch {
      // The screen only says less about the past.
    }
  }

  /** Runs all sources; resolves when the run has ended, however it ended. */
  async start(): Promise<void> {
    if (this.running) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.set({ phase: 'running', cancelling: false, progress: null, error: null });
    this.#tell.started();
    try {
      const progress = await this.#harvester.run(
        {},
        { signal: abort.signal, onProgress: (step) => this.#follow(step) },
      );
      this.#follow(progress);
      this.set({ phase: 'finished', cancelling: false });
      this.#troubleFirst();
      this.#tell.finished(progress);
    } catch (error) {
      this.set({ phase: 'failed', cancelling: false, error: summarizeError(error) });
      this.#tell.finished(null);
    } finally {
      this.#abort = null;
    }
    await this.readSources();
  }

  /** Asks the run to stop; true when there was one to ask. */
  cancel(): boolean {
    if (!this.running || this.read().cancelling) return false;
    this.set({ cancelling: true });
    this.#abort?.abort();
    return true;
  }

  /** Once rows no longer change under the eye, what needs attention comes to the top. */
  #troubleFirst(): void {
    const { progress, cursor } = this.read();
    if (progress === null) return;
    const selected = progress.sources[cursor.index]?.name;
    const urgency = ({ state }: SourceProgress) => (state === 'failed' ? 0 : state === 'limited' ? 1 : 2);
    const sources = progress.sources.toSorted((a, b) => urgency(a) - urgency(b));
    this.set({ progress: { ...progress, sources } });
    const index = sources.findIndex((source) => source.name === selected);
    this.move(cursor.index === 0 ? 0 : index - cursor.index);
  }

  #follow(progress: RunProgress): void {
    if (!this.running) return;
    this.set({ progress });
    this.move(0);
    this.#tell.progress(progress);
  }
}
