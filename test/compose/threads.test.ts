import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../source/compose/config.ts';
import { composeServed } from '../../source/compose/served.ts';
import { ThreadTimings } from '../../source/compose/thread-timings.ts';
import { connectHarvester } from '../../source/compose/threads.ts';
import { TimingBook } from '../../source/domain/timings.ts';

const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-threads-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ports = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

describe('the threads behind the screen', () => {
  test('one that has nothing to do ends, and is there again for the next run', async () => {
    const env = {
      SIGNAL_HARVESTER_STORE__PATH: join(folder, 's.sqlite'),
      SIGNAL_HARVESTER_LOG__PATH: join(folder, 'log'),
    };
    const harvester = await connectHarvester(await readConfig({ cwd: folder, env }), undefined, 20);
    try {
      const resting = ports();
      for (const id of [1, 2]) {
        const running = harvester.run({});
        expect(ports()).toBeGreaterThan(resting);
        expect(await running).toMatchObject({ id, state: 'done' });
        await vi.waitFor(() => expect(ports()).toBe(resting), { timeout: 10_000 });
        // The thread of the run has ended, and what it timed is still there.
        const { queries } = await harvester.timings.read();
        expect(queries.find(({ name }) => name === 'beginRun')).toMatchObject({ count: 2 * id });
      }
    } finally {
      await harvester.close();
    }
  });
});

describe('the timings of a thread', () => {
  const timed = (count: number) => {
    const book = new TimingBook();
    for (let times = 0; times < count; times += 1) book.record('queries', 'group', 1);
    return async () => book.read();
  };
  const countOf = async (figures: ThreadTimings, ask: Parameters<ThreadTimings['read']>[0]) =>
    (await figures.read(ask)).queries[0]?.count ?? 0;

  test('stand as they last were while it is too busy to answer, and once it has died', async () => {
    const figures = new ThreadTimings(5);
    expect(await countOf(figures, timed(3))).toBe(3);
    expect(await countOf(figures, () => new Promise(() => undefined))).toBe(3);
    expect(await countOf(figures, () => Promise.reject(new Error('dead')))).toBe(3);
    await figures.end(() => Promise.reject(new Error('dead')));
    expect(await countOf(figures, null)).toBe(3);
    expect(await countOf(figures, timed(2))).toBe(5);
    await figures.end(timed(4));
    expect(await countOf(figures, null)).toBe(7);
  });
});

test('a weight that is saved while it serves counts at once in the thread that answers', async () => {
  const explicitPath = join(folder, 'config.yaml');
  writeFileSync(
    explicitPath,
    'topic: t\nsources: [{ name: demo, kind: demo }]\nstore: { path: served.sqlite }\nlog: { level: silent }\n',
  );
  const loaded = await readConfig({ cwd: folder, env: {}, explicitPath });
  const harvester = await composeServed(loaded, 'json');
  try {
    await harvester.run({});
    const best = async () => {
      const { rows } = await harvester.signals.page({ limit: 1 });
      return rows[0]?.salience ?? 0;
    };
    expect(await best()).toBeGreaterThan(2);
    await harvester.scoring.save({ cap: 2 });
    expect(await best()).toBe(2);
  } finally {
    await harvester.close();
  }
});
