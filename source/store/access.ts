import type { Kysely, Transaction } from 'kysely';
import type { Actor, ApiKey, AuditEntry, KeyScope } from '../domain/access.ts';
import type { AuditQuery, NewAuditEntry, StoredKey } from '../ports/access.ts';
import type { ApiKeysTable } from './access-tables.ts';
import type { Tables } from './schema.ts';

export async function addKey(db: Kysely<Tables>, key: StoredKey, by: Actor): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await insertKey(trx, key);
    await insertAudit(
      trx,
      { action: 'keys.create', target: key.id, before: null, after: shown(key) },
      by,
      key.createdAt,
    );
  });
}

export async function replaceKey(
  db: Kysely<Tables>,
  oldId: string,
  key: StoredKey,
  endsAt: number,
  by: Actor,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const old = await trx
      .selectFrom('api_keys')
      .selectAll()
      .where('id', '=', oldId)
      .executeTakeFirstOrThrow();
    await insertKey(trx, key);
    const expiresAt = Math.min(old.expiresAt ?? endsAt, endsAt);
    await trx
      .updateTable('api_keys')
      .set({ expiresAt, replacedBy: key.id })
      .where('id', '=', oldId)
      .execute();
    const before = shown(keyFrom(old));
    const after = { ...shown(key), replaces: oldId, replacedEndsAt: expiresAt };
    await insertAudit(trx, { action: 'keys.rotate', target: oldId, before, after }, by, key.createdAt);
  });
}

export async function revokeKey(db: Kysely<Tables>, id: string, at: number, by: Actor): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.updateTable('api_keys').set({ revokedAt: at }).where('id', '=', id).execute();
    const entry = {
      action: 'keys.revoke',
      target: id,
      before: { revokedAt: null },
      after: { revokedAt: at },
    };
    await insertAudit(trx, entry, by, at);
  });
}

export async function listKeys(db: Kysely<Tables>): Promise<readonly StoredKey[]> {
  const rows = await db
    .selectFrom('api_keys')
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(keyFrom);
}

export async function markKeysUsed(
  db: Kysely<Tables>,
  uses: readonly { readonly id: string; readonly at: number }[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const { id, at } of uses) {
      await trx.updateTable('api_keys').set({ lastUsedAt: at }).where('id', '=', id).execute();
    }
  });
}

export async function addAudit(
  db: Kysely<Tables>,
  entry: NewAuditEntry,
  by: Actor,
  at: number,
): Promise<void> {
  await db.transaction().execute((trx) => insertAudit(trx, entry, by, at));
}

export async function listAudit(db: Kysely<Tables>, query: AuditQuery): Promise<readonly AuditEntry[]> {
  let select = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(query.limit);
  if (query.before !== undefined) select = select.where('id', '<', query.before);
  if (query.actor !== undefined) select = select.where('actor', '=', query.actor);
  if (query.action !== undefined) select = select.where('action', '=', query.action);
  const rows = await select.execute();
  return rows.map(({ via, before, after, ...row }) => ({
    ...row,
    via: via as AuditEntry['via'],
    before: before === null ? null : JSON.parse(before),
    after: after === null ? null : JSON.parse(after),
  }));
}

export async function pruneAudit(db: Kysely<Tables>, olderThan: number): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('audit')
      .where('at', '<', olderThan)
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  });
}

async function insertKey(trx: Transaction<Tables>, { scopes, ...key }: StoredKey): Promise<void> {
  await trx
    .insertInto('api_keys')
    .values({ ...key, scopes: JSON.stringify(scopes) })
    .execute();
}

/** Its entry belongs into the transaction of the change. */
export async function insertAudit(
  trx: Transaction<Tables>,
  { action, target, before, after }: NewAuditEntry,
  { actor, via, address, requestId }: Actor,
  at: number,
): Promise<void> {
  const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));
  await trx
    .insertInto('audit')
    .values({
      at,
      actor,
      via,
      action,
      target,
      before: json(before),
      after: json(after),
      address: address ?? null,
      requestId: requestId ?? null,
    })
    .execute();
}

/** What the audit trail may say of a key: not even its hash. */
function shown({ id, name, scopes, expiresAt }: ApiKey) {
  return { id, name, scopes, expiresAt };
}

function keyFrom({ scopes, ...row }: ApiKeysTable): StoredKey {
  return { ...row, scopes: JSON.parse(scopes) as KeyScope[] };
}
