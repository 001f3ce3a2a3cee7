import { expect, test } from 'vitest';
import { type Figure, figureLine, isMet, ratioOf } from '../../bench/figure.ts';
import { begin, end, figureTable, type Row, withFigureTable } from '../../bench/figure-table.ts';

const start: Figure = {
  what: 'start of `--help`',
  value: 36,
  unit: 'ms',
  floor: { what: 'node -e 0', value: 20 },
  aim: { of: 'ratio', most: 1.6 },
};
const rate: Figure = {
  what: 'storing | posts',
  value: 39_876.4,
  unit: 'posts/s',
  aim: { of: 'value', least: 5000 },
};
const rows: readonly Row[] = [
  { bench: 'startup', figure: start },
  { bench: 'persist', figure: rate },
  { bench: 'export', figure: { what: 'exports', missing: 'failed (exit 1)' } },
];
const measurement = { at: new Date('2026-11-23T02:00:00Z'), cores: 2, node: 'v24.1.0', load: 0.34, only: [] };

test('a figure is held to the bound of its ratio or of its value', () => {
  expect(ratioOf(start)).toBe(1.8);
  expect(isMet(start)).toBe(false);
  expect(isMet({ ...start, value: 32 })).toBe(true);
  expect(isMet({ ...start, ratio: 1.5 })).toBe(true);
  expect(isMet(rate)).toBe(true);
  expect(isMet({ ...rate, value: 4999 })).toBe(false);
  expect(isMet({ ...rate, value: Number.NaN })).toBe(false);
  expect(isMet({ what: 'no aim', value: 1, unit: '' })).toBe(null);
});

test('a figure is said in a line', () => {
  expect(figureLine(start)).toBe(
    'start of `--help`: 36 ms; node -e 0 20 ms; ratio 1.80; aim ratio at most 1.6, not met',
  );
  expect(figureLine({ what: 'failed', value: 0, unit: '', aim: { of: 'value', most: 0 } })).toBe(
    'failed: 0; aim at most 0, met',
  );
});

test('the table says what was met, what was not, what is missing, and on what machine', () => {
  expect(
    figureTable(rows, measurement),
  ).toBe(`| what | figure | floor of the same run | ratio | aim | met | bench |
|---|---|---|---|---|---|---|
| start of \`--help\` | 36 ms | node -e 0: 20 ms | 1.80 | ratio at most 1.6 | **no** | \`startup\` |
| storing \\| posts | 39,876 posts/s |  |  | at least 5,000 posts/s | yes | \`persist\` |
| exports | failed (exit 1) |  |  |  |  | \`export\` |

All: 2026-11-23, 2 cores, Node 24.1.0, load average 0.3 before the first.`);
});

test('a machine that had other work is said to have had it', () => {
  expect(figureTable(rows, { ...measurement, load: 5 })).toContain('**The machine had other work');
});

test('the table of a page is replaced between its marks, and nothing else is', () => {
  const page = `# Page\n\n${begin}\n| old |\n${end}\n\nMore.\n`;
  const written = withFigureTable(page, rows, measurement);
  expect(written).toBe(`# Page\n\n${begin}\n${figureTable(rows, measurement)}\n${end}\n\nMore.\n`);
  expect(withFigureTable(written, rows, measurement)).toBe(written);
  expect(() => withFigureTable('# Page\n', rows, measurement)).toThrow('the page has no');
});

test('a bench that is measured alone replaces its own rows and says when', () => {
  const page = withFigureTable(`${begin}\n${end}`, rows, measurement);
  const later = { ...measurement, at: new Date('2026-11-24T00:00:00Z'), only: ['startup', 'feeds'] };
  const alone: readonly Row[] = [
    { bench: 'startup', figure: { ...start, value: 24 } },
    { bench: 'startup', figure: { ...start, what: 'another', value: 25 } },
    { bench: 'feeds', figure: { what: 'a harvest', value: 3, unit: 's' } },
  ];
  const once = withFigureTable(page, alone, later);
  expect(once.split('\n').slice(3, -1)).toEqual([
    '| start of `--help` | 24 ms | node -e 0: 20 ms | 1.20 | ratio at most 1.6 | yes | `startup` |',
    '| another | 25 ms | node -e 0: 20 ms | 1.25 | ratio at most 1.6 | yes | `startup` |',
    '| storing \\| posts | 39,876 posts/s |  |  | at least 5,000 posts/s | yes | `persist` |',
    '| exports | failed (exit 1) |  |  |  |  | `export` |',
    '| a harvest | 3 s |  |  |  |  | `feeds` |',
    '',
    'All: 2026-11-23, 2 cores, Node 24.1.0, load average 0.3 before the first. \\',
    '`startup`: 2026-11-24, 2 cores, Node 24.1.0, load average 0.3 before the first. \\',
    '`feeds`: 2026-11-24, 2 cores, Node 24.1.0, load average 0.3 before the first.',
  ]);
  expect(withFigureTable(once, alone, later)).toBe(once);
});
