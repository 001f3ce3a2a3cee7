import type { Weekday } from './calendar.ts';
import type { QuietHours } from './quiet-hours.ts';

/** What a rule tells of: signals, or events that are none. */
export const ruleSubjects = ['signal', 'feedback', 'error'] as const;
export type RuleSubject = (typeof ruleSubjects)[number];
/** What an event is of. */
export type EventKind = Exclude<RuleSubject, 'signal'>;

export const spikeSubjects = ['category', 'source', 'tag'] as const;
/** What a spike is counted by. */
export type SpikeSubject = (typeof spikeSubjects)[number];

/** When a digest is due. */
export interface DigestSchedule {
  readonly every: 'daily' | 'weekly';
  /** "09:00". */
  readonly at: string;
  /** Of a weekly one. */
  readonly weekday: Weekday;
  /** Whether nothing is worth a message too. */
  readonly allQuiet: boolean;
}

/** Who is told of what, when, and how often at most. */
export interface Rule {
  readonly name: string;
  readonly enabled: boolean;
  readonly on: RuleSubject;
  /** A search; empty means every signal. */
  readonly query: string;
  /** Name of the notifier. */
  readonly notifier: string;
  /** At least this salience now, 0–100. */
  readonly minSalience: number;
  /** What was written earlier is no news; null takes 24 hours, or two periods of a digest. */
  readonly maxAgeHours: number | null;
  /** Signals that one run, and one hour, may tell of at most. */
  readonly perRun: number;
  readonly perHour: number;
  /** `full`, `short`, or a text with names of facts in braces. */
  readonly template: string;
  /** Whether what becomes of a signal is told too, in its thread where there are threads. */
  readonly thread: boolean;
  readonly digest: DigestSchedule | null;
  /** Tells of rates instead of signals. */
  readonly spike: {
    readonly by: SpikeSubject;
    /** Fewer posts in an hour are never a spike. */
    readonly least: number;
    /** These categories, sources or tags only; empty means all. */
    readonly only: readonly string[];
  } | null;
  /** Null takes those of all rules. */
  readonly quietHours: readonly QuietHours[] | null;
  /** A search for what is told in quiet hours too; empty means nothing is. */
  readonly urgent: string;
}

/** What holds for all rules. */
export interface NotifySettings {
  /** IANA name of the zone of quiet hours and digests; '' is that of this machine. */
  readonly timeZone: string;
  readonly quietHours: readonly QuietHours[];
  /** Tries after which a delivery is a dead letter. */
  readonly maxAttempts: number;
  /** What only a person can mend is tried for this long. */
  readonly giveUpHours: number;
  readonly updates: {
    /** So many more echoes are worth telling; a new source always is. */
    readonly echoes: number;
    /** Least time between two messages about one signal. */
    readonly pauseMinutes: number;
    /** What becomes of a signal is told for this long. */
    readonly days: number;
  };
}

const dayHours = 24;

/** What was written before is no news to this rule. Milliseconds, UTC. */
export function newsSince({ maxAgeHours, digest }: Rule, now: number): number {
  const period = digest?.every === 'weekly' ? 7 * dayHours : dayHours;
  const hours = maxAgeHours ?? (digest === null ? dayHours : 2 * period);
  return now - hours * 3_600_000;
}

/** A signal as it was told, and as it is. */
export interface Told {
  readonly echoes: number;
  readonly sources: readonly string[];
}

/** "+12 reports, now on hn and x"; null when that is not worth a message. */
export function describeGrowth(told: Told, now: Told, leastEchoes: number): string | null {
  const more = now.echoes - told.echoes;
  const fresh = now.sources.filter((source) => !told.sources.includes(source));
  if (more <= 0 || (more < leastEchoes && fresh.length === 0)) return null;
  const reports = `+${more} ${more === 1 ? 'report' : 'reports'}`;
  return fresh.length === 0 ? reports : `${reports}, now on ${listWords(now.sources)}`;
}

/** "a, b and c". */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
