import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { makeFolder } from '../config/folder.ts';
import { addCounts, type FileCounts } from './add-counts.ts';
import { condenseReports } from './child-reports.ts';
import { convertScript } from './convert-script.ts';
import { lowestFolders } from './lowest-folders.ts';

const source = `export function size(count: number): string {
  if (count === 0) return 'none';
  else if (count < 3) return 'few';
  return count < 10 ? 'some' : 'many';
}

console.log(size(Number(process.argv[2])));
`;

/** The program that was built of `source`, and what its run with `argument` counts of the source. */
async function countRun(folder: string, argument: string): Promise<FileCounts> {
  const outfile = join(folder, 'size.js');
  if (!existsSync(outfile)) {
    await build({
      entryPoints: [join(folder, 'size.ts')],
      outfile,
      format: 'esm',
      sourcemap: 'external',
      sourcesContent: false,
    });
  }
  const reports = makeFolder();
  execFileSync(process.execPath, [outfile, argument], { env: { NODE_V8_COVERAGE: reports } });
  const [report = ''] = readdirSync(reports);
  const { result } = JSON.parse(readFileSync(join(reports, report), 'utf8'));
  const [counts] = await convertScript(
    result.find(({ url }: { url: string }) => url === pathToFileURL(outfile).href),
  );
  if (!counts) throw new Error('no source was found');
  return counts;
}

const arms = ({ branchMap, b }: FileCounts) =>
  Object.fromEntries(Object.entries(branchMap).map(([id, { loc }]) => [loc.start.line, b[id]]));

test('what a built program ran is counted on its source, and runs add up', async () => {
  const folder = makeFolder({ 'size.ts': source });
  const [counts] = await convertScript({
    scriptId: '1',
    url: pathToFileURL(join(folder, 'size.ts')).href,
    functions: [],
  });
  if (!counts) throw new Error('no source was found');
  expect(arms(counts)).toEqual({ 2: [0, 0], 3: [0, 0], 4: [0, 0] });
  addCounts(counts, await countRun(folder, '0'));
  expect(arms(counts)).toEqual({ 2: [1, 0], 3: [0, 0], 4: [0, 0] });
  addCounts(counts, await countRun(folder, '2'));
  addCounts(counts, await countRun(folder, '20'));
  expect(arms(counts)).toEqual({ 2: [1, 2], 3: [1, 1], 4: [0, 1] });
  expect(counts.f).toEqual({ 0: 3 });
});

test('counts are added at the same place of the source, and nothing becomes more to cover', () => {
  const at = (line: number, column = 0, end = 9) => ({
    start: { line, column },
    end: { line, column: end },
  });
  const branch = (loc: ReturnType<typeof at>, arms = 2) => ({
    type: 'if',
    loc,
    locations: Array(arms).fill(loc),
  });
  const counts: FileCounts = {
    path: 'a.ts',
    statementMap: { 0: at(1), 1: at(2) },
    fnMap: { 0: { loc: at(1) } },
    branchMap: {
      0: branch(at(1)),
      1: branch(at(3, 7)),
      2: branch(at(4)),
      3: branch(at(5)),
      4: branch(at(5)),
    },
    s: { 0: 0, 1: 1 },
    f: { 0: 0 },
    b: { 0: [0, 1], 1: [0, 0], 2: [0, 0], 3: [0, 0], 4: [0, 0] },
  };
  addCounts(counts, {
    path: 'a.ts',
    statementMap: { 7: at(2), 8: at(1), 9: at(6) },
    fnMap: { 5: { loc: at(1) } },
    // The second begins elsewhere and ends at the same place; the third has other arms; the fourth could be either.
    branchMap: { 5: branch(at(1)), 6: branch(at(3, 2)), 7: branch(at(4), 3), 8: branch(at(5)) },
    s: { 7: 2, 8: 3, 9: 4 },
    f: { 5: 6 },
    b: { 5: [1, 1], 6: [0, 4], 7: [1, 1, 1], 8: [1, 1] },
  });
  expect(counts.s).toEqual({ 0: 3, 1: 3 });
  expect(counts.f).toEqual({ 0: 6 });
  expect(counts.b).toEqual({ 0: [1, 2], 1: [0, 4], 2: [0, 0], 3: [0, 0], 4: [0, 0] });
});

test('the reports of many processes become one, of our files alone, and one that is cut off counts nothing', async () => {
  const here = new URL('../../source/errors.ts', import.meta.url).href;
  const script = (url: string, count: number) => ({
    scriptId: '1',
    url,
    functions: [
      { functionName: '', isBlockCoverage: true, ranges: [{ startOffset: 0, endOffset: 9, count }] },
    ],
  });
  const folder = makeFolder();
  for (const [name, result] of Object.entries({
    first: [script(here, 1), script('node:fs', 1)],
    second: [script(here, 2), script('file:///elsewhere/a.js', 1)],
  }))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify({ result }));
  writeFileSync(join(folder, 'third.json'), '{"result":[{"scri');
  await condenseReports(folder);
  const [only = '', ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  const { result } = JSON.parse(readFileSync(join(folder, only), 'utf8'));
  expect(
    result.map(({ url, functions: [all] }: ReturnType<typeof script>) => [url, all?.ranges[0]?.count]),
  ).toEqual([[here, 3]]);
});

test('the folders that are reached least are named, each with all that is in it', () => {
  const file = (path: string, covered: number) => ({
    path,
    lines: { total: 10, covered: 9 },
    branches: { total: 4, covered },
  });
  const files = [
    file('/p/source/cli/a.ts', 1),
    file('/p/source/cli/deep/b.ts', 4),
    file('/p/source/main.ts', 3),
  ];
  expect(lowestFolders([...files, file('/p/source/tui/c.ts', 4)], '/p', 2)).toEqual([
    'source/cli             lines 90.0%, branches 62.5%',
    'source                 lines 90.0%, branches 75.0%',
  ]);
});
