import type { Kysely } from 'kysely';
import type { StoredView } from '../ports/desk-store.ts';
import type { Tables } from './schema.ts';

export async function listViews(db: Kysely<Tables>): Promise<readonly StoredView[]> {
  return db.selectFrom('views').select(['name', 'query']).orderBy('position').orderBy('name').execute();
}

/** A new view comes last. */
export async function saveView(db: Kysely<Tables>, { name, query }: StoredView, at: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const last = await trx
      .selectFrom('views')
      .select((eb) => eb.fn.max('position').as('position'))
      .executeTakeFirst();
    await trx
      .insertInto('views')
      .values({ name, query, position: (last?.position ?? -1) + 1, createdAt: at, updatedAt: at })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ query, updatedAt: at }))
      .execute();
  });
}

export async function renameView(db: Kysely<Tables>, from: string, to: string, at: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const taken = await trx.selectFrom('views').select('name').where('name', '=', to).executeTakeFirst();
    if (taken !== undefined) return false;
    const changed = await trx
      .updateTable('views')
      .set({ name: to, updatedAt: at })
      .where('name', '=', from)
      .executeTakeFirst();
    return changed.numUpdatedRows > 0n;
  });
}

export async function removeView(db: Kysely<Tables>, name: string): Promise<boolean> {
  const removed = await db.deleteFrom('views').where('name', '=', name).executeTakeFirst();
  return removed.numDeletedRows > 0n;
}

export async function orderViews(db: Kysely<Tables>, names: readonly string[]): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const known = await listViews(trx);
    const rest = known.map(({ name }) => name).filter((name) => !names.includes(name));
    for (const [position, name] of [...names, ...rest].entries()) {
      await trx.updateTable('views').set({ position }).where('name', '=', name).execute();
    }
  });
}
