import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Span } from '../domain/insight.ts';
import type { Condition } from '../domain/search-condition.ts';
import type {
  InboxSums,
  InsightStore,
  SampledSignal,
  SignalChoice,
  StandingDecision,
} from '../ports/insight.ts';
import {
  chosenSql,
  firstSignalAt,
  postSums,
  signalSums,
  signalsIn,
  sourceSums,
  spendByDay,
  tagSums,
} from './insight-sums.ts';
import { usualLimits } from './list-plan.ts';
import type { Tables } from './schema.ts';
import { countSignals, findPlaces } from './signal-lists.ts';

const countCap = 1_000_000;
const mostSampledPosts = 20_000;

/** Sums over time, on an open store. */
export function insightOf(db: Kysely<Tables>): InsightStore {
  return {
    matchingIn: (search, span, limits) => matchingIn(db, search, span, limits),
    countPatiently: (filter, patienceMs) =>
      countSignals(db, filter, countCap, { ...usualLimits, patienceMs, readingPatienceMs: patienceMs }),
    signalSums: (choice, span, by) => signalSums(db, choice, span, by),
    postSums: (choice, span, unitMs) => postSums(db, choice, span, unitMs),
    sourceSums: (choice, span) => sourceSums(db, choice, span),
    tagSums: (choice, span) => tagSums(db, choice, span),
    sampleSignals: (choice, span, oneIn) => sampleSignals(db, choice, span, oneIn),
    inboxSums: (choice, spans) => inboxSums(db, choice, spans),
    standingDecisions: (choice, span, most) => standingDecisions(db, choice, span, most),
    spendByDay: (firstDay, lastDay) => spendByDay(db, firstDay, lastDay),
    firstSignalAt: () => firstSignalAt(db),
  };
}

async function matchingIn(
  db: Kysely<Tables>,
  search: Condition,
  { since, until }: Span,
  { most, patienceMs }: { readonly most: number; readonly patienceMs: number },
): Promise<{ readonly ids: readonly number[]; readonly capped: boolean }> {
  const within: Condition = {
    condition: 'range',
    field: 'createdAt',
    range: { min: since, max: until, maxOpen: true },
  };
  const terms = search.condition === 'all' ? search.of : [search];
  const { places, reached, capped } = await findPlaces(
    db,
    {
      sort: 'newest',
      direction: 'forward',
      limit: most + 1,
      search: { condition: 'all', of: [...terms, within] },
    },
    { ...usualLimits, patienceMs, readingPatienceMs: patienceMs },
  );
  return {
    ids: places.slice(0, most).map(({ id }) => id),
    capped: capped || reached !== null || places.length > most,
  };
}

async function sampleSignals(
  db: Kysely<Tables>,
  choice: SignalChoice,
  span: Span,
  oneIn: number,
): Promise<readonly SampledSignal[]> {
  // Numbers of neighbours are spread by a multiplication, so that no rhythm of arrival is picked out.
  const some = oneIn <= 1 ? sql`` : sql` AND (signals.id * 2654435761 >> 8) % ${oneIn} = 0`;
  const { rows } = await sql<{ id: number } & SampledSignal['posts'][number]>`
    SELECT chosen.id AS id, posts.author AS author, posts.title AS title, posts.text AS text
    FROM (SELECT signals.id AS id ${signalsIn(choice, span)}${some} ORDER BY signals.createdAt DESC) AS chosen
    CROSS JOIN posts INDEXED BY posts_by_signal ON posts.signalId = chosen.id LIMIT ${mostSampledPosts}`.execute(
    db,
  );
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, posts]) => ({ id, posts }));
}

/** Signals without a score are in no index by status; both indexes have the times. */
async function inboxSums(
  db: Kysely<Tables>,
  choice: SignalChoice,
  spans: readonly Span[],
): Promise<InboxSums> {
  const counts = spans.map(
    ({ since, until }) =>
      sql`count(*) FILTER (WHERE signals.createdAt >= ${since} AND signals.createdAt < ${until})`,
  );
  const of = (index: string, ranked: RawBuilder<boolean>) => sql`
    SELECT json_array(${sql.join(counts)}) AS counts, min(signals.createdAt) AS oldest
    FROM signals INDEXED BY ${sql.ref(index)}
    WHERE mergedInto IS NULL AND ${ranked} AND status = 'inbox'${chosenSql(choice)}`;
  const { rows } = await sql<{ counts: string; oldest: number | null }>`
    ${of('signals_by_status', sql`rank IS NOT NULL`)} UNION ALL ${of('signals_unranked', sql`rank IS NULL`)}`.execute(
    db,
  );
  const sums = spans.map(() => 0);
  for (const row of rows) {
    for (const [index, count] of (JSON.parse(row.counts) as number[]).entries()) {
      sums[index] = (sums[index] ?? 0) + count;
    }
  }
  const oldest = rows.map((row) => row.oldest).filter((at) => at !== null);
  return { counts: sums, oldestAt: oldest.length === 0 ? null : Math.min(...oldest) };
}

/** What a person decided first is told by the journal; where that is gone, by the decision that stands. */
async function standingDecisions(
  db: Kysely<Tables>,
  choice: SignalChoice,
  { since, until }: Span,
  most: number,
): Promise<readonly StandingDecision[]> {
  const { rows } = await sql<StandingDecision>`
    SELECT signals.decidedAt AS decidedAt,
      coalesce((SELECT min(journal.at) FROM journal_changes INDEXED BY journal_changes_by_signal
        JOIN journal ON journal.id = journal_changes.journalId
        WHERE journal_changes.signalId = signals.id AND journal_changes.field = 'status'
        AND journal.undoneAt IS NULL AND journal.actor <> 'program'), signals.decidedAt) AS firstAt,
      coalesce((SELECT min(posts.fetchedAt) FROM posts INDEXED BY posts_by_signal
        WHERE posts.signalId = signals.id), signals.createdAt) AS arrivedAt
    FROM signals INDEXED BY signals_by_decision
    WHERE signals.decidedAt IS NOT NULL AND signals.decidedAt >= ${since} AND signals.decidedAt < ${until}
      AND mergedInto IS NULL${chosenSql(choice)}
    ORDER BY signals.decidedAt DESC LIMIT ${most}`.execute(db);
  return rows;
}
