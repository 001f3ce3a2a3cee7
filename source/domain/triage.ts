import type { Sentiment } from './analysis.ts';
import type { SignalStatus } from './signal.ts';

/** What wakes a snoozed signal. */
export type Snooze =
  /** A moment; milliseconds, UTC. */
  | { readonly until: 'time'; readonly at: number }
  /** The signal has this many echoes. */
  | { readonly until: 'echoes'; readonly echoes: number }
  /** A post from a source that is not among `known`. */
  | { readonly until: 'source'; readonly known: readonly string[] }
  /** Echoes come much faster than the `perHour` of before; see `isSpike`. */
  | { readonly until: 'spike'; readonly perHour: number };

/** Statuses that a person sets outright; snoozed has a change of its own, which says until when. */
export type DecidedStatus = Exclude<SignalStatus, 'snoozed'>;

/** What `snooze` asks for; the store fills in what it is measured against. */
export type SnoozeRequest =
  | { readonly until: 'time'; readonly at: number }
  /** So many echoes more than now. */
  | { readonly until: 'echoes'; readonly more: number }
  | { readonly until: 'source' }
  | { readonly until: 'spike' };

/** One decision, on any number of signals. */
export type TriageChange =
  | { readonly action: 'status'; readonly status: DecidedStatus }
  | { readonly action: 'snooze'; readonly snooze: SnoozeRequest }
  /** null takes the assignee away; `me` is whoever decides. */
  | { readonly action: 'assign'; readonly assignee: string | null }
  | { readonly action: 'tag'; readonly add: readonly string[]; readonly remove: readonly string[] }
  /** What the analysis got wrong; kept as a label. */
  | {
      readonly action: 'correct';
      readonly category?: string;
      readonly sentiment?: Sentiment;
      readonly urgency?: number;
    }
  | { readonly action: 'note'; readonly text: string }
  /** The others join `into`, which keeps its lead post and its status. */
  | { readonly action: 'merge'; readonly into: number }
  /** These posts of the (single) signal become a signal of their own. */
  | { readonly action: 'split'; readonly postIds: readonly number[] };

/** The decision as the journal and the message line name it: "dismissed", "assigned to ann". */
export function describeChange(change: TriageChange): string {
  switch (change.action) {
    case 'status':
      return change.status === 'inbox' ? 'put back into the inbox' : change.status;
    case 'snooze':
      return `snoozed ${describeSnoozeRequest(change.snooze)}`;
    case 'assign':
      return change.assignee === null ? 'assigned to nobody' : `assigned to ${change.assignee}`;
    case 'tag':
      return [
        ...change.add.map((tag) => `tagged ${tag}`),
        ...change.remove.map((tag) => `untagged ${tag}`),
      ].join(', ');
    case 'correct':
      return [
        change.category,
        change.sentiment,
        change.urgency === undefined ? undefined : `urgency ${change.urgency}`,
      ]
        .filter((part) => part !== undefined)
        .map((part) => `set to ${part}`)
        .join(', ');
    case 'note':
      return 'noted';
    case 'merge':
      return `merged into ${change.into}`;
    case 'split':
      return change.postIds.length === 1 ? 'split off one post' : `split off ${change.postIds.length} posts`;
  }
}

function describeSnoozeRequest(snooze: SnoozeRequest): string {
  switch (snooze.until) {
    case 'time':
      return `until ${new Date(snooze.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    case 'echoes':
      return `until ${snooze.more} more ${snooze.more === 1 ? 'echo' : 'echoes'}`;
    case 'source':
      return 'until another source has it';
    case 'spike':
      return 'until it spikes';
  }
}

const minSpike = 5;
const spikeFactor = 3;

/**
 * Whether the echoes of the last hour are a spike against what was usual
 * before: at least five of them, and over three times as many as in a usual hour.
 */
export function isSpike(lastHour: number, usualPerHour: number): boolean {
  return lastHour >= minSpike && lastHour > spikeFactor * usualPerHour;
}
