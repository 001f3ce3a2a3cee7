import { describe, expect, test } from 'vitest';
import type { SendFailure } from '../../source/ports/notifier.ts';
import { hourMs, type Inbox, inbox, lost, minuteMs, scene, texts } from './notify-scene.ts';

const outages = { name: 'outages', query: 'category:outage' };
const failing = (change: Partial<SendFailure>): SendFailure => ({
  code: 'http-503',
  message: 'The service failed.',
  fix: null,
  policy: 'again',
  arrived: 'no',
  until: null,
  ...change,
});

describe('a rule', () => {
  test('tells of a signal once, however often a run looks', async () => {
    const team = inbox();
    const { run } = await scene({ rules: [outages], notifiers: [team] });
    const first = await run(['outage of the login', 'praise for the docs']);
    expect(first.stages.find(({ name }) => name === 'notify')).toEqual({ name: 'notify', done: 1, total: 1 });
    await run();
    await run(['praise again and again']);
    expect(team.taken.map(({ message }) => message)).toMatchObject([
      { type: 'signal', occasion: 'new', signal: { category: 'outage', text: 'outage of the login' } },
    ]);
  });

  test('shares a signal with no other of the same notifier, and with every other notifier', async () => {
    const [team, boss] = [inbox('team'), inbox('boss')];
    const rules = [{ ...outages, perRun: 1 }, { name: 'everything' }, { name: 'boss', notifier: 'boss' }];
    const { run, store } = await scene({ rules, notifiers: [team, boss] });
    await run(texts('outage', 3));
    await run();
    expect(team.taken).toHaveLength(3);
    expect(boss.taken).toHaveLength(3);
    const ledger = await store.deliveries({ limit: 100 });
    expect(new Set(ledger.map(({ signalId, notifier }) => `${signalId}/${notifier}`)).size).toBe(6);
  });

  test('keeps its limits of a run and of an hour, and tells the rest later, most salient first', async () => {
    const team = inbox();
    const { run, pass } = await scene({ rules: [{ ...outages, perRun: 2, perHour: 3 }], notifiers: [team] });
    const loud = texts('outage', 5).map((text, index) => (index === 3 ? `${text} !!` : text));
    const first = await run(loud);
    expect(team.taken).toHaveLength(2);
    expect(team.taken[0]?.message).toMatchObject({ signal: { text: loud[3] } });
    expect(first.warnings).toEqual(['rule outages: its limits hold 3 more signals back for now']);
    await run();
    expect(team.taken).toHaveLength(3);
    pass(2 * hourMs);
    await run();
    expect(team.taken).toHaveLength(5);
  });

  test('takes what is old, or not salient enough, for no news', async () => {
    const team = inbox();
    const { run } = await scene({ rules: [{ ...outages, minSalience: 20 }], notifiers: [team] });
    await run(['outage from last week !'], { ageMs: 25 * hourMs });
    await run(['outage that is mild']);
    expect(team.taken).toHaveLength(0);
    await run(['outage that is urgent !']);
    expect(team.taken).toHaveLength(1);
  });

  test('tells nobody of what is taken in with only the stages before it', async () => {
    const team = inbox();
    const { harvester, run } = await scene({ rules: [outages], notifiers: [team] });
    await harvester.run({ sources: [], stages: ['fetch', 'group', 'analyze', 'score'] });
    expect(team.taken).toHaveLength(0);
    await run(['outage now']);
    expect(team.taken).toHaveLength(1);
  });
});

test('a rule that names a source which is gone is left out with a warning, and the others are followed', async () => {
  const team = inbox();
  const rules = [{ name: 'gone', query: 'source:nowhere' }, outages];
  const { run, harvester } = await scene({ rules, notifiers: [team] });
  const { warnings, state } = await run(['outage of the login page today']);
  expect([state, team.taken.length]).toEqual(['done', 1]);
  expect(warnings).toEqual([expect.stringMatching(/^rule gone: no source is called nowhere/)]);
  expect((await harvester.notifications.preview()).problems).toHaveLength(1);
  expect(await harvester.notifications.test({ days: 30 })).toMatchObject([
    { rule: 'gone', problem: expect.stringContaining('nowhere'), sent: 0 },
    { rule: 'outages', problem: null, sent: 1 },
  ]);
});

