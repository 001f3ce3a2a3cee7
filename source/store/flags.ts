import type { Kysely } from 'kysely';
import type { Actor } from '../domain/access.ts';
import { isFlagName, type KeyFlags } from '../domain/flags.ts';
import type { StoredFlag } from '../ports/flags.ts';
import { insertAudit } from './audit.ts';
import type { Tables } from './schema.ts';

const installName = 'install.id';

export async function installId(db: Kysely<Tables>, make: () => string): Promise<string> {
  const read = async () =>
    (await db.selectFrom('settings').select('value').where('name', '=', installName).executeTakeFirst())
      ?.value;
  const known = await read();
  if (known !== undefined) return JSON.parse(known) as string;
  // Another process may be as fast: whoever comes first has named the installation.
  await db
    .insertInto('settings')
    .values({ name: installName, value: JSON.stringify(make()) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
  return JSON.parse((await read()) ?? '""') as string;
}

export async function storedFlags(db: Kysely<Tables>): Promise<readonly StoredFlag[]> {
  return db.selectFrom('flags').selectAll().orderBy('name').execute();
}

export async function setFlag(
  db: Kysely<Tables>,
  name: string,
  state: string,
  by: Actor,
  at: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('flags').select('state').where('name', '=', name).executeTakeFirst();
    await trx
      .insertInto('flags')
      .values({ name, state, setAt: at })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ state, setAt: at }))
      .execute();
    await insertAudit(
      trx,
      { action: 'flags.set', target: name, before: before ?? null, after: { state } },
      by,
      at,
    );
  });
}

export async function unsetFlag(db: Kysely<Tables>, name: string, by: Actor, at: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const before = await trx.selectFrom('flags').select('state').where('name', '=', name).executeTakeFirst();
    if (before === undefined) return false;
    await trx.deleteFrom('flags').where('name', '=', name).execute();
    await insertAudit(trx, { action: 'flags.unset', target: name, before, after: null }, by, at);
    return true;
  });
}

/** Flags of a key or an invitation; those that this version does not know say nothing. */
export function keyFlagsFrom(json: string): KeyFlags {
  const entries = Object.entries(JSON.parse(json) as Record<string, unknown>);
  return Object.fromEntries(
    entries.filter(([name, state]) => isFlagName(name) && (state === 'on' || state === 'off')),
  );
}
