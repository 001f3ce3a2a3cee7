import { cleanHidden, cleanLine } from '../domain/clean.ts';
import type { SignalStatus } from '../domain/signal.ts';
import type { TriageChange } from '../domain/triage.ts';
import { UserError } from '../errors.ts';
import { type AnalysisChain, analyzeBatch } from '../pipeline/analyze.ts';
import { createGroupPlanner, type GroupSettings } from '../pipeline/group.ts';
import { type ScoreRules, scoreBatch } from '../pipeline/score.ts';
import type { Clock } from '../ports/clock.ts';
import type { Decision } from '../ports/desk-store.ts';
import type { Store } from '../ports/store.ts';
import type { SignalQuery } from './harvester.ts';
import { matchingSignals, type ReadQuery } from './matching-signals.ts';

/** Which signals a decision is about: these, or all that match (the order does not count). */
export type TriageTarget = { readonly ids: readonly number[] } | { readonly query: SignalQuery };

export interface TriageOutcome {
  /** The journal entry that `undo` takes back; null when nothing changed. */
  readonly journalId: number | null;
  /** The decision in words: "dismissed", "tagged login". */
  readonly action: string;
  /** Ids that changed. */
  readonly changed: readonly number[];
  /** Ids left as they are: gone, already there, or changed by somebody else since. */
  readonly left: readonly number[];
}

/** What a person decides. Each call is one entry of the journal, taken back whole by `undo`, also after a restart. */
export interface Triage {
  /**
   * Decides, in the name of `by` (the analyst at this machine when absent).
   *
   * @throws UserError `bad-change` for what cannot be (an empty note, a tag of 50 letters),
   *   `split-lead`, `no-such-signal`, `too-many` for a query that matches over 100,000 signals
   */
  apply(change: TriageChange, target: TriageTarget, by?: { readonly actor: string }): Promise<TriageOutcome>;
  /** Takes back the newest decision that still stands; null when there is none. */
  undo(): Promise<TriageOutcome | null>;
  /** Does again what was taken back last; null when there is nothing, or something new was decided since. */
  redo(): Promise<TriageOutcome | null>;
}

export interface TriageParts {
  readonly store: Store;
  readonly clock: Clock;
  /** The chain that the flags allow now. */
  chainNow(): Promise<AnalysisChain>;
  readonly grouping: GroupSettings;
  readonly scoring: ScoreRules;
  /** Who decides. */
  readonly actor: string;
  /** Whom `me` means, as in searches. */
  readonly analyst: string;
  readonly categories: readonly string[];
  readonly read: ReadQuery;
}

/** A decision on more than this at once is a slip of the hand more often than a wish. */
const maxSignals = 100_000;
const pageSize = 500;
/** A decision is not to wait until everything is scored again, which another thread is at then. */
const mostBatches = 4;

export function createTriage(parts: TriageParts): Triage {
  const { store, clock, scoring } = parts;
  const { fingerprint } = createGroupPlanner(parts.grouping);

  /** What a decision leaves to be done, so that the list is right at once: signals that came apart, new scores. */
  const settle = async (): Promise<void> => {
    for (
      let batch = 0;
      batch < mostBatches && (await scoreBatch({ store, clock }, scoring)).length > 0;
      batch += 1
    )
      await new Promise(setImmediate);
  };

  return {
    apply: async (asked, target, by) => {
      const change = checkChange(asked, parts);
      const ids = 'ids' in target ? target.ids : await matching(parts, target.query);
      const context = { at: clock.now(), actor: by?.actor ?? parts.actor, fingerprint };
      const decision = await store.decide(change, ids, context);
      if (change.action === 'split' && decision.journalId !== null) await analyzeNew(parts, decision.changed);
      if (rescores(change)) await settle();
      return decision;
    },
    undo: async () => afterwards(await store.undo(clock.now()), settle),
    redo: async () => afterwards(await store.redo(clock.now()), settle),
  };
}

async function afterwards(decision: Decision | null, settle: () => Promise<void>): Promise<Decision | null> {
  if (decision !== null) await settle();
  return decision;
}

function rescores({ action }: TriageChange): boolean {
  return action === 'correct' || action === 'merge' || action === 'split';
}

