import type { Harvester } from '../harvester/harvester.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../ports/clock.ts';
import { Routine } from './routine.ts';
import type { When } from './when.ts';

interface SnapshotScheduleParts {
  readonly snapshots: Pick<Harvester['snapshots'], 'list' | 'create'>;
  readonly when: When;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

/** After one that failed: a disk that is full now may not be in an hour. */
const retryMs = 3_600_000;

/**
 * Makes snapshots when they are due. One that was missed is made up for, once;
 * any snapshot counts that is there, whoever made it. Removes none: what goes
 * is decided by a person, or by a cron line that says --force.
 */
export class SnapshotSchedule {
  readonly #parts: SnapshotScheduleParts;
  readonly #routine: Routine;

  constructor(parts: SnapshotScheduleParts) {
    this.#parts = parts;
    this.#routine = new Routine(parts.clock);
  }

  start(): void {
    this.#routine.start(
      () => this.#work(),
      (error) => this.#parts.logger.error({ err: error }, 'the schedule of snapshots has failed'),
    );
  }

  /** Resolves when a snapshot that is being made has been given up; it leaves nothing behind. */
  async stop(): Promise<void> {
    await this.#routine.stop();
  }

  async #work(): Promise<void> {
    const { clock, when } = this.#parts;
    let nextAt = await this.#firstDue();
    while (nextAt !== null) {
      await this.#routine.sleepUntil(nextAt);
      const begunAt = clock.now();
      nextAt = (await this.#make()) ? when.next(begunAt) : begunAt + retryMs;
    }
  }

  async #firstDue(): Promise<number | null> {
    const { snapshots, when, clock } = this.#parts;
    const sound = (await snapshots.list()).filter(({ damaged }) => !damaged);
    const newest = Math.max(0, ...sound.map(({ createdAt }) => createdAt));
    return newest === 0 && when.next(clock.now()) !== null ? clock.now() : when.next(newest);
  }

  async #make(): Promise<boolean> {
    const { snapshots, logger } = this.#parts;
    try {
      const { snapshot, copy, upload } = await snapshots.create(
        { scheduled: true },
        { signal: this.#routine.signal },
      );
      logger.info({ snapshot: snapshot.id, bytes: snapshot.bytes }, 'a snapshot was made');
      for (const each of [copy, upload]) {
        if (each?.problem != null)
          logger.error({ snapshot: snapshot.id, problem: each.problem }, 'its copy failed');
      }
      return true;
    } catch (error) {
      if (!this.#routine.signal.aborted) logger.error({ err: error }, 'a scheduled snapshot failed');
      return false;
    }
  }
}
