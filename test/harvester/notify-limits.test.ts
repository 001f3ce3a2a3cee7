import { describe, expect, test } from 'vitest';
import type { SendFailure } from '../../source/ports/notifier.ts';
import { hourMs, inbox, minuteMs, scene, texts } from './notify-scene.ts';

const outages = { name: 'outages', query: 'category:outage' };
const failing = (change: Partial<SendFailure> = {}): SendFailure => ({
  code: 'http-503',
  message: 'The service failed.',
  fix: null,
  policy: 'again',
  arrived: 'no',
  until: null,
  ...change,
});

describe('a delivery that failed', () => {
  test('is tried again after one minute, three, nine and twenty-seven, then every hour', async () => {
    const team = inbox();
    for (let each = 0; each < 6; each += 1) team.script.push(failing());
    const { run, pass, store, now } = await scene({
      rules: [outages],
      notify: { maxAttempts: 7 },
      notifiers: [team],
    });
    await run(['outage of the login']);
    const waits: number[] = [];
    for (let each = 0; each < 6; each += 1) {
      const [delivery] = await store.deliveries({ limit: 1 });
      const waitMs = (delivery?.nextAttemptAt ?? 0) - now();
      waits.push(waitMs / minuteMs);
      // A moment before its time it is not.
      pass(waitMs - 1);
      await run();
      expect((await store.deliveries({ limit: 1 }))[0]?.attempts).toBe(each + 1);
      pass(1);
      await run();
    }
    expect(waits).toEqual([1, 3, 9, 27, 60, 60]);
    expect(team.taken).toHaveLength(1);
  });

  test('is given up after the last try that it has, and told then alone', async () => {
    const team = inbox();
    team.script.push(failing(), failing());
    const { run, pass, harvester } = await scene({
      rules: [outages],
      notify: { maxAttempts: 2 },
      notifiers: [team],
    });
    expect((await run(['outage of the login'])).warnings).toEqual([]);
    pass(hourMs);
    expect((await run()).warnings).toEqual([
      'team: The service failed. (given up: see "signal-harvester notify --list --state dead")',
    ]);
    expect(await harvester.notifications.send()).toMatchObject({ planned: 0, sent: 0, waiting: 0, dead: 1 });
  });

  test('rests five minutes where a service does not say for how long, and nothing is asked of it meanwhile', async () => {
    const team = inbox();
    team.script.push(failing({ policy: 'later' }));
    const { run, pass, slept, harvester } = await scene({ rules: [outages], notifiers: [team] });
    await run(texts('outage', 2));
    expect([slept, team.taken.length]).toEqual([[], 0]);
    pass(5 * minuteMs - 1);
    expect(await harvester.notifications.send()).toMatchObject({ sent: 0, failures: 0, waiting: 2 });
    pass(1);
    expect(await harvester.notifications.send()).toMatchObject({ sent: 2, waiting: 0 });
  });

  test('waits out a pause of thirty seconds within the run, and leaves a longer one', async () => {
    const team = inbox();
    const { run, slept, now } = await scene({ rules: [outages], notifiers: [team] });
    team.script.push(failing({ policy: 'later', until: now() + 30_000 }));
    await run(texts('outage', 1));
    expect([slept, team.taken.length]).toEqual([[30_000], 1]);
    team.script.push(failing({ policy: 'later', until: now() + 30_001 }));
    await run(texts('outage', 1, 50));
    expect([slept, team.taken.length]).toEqual([[30_000], 1]);
  });
});

test('between two messages a notifier has its pause, before the first it has none', async () => {
  const team = { ...inbox(), pauseMs: 1_100 };
  const { run, slept } = await scene({ rules: [outages], notifiers: [team] });
  await run(texts('outage', 3));
  expect([team.taken.length, slept]).toEqual([3, [1_100, 1_100]]);
});

describe('an escalation', () => {
  const escalated = async (change: Partial<ReturnType<typeof inbox>>, rule = {}) => {
    const team = { ...inbox(), ...change };
    const { run, harvester } = await scene({ rules: [{ ...outages, ...rule }], notifiers: [team] });
    await run(['outage of the login page today']);
    await harvester.triage.apply({ action: 'status', status: 'escalated' }, { ids: [1] });
    return { team, run: await run() };
  };

  test('that cannot be marked on the first message is told all the same', async () => {
    const edit = async () => ({ failure: failing({ message: 'The message is gone.' }) });
    const { team, run } = await escalated({ edit });
    expect(team.taken).toHaveLength(2);
    expect(run.warnings).toEqual(['team: could not mark the message as escalated: The message is gone.']);
  });

  test('is marked on the first message in full', async () => {
    const { team } = await escalated({}, { template: 'short' });
    expect(team.edits).toMatchObject([
      { reference: 'team/1', message: { rule: 'outages', occasion: 'new', template: 'full' } },
    ]);
  });

  test('is not told where the rule tells nothing of what becomes of a signal', async () => {
    expect((await escalated({}, { thread: false })).team.taken).toHaveLength(1);
  });
});

