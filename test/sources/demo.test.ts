import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSource } from '../../source/sources/open.ts';
import { proposeSources } from '../../source/sources/probe.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { fetchPages, leapingClock, testClient } from './loopback.ts';

const row = (id: number | string) =>
  `${JSON.stringify({ externalId: `d-${id}`, text: `demo ${id}`, minutesAgo: 90 })}\n`;

function openDemo(path: string) {
  const tools = { http: testClient(), clock: leapingClock(), folder: '/', secrets: {} };
  return { source: openSource({ name: 'demo', kind: 'demo', enabled: true, weight: 1, path }, tools), tools };
}

describeSourceContract('demo', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'demo-source-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'sample.ndjson');
  const ids = Array.from({ length: 130 }, (_, at) => at);
  writeFileSync(path, `${ids.map(row).join('')}nonsense\n`);
  return {
    open: () => openDemo(path).source,
    ids: ids.map((id) => `d-${id}`),
    hasBrokenItem: true,
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => `new-${at}`);
      appendFileSync(path, added.map(row).join(''));
      return added.map((id) => `d-${id}`);
    },
  };
});

test('the sample in the package is whole, and always fresh', async () => {
  const { source, tools } = openDemo('');
  const pages = await fetchPages(source);
  const posts = pages.flatMap((page) => page.posts);
  expect(pages.flatMap((page) => page.warnings)).toEqual([]);
  expect(posts.length).toBeGreaterThan(200);
  expect(new Set(posts.map((post) => post.externalId)).size).toBe(posts.length);
  const now = tools.clock.now();
  const newest = Math.max(...posts.map((post) => post.createdAt ?? 0));
  expect(newest).toBeLessThanOrEqual(now);
  expect(newest).toBeGreaterThan(now - 3_600_000);
});

test('the wizard does not propose it', () => {
  expect(proposeSources('acme').map(({ config }) => config.kind)).not.toContain('demo');
});
