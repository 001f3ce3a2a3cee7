import type { ErrorSummary } from './domain/failure.ts';

/**
 * What went wrong, as the process tells its caller.
 * 0 done · 1 a bug · 2 usage or configuration · 3 done in part · 4 nothing could be reached
 * · 5 another run is in progress · 130 interrupted
 */
export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  partial: 3,
  unreachable: 4,
  busy: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

interface UserErrorOptions {
  /** What the person can do about it: one sentence in the imperative. */
  readonly fix: string;
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
  /** Plain data that says more, for programs: where in a search the mistake is. */
  readonly details?: object;
}

/**
 * A failure that the person at the keyboard can mend. Everything else that is
 * thrown is a bug and keeps its stack.
 *
 * `code` is stable and kebab-case: scripts, tests and the API match on it.
 */
export class UserError extends Error {
  readonly code: string;
  readonly fix: string;
  readonly exitCode: ExitCode;
  readonly details: object | null;

  constructor(code: string, message: string, options: UserErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.code = code;
    this.fix = options.fix;
    this.exitCode = options.exitCode ?? exitCodes.usage;
    this.details = options.details ?? null;
  }
}

/** A service asked for a pause: a state with an end rather than a failure. */
export class RateLimited extends UserError {
  /** Milliseconds, UTC; null when the service did not say. */
  readonly until: number | null;

  constructor(message: string, until: number | null, options: UserErrorOptions) {
    super('rate-limited', message, options);
    this.until = until;
  }
}

/** Never throws: anything can be thrown in JavaScript, and this is where it ends. */
export function summarizeError(error: unknown): ErrorSummary {
  if (error instanceof UserError) return { code: error.code, message: error.message, fix: error.fix };
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
    return { code, message: error.message, fix: null };
  }
  return { code: 'unknown', message: String(error), fix: null };
}
