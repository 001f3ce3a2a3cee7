import { expect, test } from 'vitest';
import type { SignalDetail } from '../../source/domain/signal.ts';
import { detailLines, previewLines } from '../../source/tui/screens/signals/detail-lines.ts';
import { makeSignal } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals } from './memory/sample.ts';

// Frames show local times.
process.env.TZ = 'UTC';

const textOf = (lines: ReturnType<typeof detailLines>) =>
  lines.map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
const whole = (fields: Partial<SignalDetail>, columns = 80) => {
  const signal = makeSignal(1, { createdAt: sampleNow - 60_000, ...fields });
  return textOf(detailLines({ row: signal, detail: signal }, columns, sampleNow)).join('\n');
};

test('what is not known yet is said, and nothing is made up', () => {
  const bare = whole({
    category: null,
    sentiment: null,
    urgency: null,
    analysis: null,
    factors: null,
    explanation: null,
    url: null,
    text: '',
    tags: [],
  });
  expect(bare).toContain('not analyzed yet');
  expect(bare).toContain('not scored yet: the next harvest scores it');
  expect(bare).toContain('(no text)');
  expect(bare).not.toMatch(/null|undefined|#/);
  const row = makeSignal(1);
  expect(textOf(detailLines({ row, detail: null }, 80, sampleNow)).at(-1)).toBe('reading the rest …');
});

test('what was decided stands beside the status: by whom, until when, and what came back', () => {
  const decided = whole({
    status: 'snoozed',
    snooze: { until: 'time', at: sampleNow + 3_600_000 },
    regressed: true,
    assignee: 'ann',
    tags: ['login', 'ios'],
    corrected: ['category', 'urgency'],
    urgency: 5,
  });
  expect(decided).toContain('↺ regressed: it was resolved, and came up again · ');
  expect(decided).toMatch(/until .*15:05/);
  expect(decided).toContain('assigned to ann · #login #ios');
  expect(decided).toContain('bug (yours)');
  expect(decided).toContain('urgency 5 (yours)');
});

test('what it answers, what others made of it, and its history are told', () => {
  const [sample] = sampleSignals(13).slice(12);
  const full = whole({
    ...sample,
    createdAt: sampleNow - 60_000,
    parentText: 'What broke?',
    parentUrl: 'https://example.com/parent',
    engagement: { likes: 1, reposts: 2, replies: 3, quotes: 4 },
    notes: [{ id: 1, at: sampleNow, author: 'ann', text: 'asked ops' }],
    journal: [{ id: 1, at: sampleNow, action: 'dismissed', actor: 'ann', undoneAt: sampleNow, signals: 3 }],
  });
  expect(full).toMatch(/What broke\?\nhttps:\/\/example\.com\/parent/);
  expect(full).toContain('4 quotes');
  expect(full).toMatch(/and \d+ more|echo12/);
  expect(full).toContain('asked ops');
  expect(full).toMatch(/dismissed.*\(with 2 others\).* · undone/);
  expect(whole({ parentUrl: 'https://example.com/only' })).toContain('https://example.com/only');
});

test('a preview has no more than the rows that there are, and keeps a line for the reason', () => {
  const signal = makeSignal(1, { text: 'long words '.repeat(200), createdAt: sampleNow });
  for (const rows of [5, 12, 30]) {
    const lines = textOf(previewLines({ row: signal, detail: signal }, 60, rows, sampleNow));
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(lines.join('\n')).toContain('Scores well');
  }
  const early = textOf(previewLines({ row: signal, detail: null }, 60, 30, sampleNow)).join('\n');
  expect(early).not.toContain('Scores well');
});
