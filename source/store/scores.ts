import { type Kysely, sql } from 'kysely';
import type { ScoreRequest, StoredScore } from '../ports/pipeline-store.ts';
import type { Tables } from './schema.ts';

/** Analyzed signals that lack a score, or whose score is out of date. */
export async function unscoredSignals(db: Kysely<Tables>, limit: number): Promise<readonly ScoreRequest[]> {
  const { rows } = await sql<{
    signalId: number;
    source: string;
    createdAt: number;
    echoes: number;
    category: string;
    sentiment: string;
    urgency: number;
    relevance: number;
    likes: number;
    reposts: number;
    replies: number;
    quotes: number;
  }>`
    WITH due AS (
      SELECT id, source, createdAt, echoes, category, sentiment, urgency, factors FROM signals
      WHERE scoredAt IS NULL AND analyzedAt IS NOT NULL AND mergedInto IS NULL ORDER BY id LIMIT ${limit}
    )
    SELECT due.id AS signalId, due.source, due.createdAt, due.echoes,
      due.category, due.sentiment, due.urgency,
      coalesce(due.factors ->> '$.relevance', 1) AS relevance,
      sum(posts.likes) AS likes, sum(posts.reposts) AS reposts,
      sum(posts.replies) AS replies, sum(posts.quotes) AS quotes
    FROM due
    JOIN posts ON posts.signalId = due.id
    GROUP BY due.id ORDER BY due.id`.execute(db);
  return rows.map(({ likes, reposts, replies, quotes, ...row }) => ({
    ...row,
    engagement: { likes, reposts, replies, quotes },
  }));
}

export async function saveScores(
  db: Kysely<Tables>,
  scores: readonly StoredScore[],
  scoredAt: number,
): Promise<void> {
  if (scores.length === 0) return;
  const saved = JSON.stringify(
    scores.map(({ signalId, rank, factors }) => [signalId, rank, JSON.stringify(factors)]),
  );
  // One statement is one transaction; real values keep their type through the cast.
  await sql`UPDATE signals SET rank = CAST(saved.value ->> 1 AS REAL), factors = saved.value ->> 2, scoredAt = ${scoredAt}
    FROM json_each(${saved}) AS saved WHERE signals.id = saved.value ->> 0`.execute(db);
}

const settingName = 'score';

export async function applyScoreSettings(
  db: Kysely<Tables>,
  settings: string,
  always: boolean,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const stored = await trx
      .selectFrom('settings')
      .select('value')
      .where('name', '=', settingName)
      .executeTakeFirst();
    if (stored?.value === settings && !always) return;
    await trx
      .insertInto('settings')
      .values({ name: settingName, value: settings })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: settings }))
      .execute();
    await trx.updateTable('signals').set({ scoredAt: null }).where('scoredAt', 'is not', null).execute();
  });
}
