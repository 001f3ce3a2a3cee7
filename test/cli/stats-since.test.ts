import { expect, test } from 'vitest';
import { describeInsight } from '../../source/cli/stats-since.ts';
import { sampleReport } from '../report/sample-report.ts';

test('a span tells how soon was decided, and how old the inbox is', () => {
  const { insight } = sampleReport();
  const told = (pace: Partial<typeof insight.pace>) =>
    describeInsight({ ...insight, pace: { ...insight.pace, inbox: 3, ...pace } });
  const decided = told({
    medianToDecisionMs: 480_000,
    medianToDecisionBeforeMs: null,
    oldestInboxAt: Date.UTC(2026, 0, 2, 3, 4),
  });
  expect(decided).toMatch(/^to decide +median 8 min \(- before\)$/m);
  expect(decided).toMatch(/^inbox +3, oldest of 2026-01-02 03:04$/m);
  const empty = told({ medianToDecisionMs: null, medianToDecisionBeforeMs: null, oldestInboxAt: null });
  expect(empty).not.toContain('to decide');
  expect(empty).toMatch(/^inbox +3$/m);
});
