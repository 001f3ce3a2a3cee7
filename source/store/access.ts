import type { Kysely, Transaction } from 'kysely';
import type { Actor, ApiKey, AuditEntry, KeyScope } from '../domain/access.ts';
import type { AuditQuery, NewAuditEntry, StoredKey } from '../ports/access.ts';
import type { ApiKeysTable } from './access-tables.ts';
import { insertAudit } from './audit.ts';
import { keyFlagsFrom } from './flags.ts';
import type { Tables } from './schema.ts';

export async function addKey(db: Kysely<Tables>, key: StoredKey, by: Actor): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await insertKey(trx, key);
    await insertAudit(
      trx,
      { action: 'keys.create', target: key.id, before: null, after: shownKey(key) },
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
    // An invitation goes with the key that is in use: revoking it must end that one.
    await trx.updateTable('invitations').set({ keyId: key.id }).where('keyId', '=', oldId).execute();
    const before = shownKey(keyFrom(old));
    const after = { ...shownKey(key), replaces: oldId, replacedEndsAt: expiresAt };
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

export async function insertKey(
  trx: Transaction<Tables>,
  { scopes, flags, ...key }: StoredKey,
): Promise<void> {
  await trx
    .insertInto('api_keys')
    .values({ ...key, scopes: JSON.stringify(scopes), flags: JSON.stringify(flags) })
    .execute();
}

/** What the audit trail may say of a key: not even its hash. */
export function shownKey({ id, name, scopes, expiresAt, flags }: ApiKey) {
  return { id, name, scopes, expiresAt, ...(Object.keys(flags).length > 0 && { flags }) };
}

function keyFrom({ scopes, flags, subject, ...row }: ApiKeysTable): StoredKey {
  return {
    ...row,
    scopes: JSON.parse(scopes) as KeyScope[],
    flags: keyFlagsFrom(flags),
    subject: subject ?? row.id,
  };
}
