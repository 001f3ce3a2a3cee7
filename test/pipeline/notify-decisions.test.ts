import { describe, expect, test } from 'vitest';
import { notifySchema, rulesSchema } from '../../source/config/notify-schema.ts';
import type { DeliveryKind } from '../../source/domain/delivery.ts';
import type { Rule } from '../../source/domain/rules.ts';
import type { SignalDetail } from '../../source/domain/signal.ts';
import type { Episode, Rate } from '../../source/domain/spike.ts';
import {
  draftEvents,
  type EventToTell,
  eventMessage,
  eventsOf,
} from '../../source/pipeline/notify-events.ts';
import { composeMessage } from '../../source/pipeline/notify-message.ts';
import { openOnly } from '../../source/pipeline/notify-parts.ts';
import { lastLineOf } from '../../source/pipeline/notify-plan.ts';
import { nextStep } from '../../source/pipeline/notify-spikes.ts';
import type { ClaimedDelivery } from '../../source/ports/deliveries.ts';
import { facts } from '../notifiers/messages.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const now = Date.UTC(2026, 10, 18, 12);
const hourMs = 3_600_000;
const ruleOf = (change: object): Rule => {
  const [rule] = rulesSchema.parse([{ name: 'r', notifier: 'team', ...change }]);
  if (rule === undefined) throw new Error('no rule');
  return rule;
};

describe('the next step of a spike', () => {
  const rate = (count: number): Rate => ({ count, usual: 2, threshold: 11, by: 'all hours' });
  const open: Episode = {
    id: 3,
    rule: 'r',
    by: 'tag',
    value: 'x',
    startedAt: 5,
    endedAt: null,
    peak: 20,
    peakAt: 6,
    usual: 2,
    toldPeak: 12,
  };
  const { rule: _rule, by: _by, value: _value, ...state } = open;

  test('is its start when the rate is above what is chance, and nothing below', () => {
    expect(nextStep(null, rate(11), now)).toBeNull();
    expect(nextStep(null, rate(12), now)).toEqual({
      episode: { id: null, startedAt: now, endedAt: null, peak: 12, peakAt: now, usual: 2, toldPeak: 12 },
      phase: 'start',
    });
  });

  test('is its end when the rate is near the usual, and nothing in between', () => {
    expect(nextStep(open, rate(5), now)).toEqual({ episode: { ...state, endedAt: now }, phase: 'end' });
    expect(nextStep(open, rate(6), now)).toBeNull();
    expect(nextStep(open, rate(20), now)).toBeNull();
  });

  test('is a higher peak, which is told when it has doubled since it was told last', () => {
    expect(nextStep(open, rate(23), now)).toEqual({
      episode: { ...state, peak: 23, peakAt: now },
      phase: null,
    });
    expect(nextStep(open, rate(24), now)).toEqual({
      episode: { ...state, peak: 24, peakAt: now, toldPeak: 24 },
      phase: 'peak',
    });
  });
});

describe('what a delivery says when it is sent', () => {
  const detail = (change: object = {}) =>
    ({ ...facts, posts: [{ source: 'hn' }, { source: 'x' }], ...change }) as unknown as SignalDetail;
  const compose = (
    kind: DeliveryKind,
    change: Partial<ClaimedDelivery> = {},
    signal: SignalDetail | null = detail(),
  ) =>
    composeMessage(
      {
        rules: [ruleOf({ name: 'other' }), ruleOf({ template: 'short' })],
        detail: async (id) => (id === 42 ? signal : null),
      },
      { kind, rule: 'r', signalId: 42, content: null, told: null, ...change } as ClaimedDelivery,
    );

  test('is the signal as it is now, in the words of its rule', async () => {
    const told = { echoes: 4, sources: ['hn', 'x'] };
    expect(await compose('new')).toEqual({
      message: { type: 'signal', rule: 'r', occasion: 'new', template: 'short', signal: facts },
      told,
      status: 'inbox',
    });
    expect(await compose('woke', { rule: 'gone' })).toMatchObject({
      message: { occasion: 'woke', template: 'full' },
    });
    expect(await compose('regressed', {}, detail({ status: 'escalated' }))).toMatchObject({
      message: { occasion: 'regressed' },
      status: 'escalated',
    });
  });

  test('is nothing when somebody has decided meanwhile', async () => {
    const gone = { cancelled: 'it was merged into another signal, or is gone' };
    expect(await compose('new', {}, null)).toEqual(gone);
    expect(await compose('new', { signalId: null })).toEqual(gone);
    for (const status of ['dismissed', 'resolved', 'snoozed']) {
      expect(await compose('new', {}, detail({ status }))).toEqual({
        cancelled: `it was ${status} before it was sent`,
      });
    }
  });

  test('is how much it has grown, of an update, or nothing when it has not', async () => {
    const quiet = { cancelled: 'it had not grown any more' };
    expect(await compose('update', { told: { echoes: 3, sources: ['hn'] } })).toEqual({
      message: {
        type: 'update',
        rule: 'r',
        signal: facts,
        change: '+1 report, now on hn and x',
        escalated: false,
      },
      told: { echoes: 4, sources: ['hn', 'x'] },
      status: 'inbox',
    });
    expect(await compose('update', { told: { echoes: 4, sources: ['hn'] } })).toEqual(quiet);
    expect(await compose('update')).toEqual(quiet);
  });

  test('is that it was escalated, while it is', async () => {
    expect(await compose('escalated')).toEqual({ cancelled: 'it was not escalated any more' });
    expect(await compose('escalated', {}, detail({ status: 'escalated' }))).toMatchObject({
      message: { type: 'update', change: 'escalated', escalated: true },
      told: { echoes: 4 },
      status: 'escalated',
    });
  });

  test('is what was planned, of what is no signal', async () => {
    const content = { some: 'plan' };
    const nothing = { told: null, status: null };
    expect(await compose('digest', { content, signalId: null })).toEqual({
      message: { type: 'digest', rule: 'r', digest: content },
      ...nothing,
    });
    expect(await compose('spike', { content, signalId: null })).toEqual({ message: content, ...nothing });
    const event = { kind: 'feedback', title: 'a\u001b[2J\nb', text: 'c\u202e\nd', at: 5 };
    expect(await compose('event', { content: event, signalId: null })).toEqual({
      message: { type: 'event', rule: 'r', event: 'feedback', title: 'a b', text: 'c\nd', at: 5 },
      ...nothing,
    });
  });
});

