import { describe, expect, test } from 'vitest';
import { anySource, configSchema } from '../../source/config/schema.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import { createHarvester } from '../../source/harvester/create.ts';
import { Runs } from '../../source/headless/run-desk.ts';
import { Scheduler } from '../../source/headless/scheduler.ts';
import { SnapshotSchedule } from '../../source/headless/snapshot-schedule.ts';
import { readWhen } from '../../source/headless/when.ts';
import { EventRing } from '../../source/http/event-ring.ts';
import type { Source } from '../../source/ports/source.ts';
import { untaughtParts } from '../harvester/untaught.ts';
import { scriptedParts } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const minute = 60_000;
const hour = 60 * minute;
const monday = Date.UTC(2026, 10, 23);
const defaults = configSchema(anySource).parse({}).schedule;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A clock that runs as fast as it is asked to wait, until `end`; then it stands still for good. */
function fastClock(start: number, end: number, jump?: { readonly at: number; readonly by: number }) {
  const ended = Promise.withResolvers<void>();
  let now = start;
  let jumped = false;
  return {
    ended: ended.promise,
    now: () => now,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      now += ms;
      if (jump !== undefined && !jumped && now >= jump.at) {
        jumped = true;
        now += jump.by;
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (now < end) return;
      ended.resolve();
      await new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    },
  };
}

async function scheduled(
  names: readonly string[],
  schedule: Partial<typeof defaults>,
  clock: ReturnType<typeof fastClock>,
) {
  const store = await temporaryStore();
  const fetched = new Map<string, number[]>(names.map((name) => [name, []]));
  const sources = names.map(
    (name): Source => ({
      name,
      kind: 'list',
      // biome-ignore lint/correctness/useYield: it has nothing new
      async *fetch() {
        fetched.get(name)?.push(clock.now());
      },
    }),
  );
  const harvester = createHarvester({
    ...scriptedParts(store),
    ...untaughtParts(store),
    categories: categoryIds,
    analyst: 'ann',
    timeZone: 'UTC',
    views: [],
    clock,
    store,
    logger: quiet,
    sources: sources.map((source) => ({
      name: source.name,
      kind: 'list',
      enabled: true,
      target: '',
      open: () => source,
    })),
    openAdHoc: () => {
      throw new Error('none');
    },
    doctor: { configPath: null, nodeVersion: '24.0.0', keys: [], clockSkewMs: () => null },
  });
  const runs = new Runs(harvester, new EventRing(), quiet);
  const settings = { ...defaults, jitterSeconds: 0, ...schedule };
  const open = () => Scheduler.open({ harvester, runs, settings, clock, logger: quiet, random: () => 0.5 });
  return { open, fetched, harvester, runs };
}

