import { expect, test } from 'vitest';
import { describeDiagnostics } from '../../source/domain/describe-diagnostics.ts';
import type { Diagnostics } from '../../source/domain/feedback.ts';
import { feedbackTitle, terminalFacts } from '../../source/domain/feedback.ts';
import { fieldsLine, matchesEntry, readLogLine } from '../../source/domain/log-entry.ts';

const read = (record: object | string) =>
  readLogLine('a:1', typeof record === 'string' ? record : JSON.stringify(record));

test('a line of the log is its time, its level, its words and what else it says', () => {
  expect(
    read({
      level: 40,
      time: 5,
      pid: 1,
      hostname: 'h',
      msg: 'slow\u001b[2J',
      run: 4,
      source: { name: 'hn', n: [1] },
    }),
  ).toEqual({
    id: 'a:1',
    at: 5,
    level: 'warn',
    message: 'slow',
    fields: [
      ['run', '4'],
      ['source.name', 'hn'],
      ['source.n', '[1]'],
    ],
  });
  expect(read({ msg: null, time: 'x', nothing: null })).toEqual({
    id: 'a:1',
    at: null,
    level: 'info',
    message: '',
    fields: [['nothing', 'null']],
  });
  expect([read('not json'), read('[1]'), read('null'), read('5')]).toEqual([null, null, null, null]);
});

test.each([
  [0, 'trace'],
  [10, 'trace'],
  [20, 'debug'],
  [35, 'info'],
  [49, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
  [99, 'fatal'],
])('level %d is %s', (level, name) => {
  expect(read({ level })?.level).toBe(name);
});

test('an error is its stack, else its message, else all of it', () => {
  const error = (err: unknown) => read({ err })?.fields;
  expect(error({ message: 'no', stack: 'Error: no\n    at x' })).toEqual([['error', 'Error: no\nat x']]);
  expect(error({ message: 'no' })).toEqual([['error', 'no']]);
  expect(error({ code: 5 })).toEqual([['error', '{"code":5}']]);
  expect(error('text')).toEqual([['error', 'text']]);
  expect(error(null)).toEqual([['error', 'null']]);
});

test('no line is too long to be shown', () => {
  const many = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`f${index}`, index]));
  expect(read(many)?.fields).toHaveLength(50);
  expect(read({ all: many })?.fields).toHaveLength(50);
  expect(read({ msg: 'x'.repeat(3_000), value: 'y'.repeat(9_000) })).toMatchObject({
    message: 'x'.repeat(2_000),
    fields: [['value', 'y'.repeat(8_000)]],
  });
});

test('is looked for by level and by text, in whatever case', () => {
  const entry = read({ level: 40, msg: 'Run ended', run: 4, note: 'two\nlines' });
  if (entry === null) throw new Error('no entry');
  expect(matchesEntry(entry, 'warn', '')).toBe(true);
  expect(matchesEntry(entry, 'error', '')).toBe(false);
  expect(matchesEntry(entry, 'trace', 'RUN=4')).toBe(true);
  expect(matchesEntry(entry, 'trace', 'run ended')).toBe(true);
  expect(matchesEntry(entry, 'trace', 'run=5')).toBe(false);
  expect(fieldsLine(entry)).toBe('run=4 note=two');
});

const bundle: Diagnostics = {
  version: '1.0.0',
  platform: 'linux x64',
  node: '24.0.0',
  terminal: { columns: 80, rows: 24, kind: 'xterm' },
  settings: { 'run.concurrency': 8, 'usage.collector': null },
  sources: [
    { kind: 'rss', enabled: true, options: ['url', 'lang'] },
    { kind: 'rss', enabled: true, options: ['url', 'lang'] },
    { kind: 'x', enabled: false, options: [] },
  ],
  notifiers: [],
  store: { posts: 5, signals: 4, bytes: 2048, schema: '012' },
  lastRun: {
    state: 'partial',
    startedAt: Date.UTC(2026, 10, 20, 9, 30),
    elapsedMs: 1_540,
    warnings: 2,
    stages: [{ name: 'group', done: 3, total: 4 }],
    sources: [
      { kind: 'rss', state: 'failed', added: 0, error: 'http-503' },
      { kind: 'x', state: 'done', added: 2, error: null },
    ],
    analyzers: [{ name: 'offline', analyzed: 7, error: null }],
  },
  checks: [
    { check: 'store', state: 'ok', count: 1 },
    { check: 'source', state: 'warning', count: 2 },
  ],
};

test('diagnostics are shown to the last word before anybody agrees', () => {
  expect(describeDiagnostics(bundle)).toEqual([
    'Program: version 1.0.0, Node 24.0.0, linux x64',
    'Terminal: 80x24, xterm',
    'Store: 5 posts, 4 signals, 2.0 KiB, schema 012',
    'Last run: partial, at 2026-11-20 09:30 UTC, 1.5 s, 2 warnings',
    '  stage group: 3 of 4',
    '  source of kind rss: failed, 0 new, error http-503',
    '  source of kind x: done, 2 new',
    '  analyzer offline: 7 analyzed',
    'Settings that differ from how they come:',
    '  run.concurrency = 8',
    '  usage.collector = null',
    'Sources:',
    '  rss: options url, lang (2 of them)',
    '  x (off): no options',
    'Notifiers: none',
    'Checks:',
    '  store: ok',
    '  source: warning (2)',
  ]);
  expect(
    describeDiagnostics({ ...bundle, terminal: null, lastRun: null, settings: {}, sources: [], checks: [] }),
  ).toEqual([
    'Program: version 1.0.0, Node 24.0.0, linux x64',
    'Terminal: none',
    'Store: 5 posts, 4 signals, 2.0 KiB, schema 012',
    'Last run: none yet',
    'Settings: all as they come',
    'Sources: none',
    'Notifiers: none',
    'Checks:',
  ]);
});

test('feedback is named by its mood and its first words, a terminal by what can be its name', () => {
  expect(feedbackTitle({ mood: 'bad', text: ' The list\n jumps ' })).toBe('Feedback (bad): The list jumps');
  expect(feedbackTitle({ mood: 'good', text: 'x'.repeat(80) })).toBe(`Feedback (good): ${'x'.repeat(59)}…`);
  const size = { columns: 80, rows: 24 };
  const kind = (term: string | undefined) => terminalFacts(size, term).kind;
  expect(['xterm-256color', undefined, '', 'a b', '/home/ann', 'x'.repeat(41)].map(kind)).toEqual([
    'xterm-256color',
    ...Array(5).fill('unknown'),
  ]);
  expect(terminalFacts(size, 'vt100')).toEqual({ ...size, kind: 'vt100' });
});
