import { describe, expect, test } from 'vitest';
import { rulesSchema } from '../../source/config/notify-schema.ts';
import { UserError } from '../../source/errors.ts';
import type { NotifyParts } from '../../source/pipeline/notify-parts.ts';
import { draftPlan } from '../../source/pipeline/notify-plan.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { hourMs, inbox, minuteMs, scene, texts } from './notify-scene.ts';

const outages = { name: 'outages', query: 'category:outage' };
const page = 'outage of the login page today';
const snooze = { action: 'snooze', snooze: { until: 'echoes', more: 1 } } as const;

describe('a signal that wakes', () => {
  test('is told as new where it was never told, however old it is', async () => {
    const team = inbox();
    const rules = [{ ...outages, minSalience: 30 }];
    const { run, harvester, pass } = await scene({ rules, notifiers: [team] });
    await run([page]);
    expect(team.taken).toHaveLength(0);
    await harvester.triage.apply(snooze, { ids: [1] });
    pass(30 * hourMs);
    // So many echoes are salient enough, and the post is older than a day.
    await run(Array(200).fill(page));
    await run();
    expect(team.taken.map(({ message }) => message.type === 'signal' && message.occasion)).toEqual(['new']);
    expect(team.taken[0]).toMatchObject({ thread: null, broadcast: false });
  });

  test('is not told where the rule does not match it', async () => {
    const team = inbox();
    const { run, harvester } = await scene({ rules: [{ ...outages, maxAgeHours: 1 }], notifiers: [team] });
    await run(['bug of the login page today', page], { ageMs: 2 * hourMs });
    await harvester.triage.apply(snooze, { ids: [1, 2] });
    await run(['bug of the login page today'], { ageMs: 2 * hourMs });
    expect(team.taken).toHaveLength(0);
    await run([page], { ageMs: 2 * hourMs });
    expect(team.taken).toMatchObject([{ message: { signal: { text: page } } }]);
  });

  test('is told once, and takes no room of another after that', async () => {
    const team = inbox();
    const { run, harvester, pass } = await scene({ rules: [{ ...outages, perRun: 1 }], notifiers: [team] });
    await run([page]);
    pass(minuteMs);
    await harvester.triage.apply(snooze, { ids: [1] });
    await run([page]);
    expect(team.taken).toHaveLength(2);
    const { warnings } = await run(['outage elsewhere in another place']);
    expect([team.taken.length, warnings]).toEqual([3, []]);
  });

  test('while it waits to be told is no news', async () => {
    const team = inbox();
    const notify = { quietHours: [{ from: '11:00', to: '13:00' }] };
    const { run, harvester, pass } = await scene({ rules: [outages], notify, notifiers: [team] });
    await run([page]);
    await harvester.triage.apply(snooze, { ids: [1] });
    await run([page]);
    pass(2 * hourMs);
    await run();
    expect(team.taken.map(({ message }) => message.type === 'signal' && message.occasion)).toEqual(['new']);
  });
});

describe('what has become of a signal', () => {
  test('waits for the end of the pause, to the minute', async () => {
    const team = inbox();
    const notify = { updates: { echoes: 1, pauseMinutes: 30, days: 1 } };
    const { run, pass } = await scene({ rules: [outages], notify, notifiers: [team] });
    await run([page]);
    pass(30 * minuteMs - 1);
    await run([page]);
    expect(team.taken).toHaveLength(1);
    pass(1);
    await run();
    expect(team.taken[1]).toMatchObject({ message: { type: 'update', change: '+1 report' } });
  });

  test('is told after an escalation too', async () => {
    const team = inbox();
    const notify = { updates: { echoes: 2, pauseMinutes: 30, days: 1 } };
    const { run, pass, harvester } = await scene({ rules: [outages], notify, notifiers: [team] });
    await run([page]);
    await harvester.triage.apply({ action: 'status', status: 'escalated' }, { ids: [1] });
    await run();
    pass(hourMs);
    await run([page, page]);
    expect(team.taken.map(({ message }) => message.type === 'update' && message.change)).toEqual([
      false,
      'escalated',
      '+2 reports',
    ]);
  });

  test('is told as the rule wants it that told of the signal', async () => {
    const team = inbox();
    const rules = [{ name: 'bugs', query: 'category:bug', thread: false }, outages];
    const notify = { updates: { echoes: 1, pauseMinutes: 0, days: 1 } };
    const { run, pass } = await scene({ rules, notify, notifiers: [team] });
    await run([page, 'bug of the export in the shop']);
    pass(minuteMs);
    await run([page, 'bug of the export in the shop']);
    expect(team.taken.slice(2)).toMatchObject([{ message: { type: 'update', rule: 'outages' } }]);
  });
});

test('one message of a signal goes to one notifier, and is room for another to the next rule', async () => {
  const team = inbox();
  const rules = [
    outages,
    { name: 'everything', perRun: 1 },
    { name: 'rest', digest: { every: 'daily', at: '12:30' } },
  ];
  const { run, pass } = await scene({ rules, notifiers: [team] });
  const first = await run([...texts('outage', 2), ...texts('praise', 1, 40)]);
  expect([team.taken.length, first.warnings]).toEqual([3, []]);
  pass(hourMs);
  await run(texts('outage', 1, 80));
  // What was told in the same run is not in the digest.
  expect(team.taken.map(({ message }) => message.type)).toEqual(['signal', 'signal', 'signal', 'signal']);
});

describe('a rule that cannot be followed', () => {
  const planned = async (error: unknown) => {
    const parts = {
      store: await temporaryStore(),
      clock: { now: () => 0, sleep: async () => undefined },
      rules: rulesSchema.parse([{ ...outages, notifier: 'team' }]),
      settings: { quietHours: [], timeZone: 'UTC', updates: { echoes: 1, pauseMinutes: 1, days: 1 } },
      notifiers: [],
      matching: async () => {
        throw error;
      },
    } as unknown as NotifyParts;
    return draftPlan(parts);
  };

  test('is a problem that is told, when a person can mend the rule', async () => {
    const { problems } = await planned(
      new UserError('bad-search', 'x:y\n^ unknown field', { fix: 'Mend it.' }),
    );
    expect(problems).toEqual(['rule outages: unknown field']);
  });

  test('ends the stage when it is the store that cannot be used, or a bug', async () => {
    await expect(planned(new UserError('store-locked', 'locked', { fix: 'Wait.' }))).rejects.toThrow(
      'locked',
    );
    await expect(planned(new TypeError('a bug'))).rejects.toThrow('a bug');
  });
});
