import { type Kysely, sql } from 'kysely';
import type { Analysis } from '../domain/analysis.ts';
import type { AnalysisRequest } from '../ports/analyzer.ts';
import type { AnalyzedSignal } from '../ports/desk-store.ts';
import { indexTags } from './fields.ts';
import { rowInserter } from './insert-rows.ts';
import { analysisReader, analysisRecord } from './rows.ts';
import type { Tables } from './schema.ts';

const insertAnalyses = rowInserter({
  table: 'analyses',
  columns: [
    'signalId',
    'category',
    'sentiment',
    'urgency',
    'tags',
    'reasoning',
    'confidence',
    'analyzer',
    'analyzedAt',
    'model',
    'promptVersion',
  ],
  onConflict: `ON CONFLICT (signalId) DO UPDATE SET category = excluded.category, sentiment = excluded.sentiment,
    urgency = excluded.urgency, tags = excluded.tags, reasoning = excluded.reasoning,
    confidence = excluded.confidence, analyzer = excluded.analyzer, analyzedAt = excluded.analyzedAt,
    model = excluded.model, promptVersion = excluded.promptVersion`,
});

/** Signals without an analysis, oldest arrival first: beyond `afterId` and of `among` only, where given. */
export async function unanalyzedSignals(
  db: Kysely<Tables>,
  limit: number,
  {
    afterId = 0,
    among,
  }: { readonly afterId?: number | undefined; readonly among?: readonly number[] | undefined } = {},
): Promise<readonly AnalysisRequest[]> {
  const waiting = analysisRequests(db)
    .where('signals.analyzedAt', 'is', null)
    .where('signals.mergedInto', 'is', null)
    .where('signals.id', '>', afterId)
    .orderBy('signals.id')
    .limit(limit);
  if (among === undefined) return waiting.execute();
  return waiting
    .where(sql<boolean>`signals.id IN (SELECT value FROM json_each(${JSON.stringify(among)}))`)
    .execute();
}

/** Posts that are still to be grouped, each as if it were a signal of its own, with the post's id in place of the signal's. */
export async function ungroupedRequests(
  db: Kysely<Tables>,
  limit: number,
  afterId: number,
): Promise<readonly AnalysisRequest[]> {
  return db
    .selectFrom('posts')
    .select(['id as signalId', 'kind', 'author', 'title', 'text', 'lang'])
    .where('signalId', 'is', null)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** What an analyzer sees of signals, with what is said of them now; ids that are gone are left out. */
export async function analyzedSignals(
  db: Kysely<Tables>,
  ids: readonly number[],
): Promise<readonly AnalyzedSignal[]> {
  const among = sql<number>`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const requests = await analysisRequests(db)
    .where(sql<boolean>`signals.id IN ${among}`)
    .where('signals.mergedInto', 'is', null)
    .orderBy('signals.id')
    .execute();
  const records = await db
    .selectFrom('analyses')
    .selectAll()
    .where(sql<boolean>`signalId IN ${among}`)
    .execute();
  const read = await analysisReader();
  const analyses = new Map(records.map((record) => [record.signalId, read(record)]));
  return requests.map((request) => ({ request, analysis: analyses.get(request.signalId) ?? null }));
}

function analysisRequests(db: Kysely<Tables>) {
  return db
    .selectFrom('signals')
    .innerJoin('posts', 'posts.id', 'signals.leadPostId')
    .select([
      'signals.id as signalId',
      'posts.kind as kind',
      'posts.author as author',
      'posts.title as title',
      'posts.text as text',
      'posts.lang as lang',
    ]);
}

/** Saving an analysis again replaces it. */
export async function saveAnalyses(
  db: Kysely<Tables>,
  analyses: readonly { readonly signalId: number; readonly analysis: Analysis }[],
): Promise<void> {
  if (analyses.length === 0) return;
  await db.transaction().execute(async (trx) => {
    const records = analyses.map(({ signalId, analysis }) => analysisRecord(signalId, analysis));
    await insertAnalyses(trx, records);
    const saved = JSON.stringify(
      records.map(({ signalId, category, sentiment, urgency, analyzedAt }) => [
        signalId,
        category,
        sentiment,
        urgency,
        analyzedAt,
      ]),
    );
    // What the analyst has corrected stays corrected, whatever an analyzer says later.
    await sql`UPDATE signals SET
        category = coalesce((SELECT category FROM labels WHERE signalId = signals.id), saved.value ->> 1),
        sentiment = coalesce((SELECT sentiment FROM labels WHERE signalId = signals.id), saved.value ->> 2),
        urgency = coalesce((SELECT urgency FROM labels WHERE signalId = signals.id), saved.value ->> 3),
        analyzedAt = saved.value ->> 4,
        scoredAt = NULL
      FROM json_each(${saved}) AS saved WHERE signals.id = saved.value ->> 0`.execute(trx);
    await indexTags(
      trx,
      records.map(({ signalId }) => signalId),
    );
  });
}
