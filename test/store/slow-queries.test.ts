import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { TimingBook } from '../../source/domain/timings.ts';
import type { SlowQuery } from '../../source/ports/timings.ts';
import { closeStoreFile, openStoreFile } from '../../source/store/database.ts';
import { SlowQueries } from '../../source/store/slow-queries.ts';
import { openStore } from '../../source/store/store.ts';
import { temporaryFolder } from './temporary-store.ts';

afterEach(() => void vi.useRealTimers());

const newFile = () => join(temporaryFolder(), 'signals.db');
const turn = () => new Promise(setImmediate);

describe('what a store is asked', () => {
  test('is timed under the name of the method that asks, with the steps of transactions apart', async () => {
    const timings = new TimingBook();
    const store = await openStore(newFile(), undefined, undefined, { timings });
    await Promise.all([store.beginRun(1), store.runs(5), store.runs(5)]);
    await store.close();
    const times = new Map(timings.read().queries.map(({ name, count }) => [name, count]));
    expect([...times.keys()].sort()).toEqual(['begin', 'beginRun', 'commit', 'migrate', 'runs']);
    // Closing the runs of dead processes, and the new row.
    expect(times.get('beginRun')).toBe(2);
    expect(times.get('runs')).toBe(2);
  });
});

describe('a slow query', () => {
  test('is told with its plan, never while a transaction is open', async () => {
    const told: (SlowQuery & { inTransaction: boolean })[] = [];
    const file = openStoreFile(newFile(), undefined, {
      timings: new TimingBook(),
      slow: {
        fromMs: 0,
        tell: (slow) => told.push({ ...slow, inTransaction: file.connection.inTransaction }),
      },
    });
    await file.db.schema.createTable('runs').addColumn('id', 'integer').execute();
    await file.db.transaction().execute(async (trx) => {
      await trx.selectFrom('runs').select('id').where('id', '=', 4_711).execute();
      await turn();
      await turn();
      expect(told.filter(({ query }) => query === 'begin')).toEqual([]);
    });
    await closeStoreFile(file);
    expect(told.every(({ inTransaction }) => !inTransaction)).toBe(true);
    expect(told.find(({ query }) => query === 'begin')).toMatchObject({ during: 'other', plan: [] });
    expect(told.find(({ query }) => query === 'other')).toMatchObject({ during: null });
  });

  test('is told once a minute of each name, with the number of those that were not', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const file = openStoreFile(newFile());
    const told: SlowQuery[] = [];
    const slow = new SlowQueries(file.connection, (each) => told.push(each));
    const note = (query: string) =>
      slow.note({ query, during: null, ms: 300, rows: 1 }, { sql: 'SELECT 1 WHERE ? = 1', binds: 1 });
    for (let times = 0; times < 5; times += 1) note('signalWindow');
    note('signal');
    vi.advanceTimersByTime(60_000);
    note('signalWindow');
    slow.close();
    file.connection.close();
    expect(told.map(({ query, skipped }) => [query, skipped])).toEqual([
      ['signalWindow', 0],
      ['signal', 0],
      ['signalWindow', 4],
    ]);
    expect(told[0]?.plan).toEqual(['SCAN CONSTANT ROW']);
  });
});
