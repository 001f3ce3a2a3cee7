import { sql, type Transaction } from 'kysely';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Post } from '../domain/post.ts';
import type { FingerprintHit, Placement } from '../ports/pipeline-store.ts';
import { rowInserter } from './insert-rows.ts';
import type { Tables } from './schema.ts';

const keysPerLookup = 2_000;
const insertKeys = rowInserter({
  table: 'fingerprints',
  columns: ['period', 'key', 'signalId', 'high', 'low', 'createdAt'],
  onConflict: 'ON CONFLICT DO UPDATE SET createdAt = max(fingerprints.createdAt, excluded.createdAt)',
});
/** As in the migration that made the table. */
const periodMs = 28 * 86_400_000;
/** Newest signals that are looked at under one key: a phrase that everybody uses must not cost more as the store grows. */
const hitsPerKey = 64;

interface Printed {
  readonly post: Post;
  readonly fingerprint: Fingerprint;
}

function periodOf(at: number): number {
  return Math.floor(at / periodMs);
}

/** Signals that share a key with one of the posts and were written within the window of it. */
export async function findHits(
  trx: Transaction<Tables>,
  posts: readonly Printed[],
  windowMs: number,
): Promise<readonly FingerprintHit[]> {
  const wanted = new Set<string>();
  for (const { post, fingerprint } of posts) {
    const last = periodOf(post.createdAt + windowMs);
    for (let period = periodOf(post.createdAt - windowMs); period <= last; period += 1) {
      for (const key of fingerprint.exact) wanted.add(`[${period},${key}]`);
      for (const key of fingerprint.bands) wanted.add(`[${period},${key}]`);
    }
  }
  const earliest = Math.min(...posts.map(({ post }) => post.createdAt)) - windowMs;
  const hits: FingerprintHit[] = [];
  const all = [...wanted];
  for (let start = 0; start < all.length; start += keysPerLookup) {
    const some = `[${all.slice(start, start + keysPerLookup).join()}]`;
    // What was merged by hand is found under both names from then on.
    const { rows } = await sql<FingerprintHit>`
      WITH wanted AS MATERIALIZED (
        SELECT value ->> 0 AS period, value ->> 1 AS key FROM json_each(${some})
      )
      SELECT hit.key, hit.high, hit.low, hit.createdAt, coalesce(signals.mergedInto, signals.id) AS signalId
      FROM wanted
      JOIN fingerprints AS hit ON hit.period = wanted.period AND hit.key = wanted.key
        AND hit.signalId >= coalesce(
          (SELECT signalId FROM fingerprints AS newest
            WHERE newest.period = wanted.period AND newest.key = wanted.key
            ORDER BY signalId DESC LIMIT 1 OFFSET ${hitsPerKey - 1}), 0)
      JOIN signals ON signals.id = hit.signalId
      WHERE hit.createdAt >= ${earliest}`.execute(trx);
    for (const row of rows) hits.push(row);
  }
  return hits;
}

/** Signals can be found under the keys of their posts from now on. */
export async function saveKeys(trx: Transaction<Tables>, placements: readonly Placement[]): Promise<void> {
  await insertKeys(
    trx,
    placements.flatMap(({ post: { createdAt }, signalId, keys, fingerprint: { high, low } }) => {
      const period = periodOf(createdAt);
      return keys.map((key) => ({ period, key, signalId, high, low, createdAt }));
    }),
  );
}

/** What is found under the keys of these posts is `to` instead of `from`, but for the keys that `kept` posts have too. */
export async function moveKeys(
  trx: Transaction<Tables>,
  posts: readonly Printed[],
  { from, to, kept }: { readonly from: number; readonly to: number; readonly kept: readonly Printed[] },
): Promise<void> {
  const keysOf = ({ fingerprint }: Printed) => [...fingerprint.exact, ...fingerprint.bands];
  const staying = new Set(kept.flatMap(keysOf));
  await saveKeys(
    trx,
    posts.map((each) => ({ ...each, signalId: to, opens: false, keys: keysOf(each) })),
  );
  for (const each of posts) {
    const gone = keysOf(each).filter((key) => !staying.has(key));
    await trx
      .deleteFrom('fingerprints')
      .where('signalId', '=', from)
      .where(sql<boolean>`key IN (SELECT value FROM json_each(${JSON.stringify(gone)}))`)
      .execute();
  }
}
