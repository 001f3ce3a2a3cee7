import { describe, expect, test } from 'vitest';
import type { ErrorOccurrence } from '../../source/domain/error-group.ts';
import { withBreadcrumbs } from '../../source/harvester/breadcrumbs.ts';
import { takeErrors } from '../../source/harvester/errors.ts';
import type { ErrorSpool } from '../../source/ports/errors.ts';
import { sampleOccurrence } from '../errors-sample.ts';
import { stoppedClock } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { hourMs, inbox, scene } from './notify-scene.ts';

const by = { actor: 'ann', via: 'cli' } as const;

describe('what waits in the spool', () => {
  const spoolOf = (occurrences: readonly ErrorOccurrence[]) => {
    const done: number[] = [];
    const waiting: ErrorSpool['waiting'] = () =>
      done.length > 0 ? [] : [{ batch: 'batch-one', occurrences, done: () => void done.push(1) }];
    return { spool: { waiting }, done: () => done.length };
  };

  test('stays there while the store refuses it, and is taken when it does not', async () => {
    const store = await temporaryStore();
    const { spool, done } = spoolOf([sampleOccurrence(1, 100)]);
    const full = { ...store, addErrors: () => Promise.reject(new Error('database or disk is full')) };
    await takeErrors({ store: full, spool, clock: stoppedClock });
    expect(done()).toBe(0);
    await takeErrors({ store, spool, clock: stoppedClock });
    await takeErrors({ store, spool, clock: stoppedClock });
    expect([done(), (await store.errorGroups({ limit: 5 })).length]).toEqual([1, 1]);
  });
});

describe('a rule on errors', () => {
  test('tells of each new group and each that came back, once, and of no signal', async () => {
    const team = inbox();
    const { run, store, harvester, now, pass } = await scene({
      rules: [{ name: 'own', on: 'error' }],
      notifiers: [team],
    });
    await store.addErrors('batch-one', [sampleOccurrence(1, now())], now());
    await run(['outage of the login page today']);
    await run();
    expect(team.taken.map(({ message }) => message)).toEqual([
      {
        type: 'event',
        rule: 'own',
        event: 'error',
        title: 'New error: TypeError: error 1',
        text: expect.stringContaining('at save (source/store/views.ts:12:3)'),
        at: expect.any(Number),
      },
    ]);
    const [group] = await harvester.errors.list({ limit: 1 });
    pass(hourMs);
    await harvester.errors.resolve(group?.id ?? 0, by);
    await run();
    pass(hourMs);
    await store.addErrors('batch-two', [sampleOccurrence(1, now())], now());
    await run();
    await run();
    expect(team.taken.map(({ message }) => message.type === 'event' && message.title)).toEqual([
      'New error: TypeError: error 1',
      'Error again: TypeError: error 1',
    ]);
    expect((await store.deliveries({ limit: 9 })).map(({ kind, signalId }) => [kind, signalId])).toEqual([
      ['event', null],
      ['event', null],
    ]);
    expect(await harvester.notifications.test({ days: 30 })).toMatchObject([
      { rule: 'own', problem: null, sent: 1 },
    ]);
  });

  test('takes what is older than a day for no news', async () => {
    const team = inbox();
    const { run, store, now } = await scene({ rules: [{ name: 'own', on: 'error' }], notifiers: [team] });
    await store.addErrors('batch-one', [sampleOccurrence(1, now() - 25 * hourMs)], now());
    await run();
    expect(team.taken).toEqual([]);
  });
});

test('the doctor counts what is not resolved', async () => {
  const { store, harvester, now } = await scene({ rules: [] });
  const finding = async () =>
    (await harvester.doctor()).find(({ name }) => name === 'errors')?.finding ?? null;
  expect(await finding()).toBeNull();
  await store.addErrors(
    'batch-one',
    [1, 2, 3].map((number) => sampleOccurrence(number, now())),
    now(),
  );
  expect(await finding()).toBe('3 unresolved errors of the program itself');
});

test('operations and stages are remembered by name, and what they fail of is captured before its caller hears', async () => {
  const { harvester } = await scene({ rules: [] });
  const steps: string[] = [];
  const followed = withBreadcrumbs(
    { ...harvester, store: { ...harvester.store, check: () => Promise.reject(new TypeError('broken')) } },
    {
      crumb: (kind, text) => void steps.push(`${kind} ${text}`),
      capture: (error, origin) => void steps.push(`${origin} failed: ${String(error)}`),
    },
  );
  await followed.run({ sources: [], adHoc: [] });
  await followed.signals.count({ search: 'a secret search' });
  await expect(followed.store.check()).rejects.toThrow('broken');
  expect(steps).toEqual([
    'operation run',
    'operation signals.count',
    'operation store.check',
    'operation failed: TypeError: broken',
  ]);
});
