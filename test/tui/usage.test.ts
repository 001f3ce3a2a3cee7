import { expect, test } from 'vitest';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow } from './memory/sample.ts';
import { Story } from './story.ts';

test('a session is counted by action and screen, to the last key, and nothing that was typed', async () => {
  const harvester = new MemoryHarvester({ now: () => sampleNow });
  let now = sampleNow;
  const { screen, ended } = new Story(harvester, { now: () => now });
  await screen.until('1 Harvest');
  now += 4_000;
  screen.type('2');
  await screen.until('2 Signals');
  screen.type('/');
  await screen.until('Enter');
  screen.type('planted\r');
  await screen.settled();
  now += 6_000;
  screen.type('jj4');
  await screen.until('4 Retention');
  now += 1_000;
  // The last key quits; what it did is counted too.
  screen.type('q');
  expect(await ended).toEqual({ reason: 'quit' });
  const counts = await harvester.usage.list(0);
  const read = (kind: string, name: string) =>
    counts.find((each) => each.kind === kind && each.name === name);
  expect(read('action', 'show-signals')?.count).toBe(1);
  expect(read('action', 'move-down')?.count).toBe(2);
  expect(read('action', 'search')?.count).toBe(1);
  expect(read('action', 'quit')?.count).toBe(1);
  expect(read('screen', 'harvest')).toMatchObject({ count: 1, totalMs: 4_000 });
  expect(read('screen', 'signals')).toMatchObject({ count: 1, totalMs: 6_000 });
  expect(read('screen', 'retention')).toMatchObject({ count: 1, totalMs: 1_000 });
  expect(JSON.stringify(counts)).not.toContain('planted');
});