describe('what becomes of a signal', () => {
  const quick = { updates: { echoes: 3, pauseMinutes: 30, days: 1 } };

  test('goes into its thread when it is worth a message, and not before', async () => {
    const team = inbox();
    const { run, pass } = await scene({ rules: [outages], notify: quick, notifiers: [team] });
    await run(['outage of the login page today']);
    pass(40 * minuteMs);
    await run(['outage of the login page today']);
    expect(team.taken).toHaveLength(1);
    await run(['outage of the login page today'], { source: 'x' });
    expect(team.taken[1]).toMatchObject({
      thread: 'team/1',
      broadcast: false,
      message: { type: 'update', change: '+2 reports, now on hn and x' },
    });
    // Told a moment ago: the next three wait for the end of the pause.
    await run(Array(3).fill('outage of the login page today'));
    expect(team.taken).toHaveLength(2);
    pass(40 * minuteMs);
    await run();
    expect(team.taken[2]).toMatchObject({ message: { change: '+3 reports' } });
    pass(40 * minuteMs);
    await run();
    expect(team.taken).toHaveLength(3);
  });

  test('is not told where the rule does not want it', async () => {
    const team = inbox();
    const rules = [{ ...outages, thread: false }];
    const { run, pass } = await scene({ rules, notify: quick, notifiers: [team] });
    await run(['outage of the login page today']);
    pass(hourMs);
    await run(Array(9).fill('outage of the login page today'), { source: 'x' });
    expect(team.taken).toHaveLength(1);
  });

  test('an escalation is broadcast, and marks the message that told of it', async () => {
    const team = inbox();
    const { run, harvester } = await scene({ rules: [outages], notifiers: [team] });
    await run(['outage of the login page today']);
    await harvester.triage.apply({ action: 'status', status: 'escalated' }, { ids: [1] });
    await run();
    await run();
    expect(team.taken).toHaveLength(2);
    expect(team.taken[1]).toMatchObject({ thread: 'team/1', broadcast: true, message: { escalated: true } });
    expect(team.edits).toMatchObject([
      { reference: 'team/1', message: { type: 'signal', signal: { status: 'escalated' } } },
    ]);
  });

  test.each([
    ['dismissed', { action: 'status', status: 'dismissed' }],
    ['resolved', { action: 'status', status: 'resolved' }],
    ['snoozed', { action: 'snooze', snooze: { until: 'time', at: Date.UTC(2030, 0, 1) } }],
  ] as const)('that was %s is silence, also for echoes', async (_status, change) => {
    const team = inbox();
    const { run, harvester, pass } = await scene({ rules: [outages], notify: quick, notifiers: [team] });
    await run(['outage of the login page today', 'outage elsewhere in another place']);
    await harvester.triage.apply(change, { ids: [1] });
    pass(hourMs);
    // Written before the decision: a resolved signal stays resolved.
    await run(Array(9).fill('outage of the login page today'), { source: 'x', ageMs: 2 * hourMs });
    expect(team.taken).toHaveLength(2);
  });

  test('a decision between planning and sending is heeded, and taking it back too', async () => {
    const team = inbox();
    const night = [{ from: '11:00', to: '13:00' }];
    const { run, harvester, pass, store } = await scene({
      rules: [outages],
      notify: { quietHours: night },
      notifiers: [team],
    });
    await run(['outage of the login page today']);
    await harvester.triage.apply({ action: 'status', status: 'dismissed' }, { ids: [1] });
    pass(2 * hourMs);
    await run();
    expect(team.taken).toHaveLength(0);
    expect(await store.deliveries({ limit: 9 })).toMatchObject([
      { state: 'cancelled', lastError: 'it was dismissed before it was sent' },
    ]);
    await harvester.triage.undo();
    await run();
    expect(team.taken).toHaveLength(1);
  });

  test('a snooze that is over is told again, in the thread and to all', async () => {
    const team = inbox();
    const { run, harvester, pass } = await scene({ rules: [outages], notifiers: [team] });
    await run(['outage of the login page today']);
    await harvester.triage.apply({ action: 'snooze', snooze: { until: 'echoes', more: 2 } }, { ids: [1] });
    pass(48 * hourMs);
    await run(Array(2).fill('outage of the login page today'));
    await run();
    expect(team.taken).toHaveLength(2);
    expect(team.taken[1]).toMatchObject({
      thread: 'team/1',
      broadcast: true,
      message: { type: 'signal', occasion: 'woke', signal: { echoes: 2 } },
    });
  });

  test('a resolved signal that comes up again is told as such', async () => {
    const team = inbox();
    const { run, harvester, pass } = await scene({ rules: [outages], notifiers: [team] });
    await run(['outage of the login page today']);
    await harvester.triage.apply({ action: 'status', status: 'resolved' }, { ids: [1] });
    pass(hourMs);
    await run(['outage of the login page today']);
    expect(team.taken[1]?.message).toMatchObject({ occasion: 'regressed' });
  });

  test('of two that were merged is told once', async () => {
    const team = inbox();
    const { run, harvester } = await scene({ rules: [{ ...outages, perRun: 1 }], notifiers: [team] });
    await run(['outage of the login page today !', 'outage elsewhere in another place']);
    const told = team.taken[0]?.message;
    const id = told?.type === 'signal' ? told.signal.id : 0;
    // The one that was told joins the one that was not.
    await harvester.triage.apply({ action: 'merge', into: id === 1 ? 2 : 1 }, { ids: [id] });
    await run();
    expect(team.taken.filter(({ message }) => message.type === 'signal')).toHaveLength(1);
  });
});

