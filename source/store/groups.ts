import { type Kysely, sql, type Transaction } from 'kysely';
import type { GroupPlanner, Placement, SplitKey } from '../ports/pipeline-store.ts';
import { findHits, saveKeys } from './fingerprints.ts';
import { rowInserter } from './insert-rows.ts';
import { postFrom } from './rows.ts';
import type { Tables } from './schema.ts';
import { reopenByEchoes } from './waking.ts';

const insertSignals = rowInserter({
  table: 'signals',
  columns: ['id', 'leadPostId', 'source', 'createdAt', 'lastSeenAt'],
});

/**
 * Places the oldest ungrouped posts. The decision is the planner's; reading
 * and writing around it is one transaction, so two processes never open two
 * signals for one post.
 */
export async function groupPosts(
  db: Kysely<Tables>,
  limit: number,
  planner: GroupPlanner,
): Promise<readonly Placement[]> {
  return db.transaction().execute(async (trx) => {
    const records = await trx
      .selectFrom('posts')
      .selectAll()
      .where('signalId', 'is', null)
      .orderBy('id')
      .limit(limit)
      .execute();
    if (records.length === 0) return [];
    const posts = records.map((record) => {
      const post = postFrom(record);
      return { post, fingerprint: planner.fingerprint(post) };
    });
    const hits = await findHits(trx, posts, planner.windowMs);
    const apart = await findSplits(
      trx,
      posts.flatMap(({ fingerprint }) => fingerprint.exact),
    );
    const last = await trx
      .selectFrom('signals')
      .select((eb) => eb.fn.max('id').as('id'))
      .executeTakeFirst();
    const placements = planner.place(posts, { hits, apart, nextSignalId: (last?.id ?? 0) + 1 });
    await writePlacements(trx, placements);
    await reopenByEchoes(trx, placements, planner);
    return placements;
  });
}

/** Texts that a person has told apart from a signal. */
async function findSplits(trx: Transaction<Tables>, keys: readonly number[]): Promise<readonly SplitKey[]> {
  return trx
    .selectFrom('splits')
    .select(['key', 'signalId'])
    .where(sql<boolean>`key IN (SELECT value FROM json_each(${JSON.stringify(keys)}))`)
    .execute();
}

async function writePlacements(trx: Transaction<Tables>, placements: readonly Placement[]): Promise<void> {
  await insertSignals(
    trx,
    placements
      .filter(({ opens }) => opens)
      .map(({ post, signalId }) => ({
        id: signalId,
        leadPostId: post.id,
        source: post.source,
        createdAt: post.createdAt,
        lastSeenAt: post.createdAt,
      })),
  );
  const placed = JSON.stringify(placements.map(({ post, signalId }) => [post.id, signalId]));
  await sql`UPDATE posts SET signalId = placed.value ->> 1
    FROM json_each(${placed}) AS placed WHERE posts.id = placed.value ->> 0`.execute(trx);
  await raiseEchoes(trx, placements);
  await saveKeys(trx, placements);
}

/** An echo raises the count, may be the newest word on the matter, and makes the signal due for scoring. */
async function raiseEchoes(trx: Transaction<Tables>, placements: readonly Placement[]): Promise<void> {
  const echoes = new Map<number, { count: number; lastSeenAt: number }>();
  for (const { post, signalId, opens } of placements) {
    if (opens) continue;
    const before = echoes.get(signalId) ?? { count: 0, lastSeenAt: 0 };
    echoes.set(signalId, {
      count: before.count + 1,
      lastSeenAt: Math.max(before.lastSeenAt, post.createdAt),
    });
  }
  if (echoes.size === 0) return;
  const raised = JSON.stringify([...echoes].map(([id, { count, lastSeenAt }]) => [id, count, lastSeenAt]));
  await sql`UPDATE signals SET
      echoes = echoes + (raised.value ->> 1),
      lastSeenAt = max(lastSeenAt, raised.value ->> 2),
      scoredAt = NULL
    FROM json_each(${raised}) AS raised WHERE signals.id = raised.value ->> 0`.execute(trx);
}
