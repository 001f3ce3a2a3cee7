import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ScoredSignal } from '../ports/pipeline-store.ts';
import type { Tables } from './schema.ts';

/** Of each other order that is looked at beside the first of the list. */
const mostOfEach = 300;
/** Characters of a text: what a row of a screen can show. */
const textLength = 400;
/** A statement of this many ids is far from the limits of SQLite. */
const pageSize = 500;

const scored = sql`status = 'inbox' AND mergedInto IS NULL AND rank IS NOT NULL AND category IS NOT NULL`;

/** Signals of the inbox that lead the list, or might with other weights; see the port. */
export async function scoredSignals(
  db: Kysely<Tables>,
  most: number,
  categories: readonly string[],
): Promise<{ readonly signals: readonly ScoredSignal[]; readonly all: boolean }> {
  // One more than is wanted, to see whether there is more.
  const first = await idsOf(db, sql`signals WHERE ${scored} ORDER BY rank DESC, id DESC`, most + 1);
  const all = first.length <= most;
  const ids = new Set(first.slice(0, most));
  if (!all) {
    const others = [
      ...categories.map(
        (category) =>
          sql`signals INDEXED BY signals_by_category WHERE category = ${category} AND ${scored} ORDER BY rank DESC`,
      ),
      sql`signals INDEXED BY signals_by_time WHERE ${scored} ORDER BY createdAt DESC`,
      sql`signals INDEXED BY signals_by_urgency WHERE urgency = 5 AND ${scored} ORDER BY rank DESC`,
      sql`signals INDEXED BY signals_by_urgency WHERE urgency = 4 AND ${scored} ORDER BY rank DESC`,
      sql`signals WHERE ${scored} ORDER BY echoes DESC, rank DESC`,
    ];
    for (const other of others) for (const id of await idsOf(db, other, mostOfEach)) ids.add(id);
  }
  const signals: ScoredSignal[] = [];
  const wanted = [...ids];
  for (let at = 0; at < wanted.length; at += pageSize) {
    signals.push(...(await readSignals(db, wanted.slice(at, at + pageSize))));
    await new Promise(setImmediate);
  }
  signals.sort((a, b) => b.rank - a.rank || b.signalId - a.signalId);
  return { signals, all };
}

async function idsOf(
  db: Kysely<Tables>,
  from: RawBuilder<unknown>,
  limit: number,
): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM ${from} LIMIT ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

async function readSignals(db: Kysely<Tables>, ids: readonly number[]): Promise<readonly ScoredSignal[]> {
  const { rows } = await sql<{
    signalId: number;
    source: string;
    createdAt: number;
    echoes: number;
    category: string;
    sentiment: string;
    urgency: number;
    rank: number;
    relevance: number | null;
    title: string | null;
    text: string;
    likes: number;
    reposts: number;
    replies: number;
    quotes: number;
  }>`
    WITH wanted AS (
      -- CROSS JOIN holds the planner to this order: by itself it walks the whole inbox for every id.
      SELECT signals.* FROM json_each(${JSON.stringify(ids)}) AS one
      CROSS JOIN signals ON signals.id = one.value WHERE ${scored}
    )
    SELECT wanted.id AS signalId, wanted.source, wanted.createdAt, wanted.echoes, wanted.category,
      wanted.sentiment, wanted.urgency, wanted.rank, wanted.factors ->> '$.relevance' AS relevance,
      lead.title, substr(lead.text, 1, ${textLength}) AS text,
      sum(posts.likes) AS likes, sum(posts.reposts) AS reposts,
      sum(posts.replies) AS replies, sum(posts.quotes) AS quotes
    FROM wanted
    JOIN posts AS lead ON lead.id = wanted.leadPostId
    JOIN posts ON posts.signalId = wanted.id
    GROUP BY wanted.id`.execute(db);
  return rows.map(({ likes, reposts, replies, quotes, relevance, ...row }) => ({
    ...row,
    relevance: relevance ?? 1,
    engagement: { likes, reposts, replies, quotes },
  }));
}
