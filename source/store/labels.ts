import { type Kysely, sql } from 'kysely';
import type { Label, LabelDraft } from '../domain/label.ts';
import type { Teaching } from '../ports/teacher.ts';
import type { Tables } from './schema.ts';

export async function listLabels(
  db: Kysely<Tables>,
  { limit, after }: { readonly limit: number; readonly after: number },
): Promise<readonly Label[]> {
  return db
    .selectFrom('labels')
    .selectAll()
    .where('at', '>', after)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export async function countLabels(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('labels')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function usualPosts(db: Kysely<Tables>, limit: number): Promise<Teaching['usual']> {
  const { rows } = await sql<Teaching['usual'][number]>`
    WITH labelled (last) AS (SELECT max(signalId) FROM labels)
    SELECT signals.id AS signalId, posts.kind, posts.title, posts.text, posts.lang
    FROM signals JOIN posts ON posts.id = signals.leadPostId
    WHERE signals.id <= coalesce((SELECT last FROM labelled), ${limit})
      AND signals.id NOT IN (SELECT signalId FROM labels WHERE signalId IS NOT NULL)
    ORDER BY signals.id DESC LIMIT ${limit}`.execute(db);
  return rows;
}

/** Read from an index that holds all of it, so that texts are not touched. A label may change and keep its time (undo). */
export async function labelsVersion(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<Record<string, unknown>>`
    SELECT category, sentiment, urgency, count(*) AS labels, sum(id) AS ids, sum(at % 1000000007) AS times
    FROM labels GROUP BY category, sentiment, urgency`.execute(db);
  return JSON.stringify(rows.map((row) => Object.values(row)));
}

export async function importLabels(
  db: Kysely<Tables>,
  labels: readonly LabelDraft[],
): Promise<{ added: number; replaced: number; kept: number }> {
  return db.transaction().execute(async (trx) => {
    const counts = { added: 0, replaced: 0, kept: 0 };
    const ofText = new Map<string, { id: number; signalId: number | null }>();
    const key = ({ title, text }: { title: string | null; text: string }) => JSON.stringify([title, text]);
    const stored = await trx.selectFrom('labels').select(['id', 'signalId', 'title', 'text']).execute();
    for (const row of stored) ofText.set(key(row), row);
    for (const label of labels) {
      const known = ofText.get(key(label));
      if (known === undefined) {
        const { id } = await trx
          .insertInto('labels')
          .values({ ...label, signalId: null })
          .returning('id')
          .executeTakeFirstOrThrow();
        ofText.set(key(label), { id, signalId: null });
        counts.added += 1;
      } else if (known.signalId === null) {
        await trx.updateTable('labels').set(label).where('id', '=', known.id).execute();
        counts.replaced += 1;
      } else counts.kept += 1;
    }
    return counts;
  });
}

export async function removeLabels(db: Kysely<Tables>, ids: readonly number[]): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('labels')
    .where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
