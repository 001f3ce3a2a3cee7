import type { Transaction } from 'kysely';
import type { Actor } from '../domain/access.ts';
import type { NewAuditEntry } from '../ports/access.ts';
import type { Tables } from './schema.ts';

/** Adds an entry to the audit trail, in the transaction of what it tells. */
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
