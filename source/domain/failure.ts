/** A failure reduced to what may be shown, stored and sent between threads. */
export interface ErrorSummary {
  /** Stable, kebab-case; scripts match on it. */
  readonly code: string;
  readonly message: string;
  /** What a person can do about it; null for a bug. */
  readonly fix: string | null;
}
