import { expect, test } from 'vitest';
import type { TriageChange } from '../../../source/domain/triage.ts';
import { askWords, doneWords, finishes, rowChange } from '../../../source/tui/model/change-words.ts';
import { makeSignal } from '../memory/memory-harvester.ts';

test.each<[TriageChange, string, string]>([
  [{ action: 'status', status: 'inbox' }, 'back in the inbox', 'put them back into the inbox'],
  [{ action: 'status', status: 'escalated' }, 'escalated', 'escalate them'],
  [
    { action: 'snooze', snooze: { until: 'spike' } },
    'snoozed until it spikes',
    'snooze them until it spikes',
  ],
  [{ action: 'assign', assignee: 'ann' }, 'assigned to ann', 'assign them to ann'],
  [{ action: 'assign', assignee: null }, 'assigned to nobody', 'assign them to nobody'],
  [{ action: 'tag', add: ['a', 'b'], remove: [] }, 'tagged a, tagged b', 'tag them a, b'],
  [{ action: 'tag', add: ['a'], remove: ['b'] }, 'tagged a, untagged b', 'tag them a and take b away'],
  [{ action: 'correct', category: 'bug' }, 'set to bug', 'set them to bug'],
  [{ action: 'note', text: 'seen' }, 'noted', 'note the same on each'],
  [
    { action: 'merge', into: 3 },
    'merged into the one under the cursor',
    'merge them into the one under the cursor',
  ],
  [{ action: 'split', postIds: [1, 2] }, 'split off 2 posts', 'split them'],
])('%j is said as done and as asked', (change, done, asked) => {
  expect([doneWords(change), askWords(change)]).toEqual([done, asked]);
});

test('a row shows what the store will make of it, and nothing where it is so already', () => {
  const row = makeSignal(1, { status: 'inbox', assignee: 'ann', tags: ['login'], regressed: true });
  const changed = (change: TriageChange) => rowChange(change, row);
  expect(changed({ action: 'status', status: 'inbox' })).toBeNull();
  expect(changed({ action: 'status', status: 'resolved' })).toEqual({
    status: 'resolved',
    snooze: null,
    regressed: false,
  });
  expect(changed({ action: 'snooze', snooze: { until: 'spike' } })).toEqual({
    status: 'snoozed',
    regressed: false,
  });
  expect(changed({ action: 'assign', assignee: 'ann' })).toBeNull();
  expect(changed({ action: 'assign', assignee: null })).toEqual({ assignee: null });
  expect(changed({ action: 'tag', add: ['login'], remove: ['ios'] })).toBeNull();
  expect(changed({ action: 'tag', add: ['ios'], remove: ['login'] })).toEqual({ tags: ['ios'] });
  expect(changed({ action: 'correct', urgency: 5, sentiment: 'neutral' })).toEqual({
    urgency: 5,
    sentiment: 'neutral',
  });
  expect(changed({ action: 'note', text: 'seen' })).toEqual({});
});

test('the cursor goes on after a status and a snooze, and stays after what is added', () => {
  expect(finishes({ action: 'status', status: 'dismissed' })).toBe(true);
  expect(finishes({ action: 'snooze', snooze: { until: 'source' } })).toBe(true);
  expect(finishes({ action: 'tag', add: ['a'], remove: [] })).toBe(false);
});