describe('events', () => {
  const event = (key: string): EventToTell => ({ key, kind: 'feedback', title: key, text: '', at: now });

  async function drafted(change: object, taken = new Set<string>(), settings: object = {}) {
    const asked: unknown[] = [];
    const parts = {
      store: await temporaryStore(),
      settings: { quietHours: [], ...settings, timeZone: 'UTC' },
      events: async (...request: unknown[]) => {
        asked.push(request);
        return ['event-1', 'event-2', 'event-3'].map(event);
      },
    };
    return {
      asked,
      taken,
      plan: await draftEvents(parts, ruleOf({ on: 'feedback', ...change }), now, taken),
    };
  }

  test('are told once each, as deliveries with their own key', async () => {
    const { asked, taken, plan } = await drafted({});
    expect(asked).toEqual([['feedback', now - 24 * hourMs]]);
    expect(plan).toMatchObject({ heldBack: 0, urgent: [] });
    expect(plan.deliveries).toHaveLength(3);
    expect(plan.deliveries[0]).toEqual({
      kind: 'event',
      signalId: null,
      notifier: 'team',
      rule: 'r',
      reason: 'event-1',
      rootId: null,
      nextAttemptAt: now,
      content: event('event-1'),
      covers: [],
    });
    expect([...taken]).toEqual(['team/event-1', 'team/event-2', 'team/event-3']);
  });

  test('are held to the limits of a run and of an hour, and left to the rule that took them first', async () => {
    expect((await drafted({ perRun: 2 })).plan).toMatchObject({ heldBack: 1, deliveries: [{}, {}] });
    expect((await drafted({ perHour: 1 })).plan).toMatchObject({ heldBack: 2, deliveries: [{}] });
    const taken = new Set(['team/event-1', 'boss/event-2']);
    const { plan } = await drafted({}, taken);
    expect(plan.deliveries.map(({ reason }) => reason)).toEqual(['event-2', 'event-3']);
    expect(plan.heldBack).toBe(0);
  });

  test('wait for the end of the quiet hours, those of the rule before those of all', async () => {
    const night = notifySchema.parse({ quietHours: [{ from: '11:00', to: '13:00' }] });
    const at = async (change: object, settings: object) =>
      (await drafted(change, new Set(), settings)).plan.deliveries[0]?.nextAttemptAt;
    expect(await at({}, night)).toBe(now + hourMs);
    expect(await at({ quietHours: [] }, night)).toBe(now);
    expect(await at({ quietHours: [{ from: '11:00', to: '14:00' }] }, night)).toBe(now + 2 * hourMs);
  });

  test('are none to a rule that tells of signals', async () => {
    const parts = { events: async () => [event('event-1')] };
    expect(await eventsOf(parts, ruleOf({}), 0)).toEqual([]);
    expect(await eventsOf(parts, ruleOf({ on: 'error' }), 0)).toHaveLength(1);
  });

  test('say what somebody typed in words that may leave', () => {
    expect(eventMessage('r', { ...event('k'), title: ' a\nb ', text: '\u0007c' })).toMatchObject({
      title: 'a b',
      text: 'c',
    });
  });
});

test('nobody is told of what was decided: the filter keeps what is open of what it asks for', () => {
  expect(openOnly({ minRank: 3 })).toEqual({ minRank: 3, statuses: ['inbox', 'escalated'] });
  expect(openOnly({ statuses: ['escalated', 'resolved'] })).toEqual({ statuses: ['escalated'] });
  expect(openOnly({ statuses: ['snoozed'] })).toEqual({ statuses: [] });
});

test('what is wrong with a search is its last line, without the marks', () => {
  expect(lastLineOf(new Error('catgory:bug\n  ^^^^ unknown field; did you mean category?'))).toBe(
    'unknown field; did you mean category?',
  );
  expect(lastLineOf(new Error('no source is called x'))).toBe('no source is called x');
  expect(lastLineOf(new Error(''))).toBe('');
});
