import { randomUUID } from 'node:crypto';
import { summarizeError } from '../errors.ts';

export interface Job {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly action: string;
  readonly done: number;
  readonly total: number;
  readonly changed: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly error: string | null;
}

interface JobWork {
  readonly action: string;
  readonly ids: readonly number[];
  /** Decides about some of the ids; returns how many changed. */
  step(ids: readonly number[]): Promise<number>;
  /** Told once, at the end. */
  end(job: Job): Promise<void>;
}

const idsPerStep = 500;
const kept = 100;
const maxRunning = 4;

/**
 * Decisions on many signals, worked off in parts, so that they can be followed
 * and stopped. In memory: after a restart a job is gone, and what it did stays.
 */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #cancelled = new Set<string>();
  readonly #working = new Set<Promise<void>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Null when too many are at work already. */
  start(work: JobWork): Job | null {
    if (this.#working.size >= maxRunning) return null;
    const job: Job = {
      id: randomUUID(),
      state: 'running',
      action: work.action,
      done: 0,
      total: work.ids.length,
      changed: 0,
      startedAt: this.#now(),
      finishedAt: null,
      error: null,
    };
    this.#jobs.set(job.id, job);
    const oldest = this.#jobs.keys().next().value;
    if (this.#jobs.size > kept && oldest !== undefined) this.#jobs.delete(oldest);
    const working = this.#work(job, work).finally(() => this.#working.delete(working));
    this.#working.add(working);
    return job;
  }

  get(id: string): Job | null {
    return this.#jobs.get(id) ?? null;
  }

  /** Stops a job after the part that it is at. False when it does not run. */
  cancel(id: string): boolean {
    if (this.#jobs.get(id)?.state !== 'running') return false;
    this.#cancelled.add(id);
    return true;
  }

  /** Stops them all and waits. */
  async close(): Promise<void> {
    for (const id of this.#jobs.keys()) this.cancel(id);
    await Promise.all(this.#working);
  }

  async #work(started: Job, { ids, step, end }: JobWork): Promise<void> {
    let job = started;
    const change = (changes: Partial<Job>) => {
      job = { ...job, ...changes };
      this.#jobs.set(job.id, job);
    };
    try {
      for (let start = 0; start < ids.length; start += idsPerStep) {
        // Requests come first: whoever wants to stop this must be heard.
        await new Promise(setImmediate);
        if (this.#cancelled.has(job.id)) break;
        const part = ids.slice(start, start + idsPerStep);
        const changed = await step(part);
        change({ done: job.done + part.length, changed: job.changed + changed });
      }
      const state = job.done < job.total ? 'cancelled' : 'done';
      change({ state, finishedAt: this.#now() });
    } catch (error) {
      change({ state: 'failed', finishedAt: this.#now(), error: summarizeError(error).message });
    }
    this.#cancelled.delete(job.id);
    await end(job).catch(() => undefined);
  }
}
