import type { Migrator } from 'kysely/migration';
import { migrations } from '../../migrations/index.ts';
import { appliedMigrations, type StoreFile } from './database.ts';

/** Names of applied and pending migrations, in order. */
export function migrationStatus(file: StoreFile): { applied: readonly string[]; pending: readonly string[] } {
  const applied = appliedMigrations(file.connection);
  const pending = Object.keys(migrations).filter((name) => !applied.includes(name));
  return { applied, pending };
}

/**
 * Brings the store to the newest schema, all in one transaction; two processes
 * may do so at once. Returns the names of what ran.
 */
export async function migrateUp(file: StoreFile): Promise<readonly string[]> {
  if (migrationStatus(file).pending.length === 0) return [];
  const { error, results } = await (await migratorFor(file)).migrateToLatest();
  if (error !== undefined) throw error;
  return (results ?? []).map(({ migrationName }) => migrationName);
}

/** Takes back the newest migration with everything that it added; null when there is none. */
export async function migrateDown(file: StoreFile): Promise<string | null> {
  const { error, results } = await (await migratorFor(file)).migrateDown();
  if (error !== undefined) throw error;
  return results?.[0]?.migrationName ?? null;
}

/** Loaded by the first store that has something to migrate; most have not. */
async function migratorFor(file: StoreFile): Promise<Migrator> {
  const { Migrator } = await import('kysely/migration');
  return new Migrator({ db: file.db, provider: { getMigrations: async () => ({ ...migrations }) } });
}