describe('the limits of a rule', () => {
  test('hold back signals and events, and say how many of which', async () => {
    const rules = [
      { ...outages, perRun: 1 },
      { name: 'voices', on: 'feedback', perRun: 1 },
    ];
    const { run, harvester } = await scene({ rules, notifiers: [inbox()] });
    const say = (text: string) =>
      harvester.feedback.send(
        { text, mood: 'bad', screen: null, version: '1', diagnostics: null },
        { via: 'cli', actor: 'cli' },
      );
    await say('one');
    await say('two');
    const { warnings } = await run(texts('outage', 2));
    expect(warnings).toEqual([
      'rule outages: its limits hold 1 more signal back for now',
      'rule voices: its limits hold 1 more back for now',
    ]);
  });

  test('of an hour hold over runs, and an event is told once whatever comes', async () => {
    const team = inbox();
    const rules = [{ name: 'voices', on: 'feedback', perHour: 1 }];
    const { run, harvester, pass } = await scene({ rules, notifiers: [team] });
    const say = (text: string) =>
      harvester.feedback.send(
        { text, mood: 'bad', screen: null, version: '1', diagnostics: null },
        { via: 'cli', actor: 'cli' },
      );
    await say('one');
    await run();
    await say('two');
    expect((await run()).warnings).toEqual(['rule voices: its limits hold 1 more back for now']);
    pass(hourMs + 1);
    expect((await run()).warnings).toEqual([]);
    await run();
    expect(team.taken.map(({ message }) => message.type === 'event' && message.title)).toEqual([
      'Feedback (bad): one',
      'Feedback (bad): two',
    ]);
  });

  test('leave room for all, where there is room, over many pages', async () => {
    const team = inbox();
    const rules = [{ ...outages, perRun: 1_000, perHour: 1_000 }];
    const { run } = await scene({ rules, notifiers: [team] });
    await run(texts('outage', 401));
    const told = team.taken.map(({ message }) => (message.type === 'signal' ? message.signal.id : 0));
    expect([told.length, new Set(told).size]).toEqual([401, 401]);
  });
});

describe('a digest', () => {
  test('of a week counts by weeks, and waits for the end of the quiet hours', async () => {
    const team = inbox();
    const rules = [
      {
        name: 'weekly',
        digest: { every: 'weekly', weekday: 'wednesday', at: '13:00' },
        quietHours: [{ from: '12:30', to: '15:00' }],
      },
    ];
    const { run, pass, harvester } = await scene({ rules, notifiers: [team] });
    await run(texts('bug', 2), { ageMs: 8 * 24 * hourMs });
    await run(texts('bug', 3, 50), { ageMs: 24 * hourMs });
    pass(hourMs);
    await run();
    // The first time that a rule is seen its period began; an hour later it is due and quiet.
    expect(team.taken).toHaveLength(0);
    expect(await harvester.notifications.list({ limit: 9 })).toMatchObject([
      { kind: 'digest', nextAttemptAt: Date.UTC(2026, 10, 18, 15) },
    ]);
    pass(2 * hourMs);
    const later = await run();
    expect(later.stages.find(({ name }) => name === 'notify')).toEqual({ name: 'notify', done: 1, total: 1 });
    expect(team.taken[0]?.message).toMatchObject({
      digest: {
        every: 'weekly',
        dueAt: Date.UTC(2026, 10, 18, 13),
        total: 5,
        groups: [{ category: 'bug', count: 5, now: 3, before: 2 }],
      },
    });
  });

  test('that is asked for out of turn takes the place of no other', async () => {
    const team = inbox();
    const rules = [{ name: 'morning', digest: { every: 'daily', at: '13:00', allQuiet: true } }];
    const { run, pass, harvester } = await scene({ rules, notifiers: [team] });
    await run(texts('bug', 1));
    await harvester.notifications.digest('morning');
    pass(hourMs);
    await run(texts('praise', 1, 50));
    expect(team.taken.map(({ message }) => message.type === 'digest' && message.digest.total)).toEqual([
      1, 1,
    ]);
    await run();
    expect(team.taken).toHaveLength(2);
  });
});

describe('a spike', () => {
  test('is counted by source, of those that the rule names, and keeps quiet at night', async () => {
    const team = inbox();
    const quietHours = [{ from: '18:00', to: '20:00' }];
    const rules = [{ name: 'spikes', spike: { by: 'source', least: 5, only: ['hn'] }, quietHours }];
    const { run, pass, harvester, now } = await scene({ rules, notifiers: [team] });
    for (let hour = 0; hour < 30; hour += 1) {
      await run(texts('bug', 1, hour * 10), { source: hour === 3 ? 'other' : 'hn' });
      pass(hourMs);
    }
    expect(new Date(now()).toISOString()).toBe('2026-11-19T18:00:00.000Z');
    await run(texts('bug', 20, 1_000));
    await run(texts('bug', 30, 3_000), { source: 'other' });
    expect(team.taken).toHaveLength(0);
    expect(await harvester.notifications.list({ limit: 9 })).toMatchObject([
      { rule: 'spikes', nextAttemptAt: Date.UTC(2026, 10, 19, 20) },
    ]);
    // More, but not twice as many: nothing is told of that.
    pass(10 * minuteMs);
    await run(texts('bug', 5, 5_000));
    pass(2 * hourMs);
    await run();
    expect(team.taken.map(({ message }) => message.type === 'spike' && message.phase)).toEqual([
      'start',
      'end',
    ]);
    expect(team.taken[0]?.message).toMatchObject({ subject: 'source hn', count: 20, top: [{}, {}, {}] });
    expect(team.taken[1]?.message).toMatchObject({ peak: 25, startedAt: Date.UTC(2026, 10, 19, 18) });
  });
});
