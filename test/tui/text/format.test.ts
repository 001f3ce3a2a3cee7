import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunProgress, SourceProgress } from '../../../source/domain/run.ts';
import { drawBar } from '../../../source/tui/text/bar.ts';
import { describeRun } from '../../../source/tui/text/describe-run.ts';
import {
  formatAge,
  formatAgo,
  formatCount,
  formatDuration,
  formatEchoes,
  formatScore,
  formatShort,
  plural,
} from '../../../source/tui/text/format.ts';
import { fitLine, rule, span, spread, widthOf } from '../../../source/tui/text/spans.ts';

const hour = 3_600_000;

test.each([
  [0, 'now'],
  [12_000, '12s'],
  [5 * 60_000, '5m'],
  [3 * hour, '3h'],
  [6 * 24 * hour, '6d'],
  [70 * 24 * hour, '10w'],
  [800 * 24 * hour, '2y'],
  [-1, 'now'],
  [-61_000, 'soon'],
])('%d ms ago is %s', (age, words) => {
  expect(formatAge(0, age)).toBe(words);
});

test('an age and a short count never take more than four columns', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (value) => {
      expect(formatAge(0, value).length).toBeLessThanOrEqual(4);
      expect(formatShort(value).length).toBeLessThanOrEqual(4);
    }),
  );
});

test('numbers and times read as a person writes them', () => {
  expect(formatAgo(null, 0)).toBe('never');
  expect(formatAgo(0, 3 * hour)).toBe('3h ago');
  expect(formatDuration(4100)).toBe('4.1 s');
  expect(formatDuration(185_000)).toBe('3 min 5 s');
  expect(formatCount(12418)).toBe('12,418');
  expect(formatShort(1234)).toBe('1.2k');
  expect(formatEchoes(0)).toBe('');
  expect(formatEchoes(12)).toBe('×12');
  expect(formatScore(null)).toBe('–');
  expect(formatScore(97.24)).toBe('97.2');
  expect(plural(1, 'echo', 'echoes')).toBe('1 echo');
  expect(plural(2, 'echo', 'echoes')).toBe('2 echoes');
});

test('a bar is exactly as wide as asked and full only at the end', () => {
  fc.assert(
    fc.property(fc.double(), fc.integer({ min: 1, max: 60 }), (share, columns) => {
      const { filled, rest } = drawBar(share, columns);
      expect(filled.length + rest.length).toBe(columns);
    }),
  );
  expect(drawBar(1, 4)).toEqual({ filled: '████', rest: '' });
  expect(drawBar(0.5, 4)).toEqual({ filled: '██', rest: '··' });
});

test('a line of spans is exactly as wide as asked', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 6 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 80 }), (parts, columns) => {
      expect(
        widthOf(
          fitLine(
            parts.map((part) => span(part)),
            columns,
          ),
        ),
      ).toBe(columns);
      expect(widthOf(spread([span(parts.join(''))], [span('14:05')], columns))).toBe(Math.max(columns, 5));
    }),
  );
  expect(widthOf(rule('detail', 40))).toBe(40);
});

const source = (fields: Partial<SourceProgress>): SourceProgress => ({
  name: 'a',
  kind: 'rss',
  state: 'done',
  fetched: 0,
  added: 0,
  seen: 0,
  echoes: 0,
  excluded: 0,
  reads: 0,
  costUsd: 0,
  quota: null,
  limitedUntil: null,
  postsPerSecond: 0,
  notice: null,
  warnings: [],
  error: null,
  elapsedMs: 0,
  ...fields,
});

const run = (fields: Partial<RunProgress>): RunProgress => ({
  id: 1,
  state: 'done',
  startedAt: 0,
  finishedAt: 4100,
  elapsedMs: 4100,
  sources: [],
  stages: [],
  analyzers: [],
  models: [],
  signals: 0,
  warnings: [],
  ...fields,
});

test.each([
  [
    run({
      state: 'partial',
      sources: [source({ fetched: 312, added: 312 })],
      signals: 240,
      analyzers: [
        { name: 'openai', analyzed: 0, error: { code: 'model-bad-key', message: 'no', fix: null } },
        { name: 'anthropic', analyzed: 0, error: { code: 'spend-cap', message: 'no', fix: null } },
        { name: 'offline', analyzed: 240, error: null },
      ],
      models: [
        {
          model: 'openai/a',
          requests: 1,
          inputTokens: 1,
          cachedTokens: 0,
          outputTokens: 1,
          costUsd: 0.25,
          reused: 0,
        },
      ],
    }),
    '312 new posts became 240 signals in 4.1 s; openai failed; $0.25',
  ],
  [
    run({ sources: [source({ fetched: 312, added: 312 })], signals: 240 }),
    '312 new posts became 240 signals in 4.1 s',
  ],
  [
    run({
      state: 'partial',
      sources: [source({ fetched: 1, added: 1 }), source({ state: 'failed' })],
      analyzers: [],
      models: [],
      signals: 1,
    }),
    '1 new post became 1 signal in 4.1 s; 1 source failed',
  ],
  [run({ sources: [source({ fetched: 30, seen: 30 })] }), 'nothing new in 4.1 s: all 30 posts were known'],
  [run({ sources: [source({})] }), 'nothing new in 4.1 s: no posts came'],
  [
    run({ state: 'interrupted', sources: [source({ added: 5 })], signals: 4 }),
    'stopped after 4.1 s: 5 new posts kept, 4 new signals',
  ],
  [run({ state: 'failed', sources: [source({ state: 'failed' })] }), 'no source could be reached in 4.1 s'],
  [
    run({
      sources: [source({ fetched: 20, added: 8, excluded: 12, costUsd: 0.1 }), source({ state: 'limited' })],
      signals: 8,
    }),
    '8 new posts became 8 signals in 4.1 s; 1 source limited; 12 excluded; $0.10',
  ],
  [
    run({ sources: [source({ fetched: 5, excluded: 3 })] }),
    'nothing new in 4.1 s: of 5 posts 3 were excluded, the others known',
  ],
  [
    run({ sources: [source({ fetched: 5, excluded: 5 })] }),
    'nothing new in 4.1 s: of 5 posts 5 were excluded',
  ],
  [run({}), 'there is no source to harvest'],
])('a run in one sentence: %#', (progress, sentence) => {
  expect(describeRun(progress).text).toBe(sentence);
});
