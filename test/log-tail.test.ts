import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogRequest } from '../source/harvester/logs.ts';
import { openLogger } from '../source/log.ts';
import { tailLog } from '../source/log-tail.ts';
import { temporaryFolder } from './store/temporary-store.ts';

const line = (number: number, more: object = {}) =>
  `${JSON.stringify({ level: number % 10 === 0 ? 50 : 30, time: number, pid: 1, hostname: 'h', msg: `entry ${number}`, ...more })}\n`;

/** A log of three files, the numbers of its entries in order. */
function logOf(count: number, pad = 0, files = ['2', '9', '10']) {
  const folder = join(temporaryFolder(), 'logs');
  mkdirSync(folder);
  const path = join(folder, 'app.log');
  const text = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) =>
      line(from + index, pad > 0 ? { pad: 'x'.repeat(pad) } : {}),
    ).join('');
  const third = Math.floor(count / 3);
  const parts = [text(0, third), text(third, 2 * third), text(2 * third, count)];
  for (const [index, part] of parts.entries()) writeFileSync(join(folder, `app.${files[index]}.log`), part);
  writeFileSync(join(folder, 'app.errors.jsonl'), '{}\n');
  return { folder, path };
}

async function all(path: string, request: Omit<LogRequest, 'before'>): Promise<number[]> {
  const numbers: (number | null)[] = [];
  let before: string | null | undefined;
  for (let page = 0; before !== null && page < 10_000; page += 1) {
    const read = await tailLog(path, { ...request, ...(before !== undefined && { before }) });
    numbers.unshift(...read.entries.map(({ at }) => at));
    before = read.before;
  }
  return numbers.map(Number);
}

describe('the tail of a log', () => {
  test('goes back page by page over rotated files, each entry once and in order', async () => {
    const { path } = logOf(90);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 120 }), async (limit) => {
        expect(await all(path, { limit })).toEqual(Array.from({ length: 90 }, (_, index) => index));
      }),
      { numRuns: 20 },
    );
  });

  test('goes by the day of a file first, then by its number; files without a day are older', async () => {
    for (const files of [
      ['2026-11-09.3', '2026-11-10.1', '2026-11-10.2'],
      ['7', '2026-11-10.9', '2026-11-10.10'],
      ['2025-12-31.8', '2026-01-01.2', '2026-02-01.1'],
    ]) {
      const { path } = logOf(30, 0, files);
      for (const limit of [4, 100])
        expect(await all(path, { limit })).toEqual(Array.from({ length: 30 }, (_, index) => index));
      const { end } = await tailLog(path, { limit: 1 });
      appendFileSync(path.replace('app.log', `app.${files[2]}.log`), line(30));
      const { entries } = await tailLog(path, { limit: 9, after: end ?? '' });
      expect(entries.map(({ at }) => at)).toEqual([30]);
    }
  });

  test('is that of what the program writes', async () => {
    const path = join(temporaryFolder(), 'logs', 'app.log');
    const { logger, close } = await openLogger({ level: 'info', path });
    logger.info('run ended');
    await close();
    expect(await tailLog(path, { limit: 5 })).toMatchObject({
      exists: true,
      entries: [{ message: 'run ended' }],
    });
  });

  test('does the same where lines are longer than the pieces that are read', async () => {
    const { path } = logOf(12, 70_000);
    expect(await all(path, { limit: 2 })).toEqual(Array.from({ length: 12 }, (_, index) => index));
  });

  test('takes a level and those above it, and words in whatever case', async () => {
    const { path } = logOf(90);
    expect(await all(path, { limit: 2, level: 'warn' })).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80]);
    expect(await all(path, { limit: 50, text: 'ENTRY 4' })).toEqual([
      4, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49,
    ]);
  });

  test('reads a bounded piece a call, however rare the words are', async () => {
    const { path } = logOf(120, 100_000);
    const page = await tailLog(path, { limit: 10, text: 'nowhere' });
    expect([page.entries, page.before === null]).toEqual([[], false]);
    expect(await all(path, { limit: 10, text: 'nowhere' })).toEqual([]);
  });

  test('goes on from where it ended, over a rotation, and leaves half a line to the next look', async () => {
    const { path, folder } = logOf(6);
    const { end } = await tailLog(path, { limit: 3 });
    appendFileSync(join(folder, 'app.10.log'), line(6) + line(7).slice(0, 20));
    const first = await tailLog(path, { limit: 10, after: end ?? '' });
    expect(first.entries.map(({ at }) => at)).toEqual([6]);
    appendFileSync(join(folder, 'app.10.log'), line(7).slice(20));
    writeFileSync(join(folder, 'app.11.log'), line(8));
    const second = await tailLog(path, { limit: 10, after: first.end ?? '' });
    expect(second.entries.map(({ at }) => at)).toEqual([7, 8]);
    const none = await tailLog(path, { limit: 10, after: second.end ?? '' });
    expect([none.entries, none.end]).toEqual([[], second.end]);
  });

  test('ends where rotation has removed the file', async () => {
    const { path, folder } = logOf(90);
    const { before } = await tailLog(path, { limit: 35 });
    rmSync(join(folder, 'app.9.log'));
    const older = await tailLog(path, { limit: 100, before: before ?? '' });
    expect(older.entries.at(-1)?.at).toBe(29);
  });

  test('says when there is no log', async () => {
    const page = await tailLog(join(temporaryFolder(), 'gone', 'app.log'), { limit: 5 });
    expect(page).toMatchObject({ entries: [], before: null, end: null, exists: false });
  });

  test('has entries by field, cleaned, without what is the same in all', async () => {
    const { path, folder } = logOf(3);
    const stack = 'TypeError: x\n    at a (b.ts:1:1)';
    appendFileSync(
      join(folder, 'app.10.log'),
      `not json\n${line(3, { msg: 'red \u001b[31m\u202etext', source: 'hn', error: { code: 'timeout' }, err: { type: 'TypeError', stack } })}`,
    );
    const { entries } = await tailLog(path, { limit: 1 });
    expect(entries).toMatchObject([
      {
        level: 'info',
        message: expect.not.stringMatching(/[\u001b\u202e]/),
        fields: [
          ['source', 'hn'],
          ['error.code', 'timeout'],
          ['error', expect.stringMatching(/^TypeError: x\n/)],
        ],
      },
    ]);
  });
});
