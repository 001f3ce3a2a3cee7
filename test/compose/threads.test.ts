import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { connectHarvester } from '../../source/compose/threads.ts';
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