describe('the schedule', () => {
  test('runs each source at its own pace, and the rest at the general one', async () => {
    const clock = fastClock(monday, monday + hour);
    const { open, fetched } = await scheduled(
      ['fast', 'slow', 'none'],
      { every: '20m', sources: { fast: '5m', none: 'never' } },
      clock,
    );
    const scheduler = await open();
    scheduler.start();
    await clock.ended;
    await scheduler.stop();
    const minutesOf = (name: string) => fetched.get(name)?.map((at) => Math.round((at - monday) / minute));
    expect(minutesOf('slow')).toEqual([0, 20, 40]);
    expect(minutesOf('fast')).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]);
    expect(minutesOf('none')).toEqual([]);
  });

  test('makes up for what a sleeping machine missed with one run, not with all of them', async () => {
    const clock = fastClock(monday, monday + 9 * hour, { at: monday + 25 * minute, by: 8 * hour });
    const { open, fetched } = await scheduled(['one'], { every: '10m' }, clock);
    const scheduler = await open();
    scheduler.start();
    await clock.ended;
    await scheduler.stop();
    const minutes = fetched.get('one')?.map((at) => Math.round((at - monday) / minute)) ?? [];
    expect(minutes.slice(0, 3)).toEqual([0, 10, 20]);
    expect(minutes.slice(3).every((at) => at >= 505)).toBe(true);
    expect(minutes.length).toBeLessThan(8);
  });

  test('does not run at once what was run shortly before a restart', async () => {
    const clock = fastClock(monday, monday + 30 * minute);
    const { open, fetched, harvester } = await scheduled(['one'], { every: '15m' }, clock);
    await harvester.run({});
    const scheduler = await open();
    expect(scheduler.nextAt).toBe(monday + 15 * minute);
    scheduler.start();
    await clock.ended;
    await scheduler.stop();
    expect(fetched.get('one')?.map((at) => (at - monday) / minute)).toEqual([0, 15]);
  });

  test('adds jitter, within its bound', async () => {
    const clock = fastClock(monday, monday + hour);
    const { open } = await scheduled(['one'], { jitterSeconds: 60 }, clock);
    expect((await open()).nextAt).toBe(monday + 30_000);
  });

  test('waits while another run is in progress, and then runs', async () => {
    const clock = fastClock(monday, monday + 10 * minute);
    const { open, fetched, runs } = await scheduled(['one'], { every: '1h' }, clock);
    const { ended } = await runs.begin({ sources: [] }, 'another');
    const scheduler = await open();
    scheduler.start();
    await ended;
    await clock.ended;
    await scheduler.stop();
    expect(fetched.get('one')).toHaveLength(1);
  });

  test('says when no run has been for much longer than planned', async () => {
    const clock = fastClock(monday, monday + 100 * hour);
    const { open } = await scheduled(['one'], { every: '10m' }, clock);
    const scheduler = await open();
    expect(await scheduler.overdue()).toBe(null);
    await clock.sleep(31 * minute);
    expect(await scheduler.overdue()).toBe('no run for 31 minutes');
  });

  test.each([
    [{ every: '61 * * * *' }, 'bad-schedule'],
    [{ every: '0 8 * * 1', timeZone: 'Mars/Base' }, 'bad-schedule'],
    [{ sources: { nobody: '5m' } }, 'unknown-source'],
  ])('refuses %j', async (schedule, code) => {
    const { open } = await scheduled(['one'], schedule, fastClock(monday, monday));
    await expect(open()).rejects.toMatchObject({ code, fix: expect.any(String) });
  });
});

describe('when', () => {
  test('a cron expression is meant in its time zone, over a change of the clock', () => {
    const when = readWhen('0 8 * * *', 'Europe/Berlin');
    expect(new Date(when.next(Date.UTC(2026, 9, 24, 12)) ?? 0).toISOString()).toBe(
      '2026-10-25T07:00:00.000Z',
    );
    expect(new Date(when.next(Date.UTC(2026, 9, 23, 12)) ?? 0).toISOString()).toBe(
      '2026-10-24T06:00:00.000Z',
    );
  });

  test('the pause of a working week is its weekend', () => {
    expect(readWhen('0 8 * * 1-5', 'UTC').pauseMs(monday)).toBe(72 * hour);
    expect(readWhen('90s', 'UTC').pauseMs(monday)).toBe(90_000);
    expect(readWhen('never', 'UTC').next(monday)).toBe(null);
  });
});

describe('the schedule of snapshots', () => {
  async function snapshotsUntil(
    hours: number,
    text: string,
    before: readonly number[] = [],
    fails: readonly number[] = [],
  ) {
    const clock = fastClock(monday, monday + hours * hour);
    const made: number[] = [];
    let tries = 0;
    const schedule = new SnapshotSchedule({
      snapshots: {
        list: async () => before.map((createdAt) => ({ createdAt, damaged: false }) as never),
        create: async ({ scheduled: byItself }) => {
          tries += 1;
          expect(byItself).toBe(true);
          if (fails.includes(tries)) throw new Error('the disk is full');
          made.push((clock.now() - monday) / hour);
          return { snapshot: { id: 'x', bytes: 1 }, copy: null, upload: null } as never;
        },
      },
      when: readWhen(text, 'UTC'),
      clock,
      logger: quiet,
    });
    schedule.start();
    await clock.ended;
    await schedule.stop();
    return made.map((each) => Math.round(each));
  }
  test('makes the first at once, then each in its time', async () => {
    expect(await snapshotsUntil(50, '1d')).toEqual([0, 24, 48]);
    expect(await snapshotsUntil(50, '0 3 * * *')).toEqual([0, 3, 27]);
  });

  test('makes up for what was missed, once, and goes by what is there', async () => {
    expect(await snapshotsUntil(30, '1d', [monday - 10 * 24 * hour])).toEqual([0, 24]);
    expect(await snapshotsUntil(30, '1d', [monday - 2 * hour])).toEqual([22]);
  });

  test('tries again an hour after one that failed', async () => {
    expect(await snapshotsUntil(26, '1d', [], [1])).toEqual([1, 25]);
  });
});
