import type { ErrorSummary } from '../../domain/failure.ts';
import { summarizeError } from '../../errors.ts';
import type { Watch } from '../../harvester/harvester.ts';
import { Observed } from './observed.ts';

/** Something that takes its time; one at a time. */
export interface Job {
  /** What it is, for a sentence: "making a snapshot". */
  readonly title: string;
  readonly step: string;
  readonly done: number;
  /** Null where nobody knows how much there is. */
  readonly total: number | null;
  readonly cancelling: boolean;
  /** Nothing else may use the store meanwhile. */
  readonly exclusive: boolean;
}

export type JobOutcome<Result> =
  | { readonly kind: 'done'; readonly result: Result }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: ErrorSummary };

interface Progress {
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
}

/** Enough to be seen moving; every further report would only be drawn over. */
const betweenReportsMs = 100;

/** Runs what takes its time and tells how it goes; it can be cancelled. */
export class JobDesk extends Observed<{ readonly job: Job | null }> {
  #abort: AbortController | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor() {
    super({ job: null });
  }

  /** Resolves when it has ended, however it ended; never rejects. Called only when no job runs. */
  run<Result>(
    title: string,
    act: (watch: Watch<Progress>) => Promise<Result>,
    { exclusive = false }: { readonly exclusive?: boolean } = {},
  ): Promise<JobOutcome<Result>> {
    const ended = this.#run(title, act, exclusive);
    this.#running = ended.then(() => {});
    return ended;
  }

  /** Asks the job to stop; true when there was one to ask. */
  cancel(): boolean {
    const { job } = this.read();
    if (job === null || job.cancelling) return false;
    this.set({ job: { ...job, cancelling: true } });
    this.#abort?.abort();
    return true;
  }

  /** Resolves when no job runs. */
  settled(): Promise<void> {
    return this.#running;
  }

  async #run<Result>(
    title: string,
    act: (watch: Watch<Progress>) => Promise<Result>,
    exclusive: boolean,
  ): Promise<JobOutcome<Result>> {
    const abort = new AbortController();
    this.#abort = abort;
    this.set({ job: { title, step: '', done: 0, total: null, cancelling: false, exclusive } });
    let toldAt = 0;
    const onProgress = (progress: Progress) => {
      const { job } = this.read();
      const soon = performance.now() - toldAt < betweenReportsMs;
      if (job === null || (soon && progress.step === job.step)) return;
      toldAt = performance.now();
      this.set({ job: { ...job, step: progress.step, done: progress.done, total: progress.total } });
    };
    try {
      return { kind: 'done', result: await act({ signal: abort.signal, onProgress }) };
    } catch (error) {
      return abort.signal.aborted ? { kind: 'cancelled' } : { kind: 'failed', error: summarizeError(error) };
    } finally {
      this.#abort = null;
      this.set({ job: null });
    }
  }
}
