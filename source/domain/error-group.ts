/** open: new, or opened again by a person · resolved: a person says it is mended · regressed: it came again after that. */
export const errorStates = ['open', 'regressed', 'resolved'] as const;
export type ErrorState = (typeof errorStates)[number];

export const breadcrumbKinds = ['start', 'command', 'screen', 'operation', 'stage', 'request'] as const;
export type BreadcrumbKind = (typeof breadcrumbKinds)[number];

/** Something that the program did before an error; names of its own, never what a person or a post wrote. */
export interface Breadcrumb {
  /** Milliseconds, UTC. */
  readonly at: number;
  readonly kind: BreadcrumbKind;
  /** `signals.page`, `retention`, `GET /v1/signals/:id`. At most 80 characters. */
  readonly text: string;
}

/** Where an error surfaced. */
export const errorOrigins = ['command', 'screen', 'operation', 'request', 'thread', 'process'] as const;
export type ErrorOrigin = (typeof errorOrigins)[number];

/** One unexpected error as it was caught: redacted already, so that it may be written anywhere. */
export interface ErrorOccurrence {
  /** Sixteen hexadecimal digits; errors that share it are one group. */
  readonly fingerprint: string;
  /** `TypeError`. */
  readonly type: string;
  /** `SQLITE_FULL`, `ENOENT`; null without one. */
  readonly code: string | null;
  readonly message: string;
  /** A frame a line, topmost first; empty when nothing with a stack was thrown. */
  readonly stack: string;
  /** Oldest first. */
  readonly breadcrumbs: readonly Breadcrumb[];
  readonly origin: ErrorOrigin;
  /** Of this program. */
  readonly version: string;
  /** Milliseconds, UTC. */
  readonly at: number;
  /** How often it came: those of a storm are written down together. */
  readonly count: number;
}

/** What is known of all errors with one fingerprint; message, stack and breadcrumbs are those of the newest. */
export interface ErrorGroup extends Omit<ErrorOccurrence, 'at' | 'version'> {
  readonly id: number;
  readonly state: ErrorState;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly firstVersion: string;
  readonly lastVersion: string;
  readonly resolvedAt: number | null;
  /** When it came again after it was resolved; null when it never did, or was opened again by hand. */
  readonly regressedAt: number | null;
  /** When it was last sent to the collector of errors; null when it never was. */
  readonly reportedAt: number | null;
}

/** "TypeError: Cannot read …" on one line. */
export function titleOfError({ type, message }: Pick<ErrorGroup, 'type' | 'message'>): string {
  return message === '' ? type : `${type}: ${message}`;
}
