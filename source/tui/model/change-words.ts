import type { SignalRow } from '../../domain/signal.ts';
import { describeRequest } from '../../domain/snooze-words.ts';
import { describeChange, type TriageChange } from '../../domain/triage.ts';

/** What has been done, for the message line: "dismissed", "snoozed until Mon 23 Nov 2026, 09:00". */
export function doneWords(change: TriageChange): string {
  if (change.action === 'snooze') return `snoozed ${describeRequest(change.snooze)}`;
  if (change.action === 'status' && change.status === 'inbox') return 'back in the inbox';
  if (change.action === 'merge') return 'merged into the one under the cursor';
  return describeChange(change);
}

/** What would be done, for the question before it: "dismiss them", "tag them login". */
export function askWords(change: TriageChange): string {
  switch (change.action) {
    case 'status':
      return change.status === 'inbox'
        ? 'put them back into the inbox'
        : `${statusVerbs[change.status]} them`;
    case 'snooze':
      return `snooze them ${describeRequest(change.snooze)}`;
    case 'assign':
      return `assign them to ${change.assignee ?? 'nobody'}`;
    case 'tag':
      return [
        ...(change.add.length > 0 ? [`tag them ${change.add.join(', ')}`] : []),
        ...(change.remove.length > 0 ? [`take ${change.remove.join(', ')} away`] : []),
      ].join(' and ');
    case 'correct':
      return describeChange(change).replaceAll(/set to/g, 'set them to');
    case 'note':
      return 'note the same on each';
    case 'merge':
      return 'merge them into the one under the cursor';
    case 'split':
      return 'split them';
  }
}

const statusVerbs = { escalated: 'escalate', resolved: 'resolve', dismissed: 'dismiss' } as const;

/** Whether the cursor has nothing more to do on a signal after this. */
export function finishes({ action }: TriageChange): boolean {
  return action === 'status' || action === 'snooze';
}

/** What the row will be once the store has done it; null when it is so already. */
export function rowChange(change: TriageChange, row: SignalRow): Partial<SignalRow> | null {
  switch (change.action) {
    case 'status':
      return row.status === change.status ? null : { status: change.status, snooze: null, regressed: false };
    case 'snooze':
      return { status: 'snoozed', regressed: false };
    case 'assign':
      return row.assignee === change.assignee ? null : { assignee: change.assignee };
    case 'tag': {
      const kept = row.tags.filter((tag) => !change.remove.includes(tag));
      const tags = [...new Set([...kept, ...change.add])];
      return tags.join() === row.tags.join() ? null : { tags };
    }
    case 'correct': {
      const { action: _, ...values } = change;
      return values;
    }
    case 'note':
    case 'merge':
    case 'split':
      return {};
  }
}

/** The parts of a signal that a decision may change, to lay over its row. */
export function decidedParts(row: SignalRow): Partial<SignalRow> {
  const { status, category, sentiment, urgency, rank, salience, echoes, tags, assignee, snooze, regressed } =
    row;
  return { status, category, sentiment, urgency, rank, salience, echoes, tags, assignee, snooze, regressed };
}
