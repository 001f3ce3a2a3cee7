import { Writable } from 'node:stream';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Output } from '../../source/cli/command.ts';
import { type Column, printRows, printTable, writeText } from '../../source/cli/print.ts';
import { tableColumns } from '../../source/cli/signal-columns.ts';
import { cutToWidth } from '../../source/cli/table.ts';
import type { SignalRow } from '../../source/domain/signal.ts';

interface Row {
  readonly id: number;
  readonly text: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'ID', align: 'right', text: ({ id }) => String(id) },
  { title: 'TEXT', flexible: true, text: ({ text }) => text },
];

function capture(changes: Partial<Output> = {}) {
  let written = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  const output: Output = {
    stdout,
    stderr: stdout,
    isTerminal: true,
    isErrorTerminal: false,
    columns: 40,
    color: false,
    json: false,
    ...changes,
  };
  return { output, lines: () => written.trimEnd().split('\n') };
}

const hostile = 'a\u001b[31mred\u001b]0;title\u0007\tb\nc\u202ed';

describe('a table on a terminal', () => {
  it('aligns columns and fits the width of the terminal', async () => {
    const { output, lines } = capture();
    await printTable(output, columns, [
      { id: 7, text: 'short' },
      { id: 1234, text: 'long '.repeat(30) },
    ]);
    expect(lines()[0]).toBe('  ID  TEXT');
    expect(lines()[1]).toBe('   7  short');
    expect(lines()[2]).toMatch(/^1234 {2}long .*…$/);
    for (const line of lines()) expect(stringWidth(line)).toBeLessThanOrEqual(40);
  });

  it('measures what people see: wide characters, emoji, combining marks', async () => {
    const { output, lines } = capture();
    const texts = [
      '日本語のとても長いテキストがここにあります。まだ続く',
      '👩‍👩‍👧‍👦'.repeat(30),
      'e\u0301'.repeat(60),
    ];
    await printTable(
      output,
      columns,
      texts.map((text, id) => ({ id, text })),
    );
    for (const line of lines()) expect(stringWidth(line)).toBeLessThanOrEqual(40);
    expect(lines()[2]).toMatch(/(👩‍👩‍👧‍👦)+…$/u);
  });

  it('lets no control character through', async () => {
    const { output, lines } = capture();
    await printTable(output, columns, [{ id: 1, text: hostile }]);
    expect(lines()[1]).toBe(' 1  ared b cd');
  });
});

describe('the table of signals', () => {
  const signal: SignalRow = {
    id: 7,
    status: 'inbox',
    source: 'blog',
    kind: 'rss',
    author: null,
    title: 'A title',
    text: 'and what follows it, at some length, so that it has to be cut',
    url: null,
    createdAt: 0,
    lastSeenAt: 0,
    echoes: 2,
    category: 'bug',
    sentiment: 'negative',
    urgency: 3,
    rank: 1,
    salience: 12.34,
    tags: [],
    assignee: null,
    snooze: null,
    regressed: false,
  };

  it.each([80, 120, 200])('fits %i columns', async (width) => {
    const { output, lines } = capture({ columns: width });
    await printTable(output, tableColumns(3 * 3_600_000, width), [
      signal,
      { ...signal, text: 'long '.repeat(100) },
    ]);
    for (const line of lines()) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    expect(lines()[1]).toMatch(/^ *12\.3 +7 +3h +bug .*A title: and what/);
  });

  it('gives the text more than half of a narrow screen', async () => {
    const { output, lines } = capture({ columns: 80 });
    await printTable(output, tableColumns(0, 80), [{ ...signal, text: 'x'.repeat(200), title: null }]);
    expect(lines()[1]?.match(/x+/)?.[0].length).toBeGreaterThan(40);
  });

  it('says what is not known yet', async () => {
    const { output, lines } = capture({ columns: 120 });
    const fresh = { ...signal, salience: null, category: null, sentiment: null, echoes: 0 };
    await printTable(output, tableColumns(0, 120), [fresh]);
    expect(lines()[1]).toMatch(/^ *- +7 +0m +- +- +blog/);
  });
});

describe('rows in a pipe', () => {
  it('are whole, without a header, with tabs between', async () => {
    const { output, lines } = capture({ isTerminal: false, columns: 20 });
    await printRows(output, columns, [
      { id: 1, text: 'x'.repeat(500) },
      { id: 2, text: hostile },
    ]);
    expect(lines()).toEqual([`1\t${'x'.repeat(500)}`, '2\tared b cd']);
  });
});

it('cutting never goes through a character that people see as one', () => {
  expect(cutToWidth('ab👍🏽cd', 4)).toBe('ab…');
  expect(cutToWidth('ab👍🏽', 4)).toBe('ab👍🏽');
  expect(cutToWidth('日本語', 4)).toBe('日…');
});

it('writing waits for a slow reader', async () => {
  const waiting: (() => void)[] = [];
  const slow = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => void waiting.push(done),
  });
  let finished = false;
  const writing = writeText(slow, 'more than one byte').then(() => {
    finished = true;
  });
  await new Promise(setImmediate);
  expect(finished).toBe(false);
  waiting[0]?.();
  await writing;
  expect(finished).toBe(true);
});
