import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLazily, openLogger } from '../source/log.ts';
import { makeFolder } from './config/folder.ts';

test('a log that nobody writes to is never opened', async () => {
  const log = openLazily(() => Promise.reject(new Error('opened')));
  await log.close();
});

test('lines that are written before it is open come in their order, and closing waits for them', async () => {
  const folder = makeFolder();
  const log = openLazily(() => openLogger({ level: 'info', path: join(folder, 'lazy.log') }));
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
