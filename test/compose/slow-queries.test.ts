import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../../source/compose/config.ts';
import { composeHarvester } from '../../source/compose.ts';
import { temporaryFolder } from '../store/temporary-store.ts';

test('a slow query is in the log: its name, its plan, and nothing that was searched for', async () => {
  const folder = temporaryFolder();
  const env = {
    SIGNAL_HARVESTER_STORE__PATH: join(folder, 's.sqlite'),
    SIGNAL_HARVESTER_LOG__PATH: join(folder, 'log', 'app.log'),
  };
  const loaded = await readConfig({ cwd: folder, env });
  // Everything is slower than that.
  const log = { ...loaded.config.log, slowQueryMs: 1e-6 };
  const harvester = await composeHarvester({ ...loaded, config: { ...loaded.config, log } });
  await harvester.signals.page({ order: 'rank', limit: 5, search: 'author:hunter2 hunter2secret' });
  await harvester.signals.page({ order: 'rank', limit: 5 });
  await harvester.close();

  const text = readdirSync(join(folder, 'log'))
    .map((name) => readFileSync(join(folder, 'log', name), 'utf8'))
    .join('');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string; level: number; query: string; plan: string[] })
    .filter(({ msg }) => msg === 'slow query');
  const names = lines.map(({ query }) => query);
  expect(names).toContain('signalWindow');
  expect(new Set(names).size).toBe(names.length);
  const page = lines.find(({ query }) => query === 'signalWindow');
  expect(page).toMatchObject({ level: 40, ms: expect.any(Number), rows: expect.any(Number), skipped: 0 });
  expect(page?.plan.join('\n')).toMatch(/(?:SCAN|SEARCH) /);
  expect(text).not.toContain('hunter2');
});
