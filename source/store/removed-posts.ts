import type { Transaction } from 'kysely';
import type { Tables } from './schema.ts';

const idsPerLookup = 500;

/** 48 bits of SHA-256: at a million removed posts of a source, a new one is mistaken for one of them once in 280 million. */
export function removedHash(externalId: string): number {
  // Loaded by the first removed post: it takes longer than a list.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(externalId).digest().readUIntBE(0, 6);
}

/** Those of `externalIds` that retention has removed from the source. */
export async function removedAmong(
  trx: Transaction<Tables>,
  source: string,
  externalIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const removed = new Set<string>();
  if (!(await hasRemoved(trx, source))) return removed;
  for (let start = 0; start < externalIds.length; start += idsPerLookup) {
    const slice = externalIds.slice(start, start + idsPerLookup);
    const byHash = new Map(slice.map((externalId) => [removedHash(externalId), externalId]));
    const rows = await trx
      .selectFrom('removed_posts')
      .select('hash')
      .where('source', '=', source)
      .where('hash', 'in', [...byHash.keys()])
      .execute();
    for (const { hash } of rows) removed.add(byHash.get(hash) ?? '');
  }
  return removed;
}

/** Of most sources nothing was ever removed, and then nothing needs to be hashed. */
async function hasRemoved(trx: Transaction<Tables>, source: string): Promise<boolean> {
  const row = await trx
    .selectFrom('removed_posts')
    .select('hash')
    .where('source', '=', source)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