describe('quiet hours', () => {
  const notify = { quietHours: [{ from: '11:00', to: '14:00' }] };

  test('put off and drop nothing; what is urgent breaks through', async () => {
    const team = inbox();
    const rules = [{ ...outages, urgent: 'score:>=25' }];
    const { run, pass, harvester } = await scene({ rules, notify, notifiers: [team] });
    await run(['outage that is mild', 'outage that is urgent !']);
    expect(team.taken).toMatchObject([{ message: { signal: { text: 'outage that is urgent !' } } }]);
    const waiting = await harvester.notifications.list({ states: ['pending'], limit: 9 });
    expect(waiting).toMatchObject([{ nextAttemptAt: Date.UTC(2026, 10, 18, 14) }]);
    pass(3 * hourMs);
    await run();
    expect(team.taken).toHaveLength(2);
  });

  test('what becomes urgent while it waits goes out', async () => {
    const team = inbox();
    const rules = [{ ...outages, urgent: 'score:>=25' }];
    const { run } = await scene({ rules, notify, notifiers: [team] });
    await run(['outage that is mild and grows']);
    expect(team.taken).toHaveLength(0);
    await run(Array(20).fill('outage that is mild and grows'));
    expect(team.taken).toHaveLength(1);
  });
});

describe('a digest', () => {
  const morning = { name: 'morning', digest: { every: 'daily', at: '13:00' } };

  test('covers what was not delivered, once, and skips what is empty', async () => {
    const team = inbox();
    const { run, pass, harvester } = await scene({ rules: [outages, morning], notifiers: [team] });
    await run(['outage of the login', ...texts('bug', 7), ...texts('praise', 2, 50)]);
    expect(team.taken).toHaveLength(1);
    pass(2 * hourMs);
    await run();
    expect(team.taken).toHaveLength(2);
    expect(team.taken[1]?.message).toMatchObject({
      type: 'digest',
      digest: {
        total: 9,
        groups: [
          { category: 'bug', count: 7, now: 7, before: 0 },
          { category: 'praise', count: 2 },
        ],
      },
    });
    pass(24 * hourMs);
    await run();
    expect(team.taken).toHaveLength(2);
    // Nobody is told of them by another rule either.
    expect((await harvester.notifications.list({ signalId: 2, limit: 9 })).length).toBe(1);
  });

  test('that was missed covers what it should have', async () => {
    const team = inbox();
    const { run, pass } = await scene({ rules: [morning], notifiers: [team] });
    await run(texts('bug', 3));
    pass(30 * hourMs);
    await run(texts('praise', 1, 90));
    expect(team.taken[0]?.message).toMatchObject({ digest: { total: 4 } });
  });

  test('that could not be delivered is no delivery: the next one covers it', async () => {
    const team = inbox();
    team.script.push(failing({ policy: 'never', code: 'http-400' }));
    const { run, pass } = await scene({ rules: [morning], notifiers: [team] });
    await run(texts('bug', 3));
    pass(2 * hourMs);
    await run();
    expect(team.taken).toHaveLength(0);
    pass(24 * hourMs);
    await run();
    expect(team.taken[0]?.message).toMatchObject({ digest: { total: 3 } });
  });

  test('says that all is quiet where that was asked for', async () => {
    const team = inbox();
    const rules = [{ ...morning, digest: { ...morning.digest, allQuiet: true } }];
    const { run, pass } = await scene({ rules, notifiers: [team] });
    await run();
    pass(2 * hourMs);
    await run();
    expect(team.taken[0]?.message).toMatchObject({ type: 'digest', digest: { total: 0 } });
  });

  test('can be asked for at any time', async () => {
    const team = inbox();
    const { run, harvester } = await scene({ rules: [morning], notifiers: [team] });
    await run(texts('bug', 3));
    await harvester.notifications.digest('morning');
    expect(team.taken[0]?.message).toMatchObject({ digest: { total: 3 } });
    await expect(harvester.notifications.digest('evening')).rejects.toMatchObject({ code: 'unknown-rule' });
  });
});

