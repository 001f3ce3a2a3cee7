import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLazily } from '../source/compose/lazy-log.ts';
import { openLogger } from '../source/log.ts';
import { temporaryFolder } from './store/temporary-store.ts';

const today = /^program\.\d{4}-\d\d-\d\d\.(\d+)\.log$/;

/** The numbers of today's files in a folder, in order. */
function numbersIn(folder: string): readonly number[] {
  const found = readdirSync(folder).map((file) => today.exec(file)?.[1]);
  return found.flatMap((number) => (number === undefined ? [] : [Number(number)])).sort((a, b) => a - b);
}

/** Resolves when `isDone`, which is asked again and again, for a few seconds at most. */
async function eventually(isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < 250 && !isDone(); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(isDone()).toBe(true);
}

describe('the log file', () => {
  const rotation = { rotate: 'daily', maxBytes: 10_000, keep: 3 } as const;

  test('is begun anew when it is full; the newest files are kept, and the last line is in the last', async () => {
    const folder = temporaryFolder();
    const { logger, close } = await openLogger({
      level: 'info',
      path: join(folder, 'program.log'),
      rotation,
    });
    for (let line = 1; line <= 600; line += 1) {
      logger.info({ line, text: 'x'.repeat(200) }, 'noted');
      // Rotation is work for the event loop.
      if (line % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await close();
    await eventually(() => numbersIn(folder).length <= 4);
    const numbers = numbersIn(folder);
    expect(numbers.length).toBe(4);
    expect(numbers.at(-1)).toBeGreaterThan(5);
    const [first = '', ...rest] = readdirSync(folder)
      .filter((file) => today.test(file))
      .toSorted((a, b) => Number(today.exec(a)?.[1]) - Number(today.exec(b)?.[1]));
    const lines = [first, ...rest].flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => (JSON.parse(text) as { line: number }).line),
    );
    // No line is lost between two files.
    expect(lines).toEqual(Array.from({ length: lines.length }, (_, index) => 601 - lines.length + index));
    for (const file of [first, ...rest]) {
      expect(statSync(join(folder, file)).size).toBeLessThan(20_000);
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    }
  });

  test('what earlier days left is removed when the program begins, and nothing else', async () => {
    const folder = temporaryFolder();
    const old = ['2026-01-01.1', '2026-01-02.1', '2026-01-02.2', '2026-01-02.10', '7'];
    for (const each of old) writeFileSync(join(folder, `program.${each}.log`), '{}\n');
    const others = ['program.log', 'programs.2026-01-01.1.log', 'program.notes.log', 'copied.txt'];
    for (const each of others) writeFileSync(join(folder, each), 'mine');
    const { logger, close } = await openLogger({
      level: 'warn',
      path: join(folder, 'program.log'),
      rotation,
    });
    logger.info('not written');
    logger.warn('written');
    await close();
    const left = readdirSync(folder);
    expect(left).toEqual(expect.arrayContaining(others));
    const logs = left.filter((file) => !others.includes(file)).toSorted();
    const newestOld = ['program.2026-01-02.1.log', 'program.2026-01-02.10.log', 'program.2026-01-02.2.log'];
    expect(logs.slice(0, 3)).toEqual(newestOld);
    const [newest = ''] = logs.filter((file) => today.test(file) && !file.includes('2026-01'));
    const text = readFileSync(join(folder, newest), 'utf8');
    expect(text).toContain('"msg":"written"');
    expect(text).not.toContain('not written');
  });
});

test('a log that nobody writes to is never opened', async () => {
  const log = openLazily(() => Promise.reject(new Error('opened')));
  await log.close();
});

test('lines that are written before it is open come in their order, and closing waits for them', async () => {
  const folder = temporaryFolder();
  const log = openLazily(() =>
    openLogger({
      level: 'info',
      path: join(folder, 'lazy.log'),
      rotation: { rotate: 'daily', maxBytes: 10_000, keep: 3 },
    }),
  );
  log.logger.info({ run: 1 }, 'first');
  log.logger.warn('second');
  log.logger.error({ err: new Error('third') }, 'third');
  await log.close();
  const lines = readdirSync(folder)
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line));
  expect(lines.map(({ msg, level }) => [msg, level])).toEqual([
    ['first', 30],
    ['second', 40],
    ['third', 50],
  ]);
});

test('one that cannot be opened is told by closing, not by the line', async () => {
  const log = openLazily(() => Promise.reject(new Error('no such disk')));
  log.logger.info('lost');
  await expect(log.close()).rejects.toThrow('no such disk');
});