async function matching({ store, read }: TriageParts, query: SignalQuery): Promise<readonly number[]> {
  const { filter } = await read(query);
  const ids: number[] = [];
  for await (const page of matchingSignals(store, filter, pageSize)) {
    ids.push(...page);
    if (ids.length > maxSignals) break;
  }
  if (ids.length <= maxSignals) return ids;
  throw new UserError('too-many', `More than ${maxSignals} signals match.`, {
    fix: 'Narrow the search, or decide in parts.',
  });
}

/** A signal that was just split off is analyzed now: until then no list would show it. */
async function analyzeNew({ store, chainNow, clock }: TriageParts, among: readonly number[]): Promise<void> {
  const chain = await chainNow();
  await chain.begin();
  const { signal } = new AbortController();
  await analyzeBatch({ store, chain, clock }, { signal, onWarning: () => undefined }, among);
}

/**
 * Whom the journal names for what is decided at this machine. What the program
 * does by itself has a name of its own there, which no person can have.
 */
export function analystName(analyst: string): string {
  const name = cleanLine(analyst).slice(0, longestName).trim();
  return name === '' || name === 'program' ? 'analyst' : name;
}

const statuses: ReadonlySet<SignalStatus> = new Set(['inbox', 'escalated', 'resolved', 'dismissed']);
const longestTag = 40;
const longestName = 60;
const longestNote = 4000;

/** The change with its words trimmed. */
function checkChange(
  change: TriageChange,
  { categories, analyst }: Pick<TriageParts, 'categories' | 'analyst'>,
): TriageChange {
  const refuse = (message: string, fix: string) => new UserError('bad-change', message, { fix });
  switch (change.action) {
    case 'status':
      if (statuses.has(change.status)) return change;
      throw refuse(`There is no status ${change.status}.`, `Use ${[...statuses].join(', ')}.`);
    case 'snooze': {
      const { snooze } = change;
      if (snooze.until === 'echoes' && !(Number.isInteger(snooze.more) && snooze.more > 0)) {
        throw refuse('A snooze waits for at least one more echo.', 'Give a whole number from 1.');
      }
      return change;
    }
    case 'assign': {
      const assignee =
        change.assignee === null ? null : cleanHidden(change.assignee).trim().replace(/^@/, '');
      if (assignee !== null && (assignee === '' || assignee.length > longestName)) {
        throw refuse('That is no name to assign to.', `Give a name of 1 to ${longestName} characters.`);
      }
      return { ...change, assignee: assignee === 'me' ? analyst : assignee };
    }
    case 'tag': {
      const add = change.add.map(cleanTag);
      const remove = change.remove.map(cleanTag);
      const bad = [...add, ...remove].find((tag) => tag === '' || tag.length > longestTag);
      if (bad !== undefined || add.length + remove.length === 0) {
        throw refuse(`"${bad ?? ''}" is no tag.`, `A tag is a word of 1 to ${longestTag} characters.`);
      }
      return { ...change, add, remove };
    }
    case 'correct': {
      const { category, sentiment, urgency } = change;
      if (category !== undefined && !categories.includes(category)) {
        throw refuse(`There is no category ${category}.`, `Use ${categories.join(', ')}.`);
      }
      if (urgency !== undefined && !(Number.isInteger(urgency) && urgency >= 0 && urgency <= 5)) {
        throw refuse(`Urgency ${urgency} does not exist.`, 'Use a whole number from 0 to 5.');
      }
      if (category === undefined && sentiment === undefined && urgency === undefined) {
        throw refuse('A correction says nothing.', 'Give a category, a sentiment or an urgency.');
      }
      return change;
    }
    case 'note': {
      const text = cleanHidden(change.text).trim();
      if (text === '' || text.length > longestNote) {
        throw refuse('A note has no text, or too much.', `Write 1 to ${longestNote} characters.`);
      }
      return { ...change, text };
    }
    case 'merge':
    case 'split':
      return change;
  }
}

/** Tags are one word, so that a search can name them. */
function cleanTag(tag: string): string {
  return cleanHidden(tag).trim().replace(/^#/, '').toLowerCase().replace(/\s+/g, '-');
}