describe('a spike', () => {
  test('is one thread: start, each doubling, end', async () => {
    const team = inbox();
    const rules = [{ name: 'spikes', spike: { by: 'category', least: 5 } }];
    const { run, pass } = await scene({ rules, notifiers: [team] });
    for (let hour = 0; hour < 30; hour += 1) {
      await run(texts('outage', 2, hour * 10));
      pass(hourMs);
    }
    expect(team.taken).toHaveLength(0);
    await run(texts('outage', 20, 1_000));
    await run();
    pass(30 * minuteMs);
    await run(texts('outage', 25, 2_000));
    pass(3 * hourMs);
    await run();
    await run();
    expect(
      team.taken.map(({ message, thread }) => [message.type === 'spike' && message.phase, thread]),
    ).toEqual([
      ['start', null],
      ['peak', 'team/1'],
      ['end', 'team/1'],
    ]);
    expect(team.taken[2]?.message).toMatchObject({ subject: 'category outage', peak: 45 });
  });

  test('of what was dismissed is none', async () => {
    const team = inbox();
    const rules = [{ name: 'spikes', spike: { by: 'category', least: 5 } }];
    const { run, pass, harvester } = await scene({ rules, notifiers: [team] });
    await run(['outage of the login page today']);
    await harvester.triage.apply({ action: 'status', status: 'dismissed' }, { ids: [1] });
    pass(30 * hourMs);
    await run(Array(40).fill('outage of the login page today'));
    expect(team.taken).toHaveLength(0);
  });
});

describe('a delivery', () => {
  test('whose answer was lost is found, and not sent twice', async () => {
    const team = inbox();
    team.script.push('take-and-lose');
    const { run, pass, harvester } = await scene({ rules: [outages], notifiers: [team] });
    await run(['outage of the login']);
    pass(5 * minuteMs);
    await run();
    expect(team.taken).toHaveLength(1);
    const [delivery] = await harvester.notifications.list({ limit: 1 });
    expect(delivery).toMatchObject({ state: 'sent', reference: 'team/1' });
    expect(delivery?.tries.map(({ answer }) => answer)).toEqual([
      expect.stringContaining('timeout'),
      'found: an earlier try had arrived',
    ]);
  });

  test('is not sent again while the look for it fails, and found when it does not', async () => {
    const team = inbox();
    team.script.push('take-and-lose');
    let isBroken = true;
    const find: Inbox['find'] = async (outgoing) =>
      isBroken ? { failure: lost } : ((await team.find?.(outgoing)) ?? 'cannot-tell');
    const { run, pass, harvester } = await scene({ rules: [outages], notifiers: [{ ...team, find }] });
    await run(['outage of the login']);
    pass(5 * minuteMs);
    await run();
    expect(await harvester.notifications.list({ limit: 1 })).toMatchObject([{ state: 'failed' }]);
    isBroken = false;
    pass(20 * minuteMs);
    await run();
    expect(team.taken).toHaveLength(1);
    expect(await harvester.notifications.list({ limit: 1 })).toMatchObject([
      { state: 'sent', reference: 'team/1' },
    ]);
  });

  test('is sent again with the same key where the service cannot tell', async () => {
    const team = inbox('team', false);
    team.script.push('take-and-lose');
    const { run, pass } = await scene({ rules: [outages], notifiers: [team] });
    await run(['outage of the login']);
    pass(5 * minuteMs);
    await run();
    expect(team.taken).toHaveLength(2);
    expect(team.taken[0]?.key).toBe(team.taken[1]?.key);
  });

  test('that fails again and again is a dead letter, told in words, and can be retried', async () => {
    const team = inbox();
    for (let each = 0; each < 3; each += 1) team.script.push(failing({}));
    const { run, pass, harvester } = await scene({
      rules: [outages],
      notify: { maxAttempts: 3 },
      notifiers: [team],
    });
    await run(['outage of the login']);
    for (let each = 0; each < 5; each += 1) {
      pass(hourMs);
      await run();
    }
    expect(team.taken).toHaveLength(0);
    expect(await harvester.notifications.counts()).toMatchObject({ dead: 1, pending: 0 });
    expect(await harvester.doctor()).toContainEqual(
      expect.objectContaining({ name: 'deliveries', state: 'warning', finding: '1 message was given up' }),
    );
    expect(await harvester.notifications.retry(null)).toBe(1);
    expect(await harvester.notifications.send()).toMatchObject({ sent: 1, dead: 0 });
  });

  test('that a person must make possible is not counted, and waits for everybody', async () => {
    const team = inbox();
    team.script.push(failing({ policy: 'later', code: 'slack-invalid-auth', fix: 'Set the token.' }));
    const { run, pass, harvester } = await scene({
      rules: [outages],
      notify: { maxAttempts: 1 },
      notifiers: [team],
    });
    const first = await run(texts('outage', 3));
    expect(first.warnings).toEqual(['team: The service failed. Set the token.']);
    expect(await harvester.notifications.counts()).toMatchObject({ failed: 1, pending: 2, dead: 0 });
    // The others wait as well: no request is made in vain.
    await run();
    expect(team.taken).toHaveLength(0);
    pass(10 * minuteMs);
    await run();
    expect(team.taken).toHaveLength(3);
  });

  test('is given up when nobody mends it for long', async () => {
    const team = inbox();
    for (let each = 0; each < 9; each += 1) team.script.push(failing({ policy: 'later', fix: 'Mend it.' }));
    const { run, pass, harvester } = await scene({
      rules: [outages],
      notify: { giveUpHours: 5 },
      notifiers: [team],
    });
    await run(['outage of the login']);
    for (let each = 0; each < 3; each += 1) {
      pass(2 * hourMs);
      await run();
    }
    expect(await harvester.notifications.counts()).toMatchObject({ dead: 1 });
  });

  test('waits out a short pause within the run, and leaves a long one to the next', async () => {
    const team = inbox();
    const { run, slept, now, pass } = await scene({ rules: [outages], notifiers: [team] });
    team.script.push(failing({ policy: 'later', until: now() + 3_000 }));
    await run(texts('outage', 2));
    expect([team.taken.length, slept]).toEqual([2, [3_000]]);
    team.script.push(failing({ policy: 'later', until: now() + 10 * minuteMs }));
    await run(texts('outage', 2, 70));
    expect(team.taken).toHaveLength(2);
    pass(11 * minuteMs);
    await run();
    expect(team.taken).toHaveLength(4);
  });
});

