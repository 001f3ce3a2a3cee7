import { describe, expect, test } from 'vitest';
import { rulesSchema } from '../../source/config/notify-schema.ts';
import { type TrialSignal, trialOfEvents, tryRule, trySpikeRule } from '../../source/domain/rule-trial.ts';
import type { Rule } from '../../source/domain/rules.ts';
import type { HourlyCounts } from '../../source/domain/spike.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A Thursday, as the first of January 1970 was: weeks of a trial begin on it. */
const start = Date.UTC(2026, 10, 19);
const rule = (change: object = {}): Rule => {
  const [parsed] = rulesSchema.parse([{ name: 'r', notifier: 'team', ...change }]);
  if (parsed === undefined) throw new Error('no rule');
  return parsed;
};

let next = 0;
const signal = (at: number, salience = 50): TrialSignal => {
  next += 1;
  return { id: next, at, salience, headline: `signal ${next}` };
};

describe('a trial of a rule', () => {
  test('counts by day what it would have sent, within its limits, most salient first', () => {
    const hour = [signal(start + 5, 30), signal(start + 6, 40), signal(start + hourMs - 1, 35)];
    const later = [signal(start + hourMs, 10), signal(start + dayMs + 5 * hourMs, 20)];
    const signals = [...later, ...hour];
    const trial = tryRule(rule({ perHour: 2, perRun: 9 }), signals, new Set());
    expect(trial).toMatchObject({
      rule: 'r',
      notifier: 'team',
      problem: null,
      matched: 5,
      sent: 4,
      episodes: [],
    });
    expect(trial.days).toEqual([
      { day: start, sent: 3, heldBack: 1 },
      { day: start + dayMs, sent: 1, heldBack: 0 },
    ]);
    expect(trial.samples.map(({ salience }) => salience)).toEqual([20, 10, 35, 40]);
    expect(tryRule(rule({ perHour: 9, perRun: 1 }), signals, new Set()).sent).toBe(3);
  });

  test('leaves out what is not salient enough, or was told by a rule before', () => {
    const [quiet, loud, told] = [signal(start, 19.9), signal(start, 20), signal(start, 90)];
    const taken = new Set([`team/${told.id}`, `boss/${loud.id}`]);
    const trial = tryRule(rule({ minSalience: 20 }), [quiet, loud, told], taken);
    expect([trial.matched, trial.sent, trial.samples]).toEqual([3, 1, [loud]]);
    expect([...taken]).toContain(`team/${loud.id}`);
    expect([...taken]).not.toContain(`team/${quiet.id}`);
    // What it told is not told again.
    const again = tryRule(rule({ minSalience: 20 }), [loud], taken);
    expect([again.sent, again.days]).toEqual([0, []]);
  });

  test('shows the five newest that it would have told', () => {
    const signals = Array.from({ length: 8 }, (_, index) => signal(start + index * hourMs));
    const { samples } = tryRule(rule(), signals, new Set());
    expect(samples).toEqual(signals.slice(3).reverse());
  });

  test.each([
    ['daily', [start, start + dayMs, start + 7 * dayMs]],
    ['weekly', [start, start + 7 * dayMs]],
  ])('of a %s digest is one message a period, whatever it holds', (every, periods) => {
    const at = [0, 1, 2, dayMs, 7 * dayMs].map((ms) => signal(start + ms));
    const trial = tryRule(rule({ digest: { every }, perHour: 1, perRun: 1 }), at, new Set());
    expect(trial.days).toEqual(periods.map((day) => ({ day, sent: 1, heldBack: 0 })));
    expect([trial.sent, trial.samples.length]).toEqual([periods.length, 5]);
  });
});

test('a trial of events counts them by day, oldest first', () => {
  const times = [start + dayMs, start + 1, start + dayMs - 1];
  expect(trialOfEvents(rule({ on: 'feedback' }), times)).toEqual({
    rule: 'r',
    notifier: 'team',
    problem: null,
    matched: 3,
    sent: 3,
    days: [
      { day: start, sent: 2, heldBack: 0 },
      { day: start + dayMs, sent: 1, heldBack: 0 },
    ],
    samples: [],
    episodes: [],
  });
});

describe('a trial of a spike rule', () => {
  const first = start / hourMs;
  const spikes = rule({ spike: { by: 'category', least: 5 } });
  /** Two posts an hour for four days, but for some hours. */
  const counts = (others: Readonly<Record<number, number>>): HourlyCounts =>
    new Map(Array.from({ length: 96 }, (_, hour) => [first + hour, others[hour] ?? 2]));
  const over = { firstHour: first, fromHour: first + 30, toHour: first + 95 };

  test('finds what rose and when, and how high it went before it was over', () => {
    const trial = trySpikeRule(
      spikes,
      new Map([['outage', counts({ 40: 30, 41: 50, 42: 20, 80: 40 })]]),
      over,
    );
    expect(trial.episodes.map(({ value, at, peak }) => [value, (at - start) / hourMs, peak])).toEqual([
      ['outage', 80, 40],
      ['outage', 40, 50],
    ]);
    expect(trial.episodes[1]?.usual).toBeGreaterThan(1.9);
    expect(trial).toMatchObject({ problem: null, matched: 2, sent: 2, samples: [] });
    expect(trial.days).toEqual([
      { day: start + dayMs, sent: 1, heldBack: 0 },
      { day: start + 3 * dayMs, sent: 1, heldBack: 0 },
    ]);
  });

  test('looks at whole hours from the first to the last that it is given', () => {
    const rising = new Map([['outage', counts({ 29: 30, 30: 2, 95: 40 })]]);
    const at = (range: typeof over) => trySpikeRule(spikes, rising, range).episodes.map((each) => each.at);
    expect(at(over)).toEqual([start + 95 * hourMs]);
    expect(at({ ...over, toHour: first + 94 })).toEqual([]);
    expect(at({ ...over, fromHour: first + 29, toHour: first + 30 })).toEqual([start + 29 * hourMs]);
  });

  test('knows only those that it names, and of fewer posts than it wants none', () => {
    const both = new Map([
      ['outage', counts({ 40: 30 })],
      ['bug', counts({ 50: 30 })],
    ]);
    const values = (spike: object) =>
      trySpikeRule(rule({ spike: { by: 'category', ...spike } }), both, over).episodes.map(
        ({ value }) => value,
      );
    expect(values({ least: 5 })).toEqual(['bug', 'outage']);
    expect(values({ least: 5, only: ['outage'] })).toEqual(['outage']);
    expect(values({ least: 31 })).toEqual([]);
  });

  test('knows a source from its own first post on, and a category from the first of all', () => {
    const young: HourlyCounts = new Map([
      [first + 30, 1],
      [first + 40, 30],
    ]);
    const found = (by: string) =>
      trySpikeRule(rule({ spike: { by, least: 5 } }), new Map([['new', young]]), over).episodes.length;
    expect([found('source'), found('category')]).toEqual([0, 1]);
  });
});
