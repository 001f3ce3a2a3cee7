import { hasFailed } from './describe-spend.ts';
import type { ErrorSummary } from './failure.ts';
import type { AnalyzerProgress } from './run.ts';

/** Counts who analyzed what, and remembers who failed. */
export class AnalyzerTally {
  readonly #analyzers = new Map<string, AnalyzerProgress>();

  add(name: string): void {
    const before = this.#analyzers.get(name);
    this.#analyzers.set(name, { name, analyzed: (before?.analyzed ?? 0) + 1, error: before?.error ?? null });
  }

  /** The last failure counts, but a cap that is met later does not hide a failure before it. */
  fail(name: string, error: ErrorSummary): void {
    const before = this.#analyzers.get(name) ?? { name, analyzed: 0, error: null };
    const after = { ...before, error };
    this.#analyzers.set(name, hasFailed(before) && !hasFailed(after) ? before : after);
  }

  list(): readonly AnalyzerProgress[] {
    return [...this.#analyzers.values()];
  }
}
