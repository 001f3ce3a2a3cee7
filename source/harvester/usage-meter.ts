import { type UsageCount, type UsageKind, usageDayOf } from '../domain/usage.ts';

const usualEveryMs = 30_000;

/**
 * Counts in memory and hands them on in batches, so that nothing that is
 * counted ever waits. What could not be handed on is kept for the next batch.
 */
export class UsageMeter {
  readonly #record: (counts: readonly UsageCount[]) => Promise<void>;
  readonly #now: () => number;
  readonly #everyMs: number;
  #counts = new Map<string, UsageCount>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    record: (counts: readonly UsageCount[]) => Promise<void>,
    now: () => number,
    everyMs = usualEveryMs,
  ) {
    this.#record = record;
    this.#now = now;
    this.#everyMs = everyMs;
  }

  count(kind: UsageKind, name: string, ms = 0): void {
    this.#add({ day: usageDayOf(this.#now()), kind, name, count: 1, totalMs: Math.max(0, Math.round(ms)) });
    this.#timer ??= setTimeout(() => void this.flush(), this.#everyMs).unref();
  }

  /** Never rejects: counting is nobody's errand. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = [...this.#counts.values()];
    if (batch.length === 0) return;
    this.#counts = new Map();
    try {
      await this.#record(batch);
    } catch {
      for (const each of batch) this.#add(each);
    }
  }

  #add(fresh: UsageCount): void {
    const key = `${fresh.day}/${fresh.kind}/${fresh.name}`;
    const before = this.#counts.get(key);
    this.#counts.set(key, {
      ...fresh,
      count: fresh.count + (before?.count ?? 0),
      totalMs: fresh.totalMs + (before?.totalMs ?? 0),
    });
  }
}
