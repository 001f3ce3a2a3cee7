import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Terminal } from './driver.ts';
import { Home, runProgram } from './program.ts';

const posts = 10_000;
const words = [
  'login',
  'crash',
  'invoice',
  'upload',
  'slow',
  'thanks',
  'outage',
  'refund',
  'export',
  'webhook',
  'mobile',
  'search',
];

/** One post a line, all different enough to be signals of their own. */
function writePosts(path: string, seed: number): void {
  const lines = Array.from({ length: posts / 2 }, (_, index) => {
    const text = Array.from(
      { length: 24 },
      (_, word) => words[(index * 7 + word * (index % 11) + seed) % words.length],
    ).join(' ');
    const createdAt = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
    return JSON.stringify({
      externalId: `${seed}-${index}`,
      text: `${index} ${text} ${index * 7919}`,
      author: `user${index % 97}`,
      createdAt,
    });
  });
  writeFileSync(path, `${lines.join('\n')}\n`);
}

/** Moves between the two sources and back; milliseconds until each press shows. */
async function press(terminal: Terminal): Promise<number[]> {
  const down = await terminal.latency('j', /── second/);
  const up = await terminal.latency('k', /── first/);
  return [down, up];
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}

test('while ten thousand posts are harvested a key shows its effect as if nothing were running', {
  timeout: 120_000,
}, async () => {
  using home = new Home();
  writePosts(join(home.path, 'first.ndjson'), 1);
  writePosts(join(home.path, 'second.ndjson'), 2);
  const sources = ['first', 'second']
    .map((name) => `  - { name: ${name}, kind: file, path: ./${name}.ndjson }\n`)
    .join('');
  writeFileSync(
    join(home.path, 'config.yaml'),
    `topic: load\nstore: { path: ./store.sqlite }\nsources:\n${sources}`,
  );

  await using terminal = runProgram(home, []);
  await terminal.until(/── first/);
  const busy: number[] = [];
  while ((await terminal.text()).includes('harvesting')) busy.push(...(await press(terminal)));
  await terminal.until('2 to read them', 60_000);
  const idle: number[] = [];
  while (idle.length < 40) idle.push(...(await press(terminal)));

  const [busyMedian, busyWorst, idleMedian] = [
    quantile(busy, 0.5),
    quantile(busy, 0.95),
    quantile(idle, 0.5),
  ];
  console.log(
    `key to screen, ms: harvesting ${busyMedian.toFixed(0)} (p95 ${busyWorst.toFixed(0)}, ${busy.length} presses), idle ${idleMedian.toFixed(0)}, ratio ${(busyMedian / idleMedian).toFixed(1)}`,
  );
  expect(busy.length).toBeGreaterThan(4);
  expect(busyMedian).toBeLessThan(100);
});
