import type { Kysely, Transaction } from 'kysely';
import type { Engagement } from '../domain/post.ts';
import type { NewPage, PageCounts } from '../ports/pipeline-store.ts';
import type { EngagementUpdate } from '../ports/source.ts';
import { rowInserter } from './insert-rows.ts';
import { removedAmong } from './removed-posts.ts';
import { postRecords } from './rows.ts';
import type { Tables } from './schema.ts';
import { indexWords, newestPostId } from './search-index.ts';
import { countDay, microDollars } from './source-days.ts';

const insertPosts = rowInserter({
  table: 'posts',
  columns: [
    'externalId',
    'url',
    'link',
    'author',
    'title',
    'text',
    'lang',
    'createdAt',
    'parentUrl',
    'parentText',
    'likes',
    'reposts',
    'replies',
    'quotes',
    'source',
    'kind',
    'fetchedAt',
  ],
});

/** Posts and the cursor behind them, in one transaction. */
export async function savePage(db: Kysely<Tables>, page: NewPage): Promise<PageCounts> {
  return db.transaction().execute(async (trx) => {
    const cursor = JSON.stringify(page.cursor);
    await trx
      .insertInto('sources')
      .values({
        name: page.source,
        kind: page.kind,
        cursor,
        lastSuccessAt: null,
        lastErrorAt: null,
        lastError: null,
      })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ kind: page.kind, cursor }))
      .execute();
    // A page may hold one item twice; the later copy has the newer counts.
    const drafts = new Map(page.posts.map((post) => [post.externalId, post]));
    const known = await knownPosts(trx, page.source, [...drafts.keys()]);
    const unknown = [...drafts.values()].filter((post) => !known.has(post.externalId));
    const removed = await removedAmong(
      trx,
      page.source,
      unknown.map(({ externalId }) => externalId),
    );
    const fresh = postRecords({
      ...page,
      posts: unknown.filter(({ externalId }) => !removed.has(externalId)),
    });
    const before = await newestPostId(trx);
    await insertPosts(trx, fresh);
    await refreshEngagement(trx, known, drafts);
    if (fresh.length > 0) {
      await indexWords(trx, before);
      await trx
        .updateTable('sources')
        .set((eb) => ({ posts: eb('posts', '+', fresh.length), lastPostAt: page.fetchedAt }))
        .where('name', '=', page.source)
        .execute();
    }
    await countDay(trx, page.source, page.fetchedAt, {
      added: fresh.length,
      excluded: page.excluded,
      reads: page.reads,
      microDollars: microDollars(page.costUsd),
    });
    return { added: fresh.length, seen: page.posts.length - fresh.length };
  });
}

interface KnownPost {
  id: number;
  externalId: string;
  signalId: number | null;
  likes: number;
  reposts: number;
  replies: number;
  quotes: number;
}

async function knownPosts(
  trx: Transaction<Tables>,
  source: string,
  externalIds: readonly string[],
): Promise<Map<string, KnownPost>> {
  const known = new Map<string, KnownPost>();
  for (let start = 0; start < externalIds.length; start += 500) {
    const rows = await trx
      .selectFrom('posts')
      .select(['id', 'externalId', 'signalId', 'likes', 'reposts', 'replies', 'quotes'])
      .where('source', '=', source)
      .where('externalId', 'in', externalIds.slice(start, start + 500))
      .execute();
    for (const row of rows) known.set(row.externalId, row);
  }
  return known;
}

/** A post never changes but for its counts; when they do, its signal is due for scoring. Returns how many changed. */
async function refreshEngagement(
  trx: Transaction<Tables>,
  known: ReadonlyMap<string, KnownPost>,
  drafts: ReadonlyMap<string, { readonly engagement: Engagement }>,
): Promise<number> {
  let changed = 0;
  for (const row of known.values()) {
    const engagement = drafts.get(row.externalId)?.engagement;
    if (engagement === undefined) continue;
    const same =
      row.likes === engagement.likes &&
      row.reposts === engagement.reposts &&
      row.replies === engagement.replies &&
      row.quotes === engagement.quotes;
    if (same) continue;
    changed += 1;
    await trx
      .updateTable('posts')
      .set({ ...engagement })
      .where('id', '=', row.id)
      .execute();
    if (row.signalId === null) continue;
    await trx.updateTable('signals').set({ scoredAt: null }).where('id', '=', row.signalId).execute();
  }
  return changed;
}

/** The counts of known posts as they are now, and what it cost to learn them, in one transaction. */
export async function saveEngagement(
  db: Kysely<Tables>,
  source: string,
  updates: readonly EngagementUpdate[],
  { reads, costUsd }: { readonly reads: number; readonly costUsd: number },
  at: number,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const byId = new Map(updates.map((update) => [update.externalId, update]));
    const changed = await refreshEngagement(trx, await knownPosts(trx, source, [...byId.keys()]), byId);
    await countDay(trx, source, at, { reads, microDollars: microDollars(costUsd) });
    return changed;
  });
}

export async function salientPosts(
  db: Kysely<Tables>,
  minRank: number,
  limit: number,
): Promise<readonly { source: string; externalId: string }[]> {
  return db
    .selectFrom('signals')
    .innerJoin('posts', 'posts.signalId', 'signals.id')
    .select(['posts.source', 'posts.externalId'])
    .where('signals.rank', '>=', minRank)
    .where('signals.status', 'in', ['inbox', 'escalated'])
    .orderBy('signals.rank', 'desc')
    .orderBy('posts.id')
    .limit(limit)
    .execute();
}