describe('before anything is sent', () => {
  test('a preview says what would be, and changes nothing', async () => {
    const team = inbox();
    const rules = [{ ...outages, perRun: 1 }];
    const quiet = { quietHours: [{ from: '11:00', to: '14:00' }] };
    const { run, pass, harvester, store } = await scene({ rules, notify: quiet, notifiers: [team] });
    await run(texts('outage', 3));
    pass(3 * hourMs);
    const before = await store.deliveries({ limit: 9 });
    const preview = await harvester.notifications.preview();
    expect(await store.deliveries({ limit: 9 })).toEqual(before);
    expect(team.taken).toHaveLength(0);
    expect(preview.heldBack.length + preview.messages.length).toBeGreaterThan(0);
  });

  test('a test of the rules counts by day what they would have sent', async () => {
    const team = inbox();
    const rules = [
      { ...outages, enabled: true, perHour: 2, minSalience: 5 },
      { name: 'rest', digest: { every: 'daily' } },
    ];
    const { run, pass, harvester } = await scene({
      rules: rules.map((rule) => ({ ...rule, maxAgeHours: 0.1 })),
      notifiers: [team],
    });
    await run([...texts('outage', 3), ...texts('bug', 4, 40)], { ageMs: 26 * hourMs });
    await run(texts('outage', 1, 80), { ageMs: 2 * hourMs });
    await run(texts('outage', 1, 90), { ageMs: 40 * 24 * hourMs });
    pass(hourMs);
    const sent = team.taken.length;
    const [first, second] = await harvester.notifications.test({ days: 30 });
    expect(first).toMatchObject({
      rule: 'outages',
      matched: 4,
      sent: 3,
      days: [
        { day: Date.UTC(2026, 10, 17), sent: 2, heldBack: 1 },
        { day: Date.UTC(2026, 10, 18), sent: 1, heldBack: 0 },
      ],
    });
    expect(second).toMatchObject({ rule: 'rest', sent: 1 });
    expect(team.taken).toHaveLength(sent);
  });
});
