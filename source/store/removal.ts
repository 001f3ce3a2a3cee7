import { type Kysely, sql, type Transaction } from 'kysely';
import type { ExpiredFilter } from '../ports/store-care.ts';
import type { StoreFile } from './database.ts';
import { type Reference, referencesOf } from './image-rows.ts';
import { removedHash } from './removed-posts.ts';
import type { Tables } from './schema.ts';

export async function expiredSignals(db: Kysely<Tables>, filter: ExpiredFilter): Promise<readonly number[]> {
  const rows = await expiring(db, filter).select('signals.id').orderBy('signals.id').execute();
  return rows.map(({ id }) => id);
}

function expiring(
  db: Kysely<Tables>,
  { statuses, categories, sources, since, lastSeenBefore }: ExpiredFilter,
) {
  let query = db
    .selectFrom('signals')
    // What was merged into a signal goes with it.
    .where('mergedInto', 'is', null)
    .where('lastSeenAt', '<', lastSeenBefore);
  if (statuses !== undefined) query = query.where('status', 'in', statuses);
  if (categories !== undefined) query = query.where('category', 'in', categories);
  if (sources !== undefined) query = query.where('source', 'in', sources);
  if (since !== undefined) query = query.where('createdAt', '>=', since);
  return query;
}

/**
 * The one place where signals are deleted. What refers to signals or posts and
 * does not go with them by itself is found by asking the store, so that tables
 * of later schemas are emptied too.
 */
export async function removeSignals(
  { db, connection }: StoreFile,
  ids: readonly number[],
  filter: ExpiredFilter,
  at: number,
): Promise<{ signals: number; posts: number; heldMs: number }> {
  const references = referencesOf(connection).filter(
    ({ table, references: parent, onDelete }) =>
      (parent === 'signals' || parent === 'posts') &&
      !['CASCADE', 'SET NULL', 'SET DEFAULT'].includes(onDelete) &&
      table !== 'posts' &&
      table !== 'signals',
  );
  return db.transaction().execute(async (trx) => {
    const heldSince = performance.now();
    // Somebody may have decided otherwise since the ids were read.
    const still = await expiring(trx, filter)
      .select('signals.id')
      .where(sql<boolean>`signals.id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
      .execute();
    if (still.length === 0) return { signals: 0, posts: 0, heldMs: performance.now() - heldSince };
    const signals = JSON.stringify(still.map(({ id }) => id));
    const posts = await trx
      .selectFrom('posts')
      .select(['id', 'source', 'externalId'])
      .where(sql<boolean>`signalId IN (SELECT value FROM json_each(${signals}))`)
      .execute();
    await rememberRemoval(trx, posts, at);
    const journals = await trx
      .selectFrom('journal_changes')
      .select('journalId')
      .distinct()
      .where(sql<boolean>`signalId IN (SELECT value FROM json_each(${signals}))`)
      .execute();
    await deleteReferring(trx, references, { signals, posts: JSON.stringify(posts.map(({ id }) => id)) });
    await sql`DELETE FROM posts WHERE signalId IN (SELECT value FROM json_each(${signals}))`.execute(trx);
    await sql`DELETE FROM signals WHERE id IN (SELECT value FROM json_each(${signals}))`.execute(trx);
    await sql`DELETE FROM journal WHERE id IN (SELECT value FROM json_each(${JSON.stringify(
      journals.map(({ journalId }) => journalId),
    )})) AND NOT EXISTS (SELECT 1 FROM journal_changes WHERE journalId = journal.id)`.execute(trx);
    return { signals: still.length, posts: posts.length, heldMs: performance.now() - heldSince };
  });
}

async function deleteReferring(
  trx: Transaction<Tables>,
  references: readonly Reference[],
  ids: Readonly<Record<'signals' | 'posts', string>>,
): Promise<void> {
  for (const { table, column, references: parent } of references) {
    const parents = parent === 'posts' ? ids.posts : ids.signals;
    await sql`DELETE FROM ${sql.table(table)} WHERE ${sql.ref(column)} IN (SELECT value FROM json_each(${parents}))`.execute(
      trx,
    );
  }
}

async function rememberRemoval(
  trx: Transaction<Tables>,
  posts: readonly { source: string; externalId: string }[],
  removedAt: number,
): Promise<void> {
  const removed = JSON.stringify(posts.map(({ source, externalId }) => [source, removedHash(externalId)]));
  await sql`INSERT OR IGNORE INTO removed_posts (source, hash, removedAt)
    SELECT removed.value ->> 0, removed.value ->> 1, ${removedAt} FROM json_each(${removed}) AS removed`.execute(
    trx,
  );
  for (const [source, gone] of Map.groupBy(posts, (post) => post.source)) {
    await trx
      .updateTable('sources')
      .set((eb) => ({ posts: eb('posts', '-', gone.length) }))
      .where('name', '=', source)
      .execute();
  }
}
