import { describe, expect, test } from 'vitest';
import { describeChange, isSpike, type TriageChange } from '../../source/domain/triage.ts';

describe('a decision is named', () => {
  test.each<readonly [TriageChange, string]>([
    [{ action: 'status', status: 'dismissed' }, 'dismissed'],
    [{ action: 'status', status: 'inbox' }, 'put back into the inbox'],
    [
      { action: 'snooze', snooze: { until: 'time', at: Date.UTC(2026, 5, 1, 9, 30, 59) } },
      'snoozed until 2026-06-01 09:30 UTC',
    ],
    [{ action: 'snooze', snooze: { until: 'echoes', more: 1 } }, 'snoozed until 1 more echo'],
    [{ action: 'snooze', snooze: { until: 'echoes', more: 12 } }, 'snoozed until 12 more echoes'],
    [{ action: 'snooze', snooze: { until: 'source' } }, 'snoozed until another source has it'],
    [{ action: 'snooze', snooze: { until: 'spike' } }, 'snoozed until it spikes'],
    [{ action: 'assign', assignee: 'ann' }, 'assigned to ann'],
    [{ action: 'assign', assignee: null }, 'assigned to nobody'],
    [
      { action: 'tag', add: ['api', 'billing'], remove: ['later'] },
      'tagged api, tagged billing, untagged later',
    ],
    [
      { action: 'correct', category: 'bug', sentiment: 'negative', urgency: 0 },
      'set to bug, set to negative, set to urgency 0',
    ],
    [{ action: 'correct', sentiment: 'neutral' }, 'set to neutral'],
    [{ action: 'note', text: 'asked them' }, 'noted'],
    [{ action: 'merge', into: 17 }, 'merged into 17'],
    [{ action: 'split', postIds: [4] }, 'split off one post'],
    [{ action: 'split', postIds: [4, 5, 6] }, 'split off 3 posts'],
  ])('%j: %s', (change, words) => {
    expect(describeChange(change)).toBe(words);
  });
});

describe('echoes spike', () => {
  test.each([
    [4, 0, false],
    [5, 0, true],
    // Three times the usual is not more than three times the usual.
    [6, 2, false],
    [7, 2, true],
    [30, 10, false],
    [31, 10, true],
  ])('%i in the last hour where %i are usual: %s', (lastHour, usual, spike) => {
    expect(isSpike(lastHour, usual)).toBe(spike);
  });
});
