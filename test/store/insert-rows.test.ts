import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closeStoreFile, openStoreFile } from '../../source/store/database.ts';
import { rowInserter } from '../../source/store/insert-rows.ts';
import { migrateUp } from '../../source/store/migrate.ts';
import { temporaryFolder } from './temporary-store.ts';

const insertSettings = rowInserter({
  table: 'settings',
  columns: ['name', 'value'],
  onConflict: 'ON CONFLICT (name) DO UPDATE SET value = excluded.value',
});

test.each([0, 1, 7, 8, 63, 64, 65, 137])('%i rows arrive, each once and as they are', async (count) => {
  await using file = await openEmpty();
  const rows = Array.from({ length: count }, (_, index) => ({ name: `n${index}`, value: `${index}` }));

  await file.db.transaction().execute((trx) => insertSettings(trx, rows));

  const stored = await file.db.selectFrom('settings').selectAll().where('name', 'like', 'n%').execute();
  expect(stored.toSorted((a, b) => Number(a.value) - Number(b.value))).toEqual(rows);
});

test('a row that is there already is treated as the inserter was told', async () => {
  await using file = await openEmpty();
  const save = (value: string) =>
    file.db.transaction().execute((trx) => insertSettings(trx, [{ name: 'n', value }]));

  await save('1');
  await save('2');

  expect(await file.db.selectFrom('settings').select('value').where('name', '=', 'n').execute()).toEqual([
    { value: '2' },
  ]);
});

async function openEmpty() {
  const file = openStoreFile(join(temporaryFolder(), 'signals.db'));
  await migrateUp(file);
  return { db: file.db, [Symbol.asyncDispose]: () => closeStoreFile(file) };
}
