import type { Pace, Span, Trend } from '../domain/insight.ts';
import { type InsightTerm, narrowSearch } from '../domain/insight-search.ts';
import type { SignalChoice } from '../ports/insight.ts';
import type { Store } from '../ports/store.ts';
import type { Patience } from './insight-patience.ts';
import { Tally } from './insight-tally.ts';
import type { ReadQuery } from './matching-signals.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
const mostDecisions = 20_000;
const inInbox: InsightTerm = { field: 'status', value: 'inbox' };

/** Ages of the inbox: each from the one before up to this. */
const ages = [
  { label: 'under an hour', upToMs: hourMs },
  { label: 'an hour to a day', upToMs: dayMs },
  { label: '1 to 3 days', upToMs: 3 * dayMs },
  { label: '3 to 7 days', upToMs: 7 * dayMs },
  { label: 'over a week', upToMs: null },
] as const;

export interface PaceQuestion {
  readonly search: string;
  /** The search asks for words: it was answered for the spans alone. */
  readonly asksForWords: boolean;
  readonly choice: SignalChoice;
  readonly span: Span;
  readonly previous: Span;
  readonly starts: readonly number[];
  readonly now: number;
}

/** How triage keeps up with what is opened. */
export async function readPace(
  { store, read, patience }: { readonly store: Store; readonly read: ReadQuery; readonly patience: Patience },
  question: PaceQuestion,
  opened: Trend,
): Promise<Pace> {
  const { choice, span, previous, starts, search, now } = question;
  const decided = new Tally(starts);
  const medians: (number | null)[] = [];
  for (const each of [span, previous]) {
    const decisions = await store.standingDecisions(choice, each, mostDecisions);
    if (decisions.length === mostDecisions) patience.isOver = true;
    for (const { decidedAt } of decisions) decided.add(decidedAt, 1);
    const firsts = decisions.filter(({ firstAt }) => firstAt >= each.since);
    medians.push(median(firsts.map(({ firstAt, arrivedAt }) => Math.max(0, firstAt - arrivedAt))));
  }
  const searches = ages.map(({ upToMs }, index) =>
    narrowSearch(search, [inInbox], {
      ...(upToMs !== null && { since: now - upToMs }),
      ...(index > 0 && { until: now - (ages[index - 1]?.upToMs ?? 0) }),
    }),
  );
  const inbox = question.asksForWords
    ? await countInboxBySearch({ store, read, patience }, searches)
    : await store.inboxSums(choice, agesAsSpans(now));
  return {
    opened,
    decided: decided.trend,
    medianToDecisionMs: medians[0] ?? null,
    medianToDecisionBeforeMs: medians[1] ?? null,
    inbox: inbox.counts.reduce((sum, count) => sum + count, 0),
    oldestInboxAt: inbox.oldestAt,
    inboxAges: ages.map(({ label }, index) => ({
      label,
      count: inbox.counts[index] ?? 0,
      search: searches[index] ?? '',
    })),
  };
}

function agesAsSpans(now: number): readonly Span[] {
  return ages.map(({ upToMs }, index) => ({
    since: upToMs === null ? 0 : now - upToMs,
    // What is written after now, by a clock that is ahead, is new.
    until: index === 0 ? Number.MAX_SAFE_INTEGER : now - (ages[index - 1]?.upToMs ?? 0),
  }));
}

async function countInboxBySearch(
  { store, read, patience }: { readonly store: Store; readonly read: ReadQuery; readonly patience: Patience },
  searches: readonly string[],
) {
  const counts: number[] = [];
  for (const search of searches) {
    const { count, capped } = await store.countPatiently(
      (await read({ search })).filter,
      patience.leftMs / 10,
    );
    if (capped) patience.isOver = true;
    counts.push(count);
  }
  const oldestAge = counts.findLastIndex((count) => count > 0);
  if (oldestAge < 0) return { counts, oldestAt: null };
  const { filter } = await read({ search: searches[oldestAge] ?? '' });
  const { rows } = await store.signalWindow({ ...filter, sort: 'oldest', direction: 'forward', limit: 1 });
  return { counts, oldestAt: rows[0]?.row.createdAt ?? null };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
