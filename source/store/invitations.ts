import { type Kysely, sql } from 'kysely';
import type { Actor, ApiKey, KeyScope } from '../domain/access.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { StoredKey } from '../ports/access.ts';
import type { StoredInvitation } from '../ports/invitations.ts';
import { insertKey, shownKey } from './access.ts';
import { insertAudit } from './audit.ts';
import type { InvitationsTable } from './beta-tables.ts';
import { keyFlagsFrom } from './flags.ts';
import type { Tables } from './schema.ts';

export async function addInvitation(
  db: Kysely<Tables>,
  { scopes, flags, ...invitation }: StoredInvitation,
  by: Actor,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('invitations')
      .values({ ...invitation, scopes: JSON.stringify(scopes), flags: JSON.stringify(flags) })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirstOrThrow();
    if (Number(numInsertedOrUpdatedRows) === 0) return false;
    const { id, note, keyLifeMs, expiresAt } = invitation;
    const after = { note, scopes, flags, keyLifeMs, expiresAt };
    await insertAudit(
      trx,
      { action: 'invitations.create', target: id, before: null, after },
      by,
      invitation.createdAt,
    );
    return true;
  });
}

export async function listInvitations(db: Kysely<Tables>): Promise<
  readonly {
    readonly invitation: Invitation;
    readonly key: Pick<ApiKey, 'expiresAt' | 'revokedAt'> | null;
  }[]
> {
  const rows = await db
    .selectFrom('invitations')
    .leftJoin('api_keys', 'api_keys.id', 'invitations.keyId')
    .selectAll('invitations')
    .select(['api_keys.expiresAt as keyExpiresAt', 'api_keys.revokedAt as keyRevokedAt'])
    .orderBy('invitations.createdAt', 'desc')
    .orderBy('invitations.id')
    .execute();
  return rows.map(({ keyExpiresAt, keyRevokedAt, ...row }) => {
    const { hash: _, ...invitation } = invitationFrom(row);
    const key = row.keyId === null ? null : { expiresAt: keyExpiresAt, revokedAt: keyRevokedAt };
    return { invitation, key };
  });
}

export async function findInvitation(db: Kysely<Tables>, id: string): Promise<StoredInvitation | null> {
  const row = await db.selectFrom('invitations').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : invitationFrom(row);
}

export async function redeemInvitation(
  db: Kysely<Tables>,
  id: string,
  key: StoredKey,
  at: number,
  by: Actor,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const pending = await trx
      .selectFrom('invitations')
      .select('id')
      .where('id', '=', id)
      .where('redeemedAt', 'is', null)
      .where('revokedAt', 'is', null)
      .where('expiresAt', '>', at)
      .executeTakeFirst();
    if (pending === undefined) return false;
    await insertKey(trx, key);
    await trx
      .updateTable('invitations')
      .set({ redeemedAt: at, keyId: key.id })
      .where('id', '=', id)
      .execute();
    const after = shownKey(key);
    await insertAudit(trx, { action: 'keys.create', target: key.id, before: null, after }, by, at);
    const redeemed = { action: 'invitations.redeem', target: id, before: null, after: { keyId: key.id } };
    await insertAudit(trx, redeemed, by, at);
    return true;
  });
}

export async function revokeInvitation(
  db: Kysely<Tables>,
  id: string,
  at: number,
  by: Actor,
): Promise<readonly string[]> {
  return db.transaction().execute(async (trx) => {
    await trx.updateTable('invitations').set({ revokedAt: at }).where('id', '=', id).execute();
    // The key, and those that it replaced: they go on working for the overlap of a rotation.
    const { rows } = await sql<{ id: string }>`
      WITH RECURSIVE line (id) AS (
        SELECT keyId FROM invitations WHERE id = ${id} AND keyId IS NOT NULL
        UNION SELECT api_keys.id FROM api_keys JOIN line ON api_keys.replacedBy = line.id
      )
      UPDATE api_keys SET revokedAt = ${at}
      WHERE id IN (SELECT id FROM line) AND revokedAt IS NULL AND coalesce(expiresAt, ${at} + 1) > ${at}
      RETURNING id`.execute(trx);
    const keys = rows.map((row) => row.id);
    for (const target of keys) {
      const entry = {
        action: 'keys.revoke',
        target,
        before: { revokedAt: null },
        after: { revokedAt: at },
      };
      await insertAudit(trx, entry, by, at);
    }
    const revoked = {
      action: 'invitations.revoke',
      target: id,
      before: { revokedAt: null },
      after: { revokedAt: at, keys },
    };
    await insertAudit(trx, revoked, by, at);
    return keys;
  });
}

function invitationFrom({ scopes, flags, ...row }: InvitationsTable): StoredInvitation {
  return { ...row, scopes: JSON.parse(scopes) as KeyScope[], flags: keyFlagsFrom(flags) };
}
