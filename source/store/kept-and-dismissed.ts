import { type Kysely, sql } from 'kysely';
import type { RelevanceDecision } from '../domain/relevance.ts';
import type { RelevanceSubject } from '../domain/relevance-features.ts';
import type { LearningResets, ScoredSubject } from '../ports/learning.ts';
import type { Tables } from './schema.ts';

interface Decided {
  readonly signalId: number;
  readonly kept: boolean;
}

/**
 * Kept: escalated, resolved, noted, or given a tag that the analysis did not
 * have. Dismissed wins: a note may say why. When a decision was made is the
 * newest of these; tags have no time of their own but that of the journal.
 */
export async function decidedSignals(
  db: Kysely<Tables>,
  { limit, after }: { readonly limit: number; readonly after: number },
): Promise<readonly Decided[]> {
  const { rows } = await sql<{ signalId: number; kept: number }>`
    WITH decided (signalId, at) AS (
      SELECT * FROM (SELECT id, decidedAt FROM signals INDEXED BY signals_by_decision
        WHERE decidedAt > ${after} AND status IN ('escalated', 'resolved', 'dismissed')
        ORDER BY decidedAt DESC LIMIT ${limit})
      UNION ALL
      SELECT signalId, max(at) FROM notes GROUP BY signalId
      UNION ALL
      SELECT id, coalesce((SELECT max(journal.at) FROM journal_changes
          JOIN journal ON journal.id = journal_changes.journalId
          WHERE journal_changes.signalId = signals.id AND field = 'tags' AND undoneAt IS NULL), 1)
      FROM signals LEFT JOIN analyses ON analyses.signalId = signals.id
      WHERE signals.tags IS NOT NULL AND EXISTS (
        SELECT 1 FROM json_each(signals.tags) AS tag
        WHERE tag.value NOT IN (SELECT value FROM json_each(coalesce(analyses.tags, '[]'))))
    )
    SELECT signalId, signals.status <> 'dismissed' AS kept FROM decided
    JOIN signals ON signals.id = signalId AND signals.mergedInto IS NULL
    WHERE decided.at > ${after}
    GROUP BY signalId ORDER BY max(decided.at) DESC, signalId DESC LIMIT ${limit}`.execute(db);
  return rows.map(({ signalId, kept }) => ({ signalId, kept: kept === 1 }));
}

/** Ids in one statement; the list of a batch is short, that of all decisions is cut by the caller. */
export async function relevanceSubjects(
  db: Kysely<Tables>,
  signalIds: readonly number[],
): Promise<readonly (RelevanceSubject & { readonly signalId: number })[]> {
  const { rows } = await sql<RelevanceSubject & { signalId: number }>`
    SELECT signals.id AS signalId, signals.source, coalesce(signals.category, '') AS category,
      posts.author, posts.title, posts.text, coalesce(posts.link, posts.url) AS link
    FROM json_each(${JSON.stringify(signalIds)}) AS asked
    JOIN signals ON signals.id = asked.value
    JOIN posts ON posts.id = signals.leadPostId`.execute(db);
  return rows;
}

export async function decisionsOf(
  db: Kysely<Tables>,
  signals: readonly Decided[],
): Promise<readonly RelevanceDecision[]> {
  const kept = new Map(signals.map((signal) => [signal.signalId, signal.kept]));
  const subjects = await relevanceSubjects(db, [...kept.keys()]);
  return subjects.map((subject) => ({ ...subject, kept: kept.get(subject.signalId) ?? false }));
}

export async function inboxSubjects(
  db: Kysely<Tables>,
  limit: number,
  below: { readonly rank: number; readonly signalId: number } | null,
): Promise<readonly ScoredSubject[]> {
  const place = below === null ? sql`` : sql`AND (rank, id) < (${below.rank}, ${below.signalId})`;
  const { rows } = await sql<ScoredSubject>`
    WITH page AS (
      SELECT id, leadPostId, source, category, rank, factors FROM signals
      WHERE status = 'inbox' AND rank IS NOT NULL ${place}
      ORDER BY rank DESC, id DESC LIMIT ${limit}
    )
    SELECT page.id AS signalId, page.rank, page.source, coalesce(page.category, '') AS category,
      coalesce(page.factors ->> 'relevance', 1) AS relevance,
      posts.author, posts.title, posts.text, coalesce(posts.link, posts.url) AS link
    FROM page JOIN posts ON posts.id = page.leadPostId
    ORDER BY page.rank DESC, page.id DESC`.execute(db);
  return rows;
}

export async function makeScoresDue(db: Kysely<Tables>, signalIds: readonly number[]): Promise<void> {
  await db
    .updateTable('signals')
    .set({ scoredAt: null })
    .where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(signalIds)}))`)
    .execute();
}

const resetNames = { relevanceAt: 'learning.relevanceResetAt', correctionsAt: 'learning.correctionsResetAt' };
const versionName = 'learning.relevanceVersion';

export async function learningResets(db: Kysely<Tables>): Promise<LearningResets> {
  const read = async (name: string) => Number(JSON.parse((await readSetting(db, name)) ?? '0'));
  return {
    relevanceAt: await read(resetNames.relevanceAt),
    correctionsAt: await read(resetNames.correctionsAt),
  };
}

export async function resetLearning(
  db: Kysely<Tables>,
  what: { readonly relevance: boolean; readonly corrections: boolean },
  at: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (what.relevance) await writeSetting(trx, resetNames.relevanceAt, at);
    if (what.corrections) await writeSetting(trx, resetNames.correctionsAt, at);
  });
}

export async function relevanceVersion(db: Kysely<Tables>): Promise<string | null> {
  const value = await readSetting(db, versionName);
  return value === null ? null : (JSON.parse(value) as string);
}

export async function saveRelevanceVersion(db: Kysely<Tables>, version: string): Promise<void> {
  await writeSetting(db, versionName, version);
}

async function readSetting(db: Kysely<Tables>, name: string): Promise<string | null> {
  const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? null;
}

async function writeSetting(db: Kysely<Tables>, name: string, value: string | number): Promise<void> {
  const json = JSON.stringify(value);
  await db
    .insertInto('settings')
    .values({ name, value: json })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: json }))
    .execute();
}
