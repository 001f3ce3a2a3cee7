import { expect, test } from 'vitest';
import type { Delivery } from '../../source/domain/delivery.ts';
import { detailLines } from '../../source/tui/screens/signals/detail-lines.ts';
import { makeSignal } from './memory/memory-harvester.ts';

const sent: Delivery = {
  id: 1,
  key: 'k1',
  kind: 'new',
  signalId: 1,
  notifier: 'team',
  rule: 'outages',
  reason: 'new',
  state: 'sent',
  attempts: 1,
  createdAt: 0,
  nextAttemptAt: 0,
  sentAt: 0,
  reference: 'C1/1.2',
  lastError: null,
};

test('a signal says who was told of it, and what went wrong, in one line each', () => {
  const signal = makeSignal(1);
  const dead: Delivery = {
    ...sent,
    id: 2,
    state: 'dead',
    notifier: 'mail',
    lastError: 'the server refuses the password '.repeat(9),
  };
  for (const columns of [40, 80, 120]) {
    const lines = detailLines({ row: signal, detail: signal, deliveries: [sent, dead] }, columns, 0).map(
      (line) => line.map(({ text }) => text).join(''),
    );
    const from = lines.findIndex((line) => line.includes('notifications'));
    expect(lines[from + 1]).toMatch(/sent +team, new/);
    expect(lines[from + 2]).toMatch(/dead +mail/);
    for (const line of lines.slice(from, from + 3)) expect(line.length).toBeLessThanOrEqual(columns);
  }
  expect(
    detailLines({ row: signal, detail: signal }, 80, 0)
      .flat()
      .map(({ text }) => text)
      .join(''),
  ).not.toContain('notifications');
});
