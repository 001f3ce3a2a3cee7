import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { begin, end } from '../../bench/figure-table.ts';
import { benches } from '../../bench/plan.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8');
const documents = ['docs/performance.md', 'CONTRIBUTING.md'].map(read).join('\n');
const files = globSync('bench/*.ts', { cwd: root }).map((file) => file.replaceAll('\\', '/'));

test('every command of bench/ is run by npm run bench, or stands in a document with how to run it', () => {
  const planned = benches.map(({ name }) => `bench/${name}.ts`);
  const nameOf = (file: string) => file.slice('bench/'.length);
  const partsOfOthers = files.filter((file) =>
    globSync('bench/**/*.ts', { cwd: root }).some(
      (other) => other !== file && read(other).includes(`${nameOf(file)}'`),
    ),
  );
  const commands = files.filter((file) => !partsOfOthers.includes(file) && file !== 'bench/run.ts');
  expect(commands.length).toBeGreaterThan(15);
  expect(commands.filter((file) => !planned.includes(file) && !documents.includes(`node ${file}`))).toEqual(
    [],
  );
});

test('what npm run bench runs tells its figures', () => {
  const there = benches.filter(({ name }) => files.includes(`bench/${name}.ts`));
  expect(there.length).toBeGreaterThan(10);
  expect(there.filter(({ name }) => !read(`bench/${name}.ts`).includes('tellFigure('))).toEqual([]);
});

test('the page of performance has one place for the table, and the table begins with its heading', () => {
  const page = read('docs/performance.md');
  expect(page.split(begin)).toHaveLength(2);
  expect(page.split(end)).toHaveLength(2);
  expect(page.slice(page.indexOf(begin) + begin.length)).toMatch(
    /^\n\| what \| figure \| floor of the same run \|/,
  );
});
