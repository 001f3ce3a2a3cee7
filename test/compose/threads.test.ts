import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { composeServed, connectHarvester } from '../../source/compose/threads.ts';
import { readConfig } from '../../source/compose.ts';

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
      }
    } finally {
      await harvester.close();
    }
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
