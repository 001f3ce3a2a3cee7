import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { openCollector } from '../../source/collector/collector.ts';
import { usageSchema } from '../../source/config/usage-schema.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import { asksNotToTrack, type UsageCount, type UsageKind, usageDayOf } from '../../source/domain/usage.ts';
import { usagePayloadSchema } from '../../source/domain/usage-payload.ts';
import { createHarvester } from '../../source/harvester/create.ts';
import { createUsage, tellUsage, type UsageSetup, uncounted } from '../../source/harvester/usage.ts';
import { UsageMeter } from '../../source/harvester/usage-meter.ts';
import { listSource, scriptedParts, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { untaughtParts } from './untaught.ts';

const dayMs = 86_400_000;
const start = Date.UTC(2026, 10, 20, 12);

/** Somebody who collects, on a real socket; `answer` is the status, and where to if it points elsewhere. */
async function collector(answer: () => { status: number; location?: string } = () => ({ status: 204 })) {
  const got: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    got.push({ headers: request.headers, body });
    const { status, location } = answer();
    response.writeHead(status, location === undefined ? {} : { location }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/usage` };
}

async function counting(setup: Partial<UsageSetup> = {}, url?: string) {
  const store = await temporaryStore();
  const clock = { at: start };
  const log: string[] = [];
  const usage = createUsage({
    store,
    clock: { now: () => clock.at, sleep: async () => undefined },
    logger: { info: (...args: unknown[]) => void log.push(JSON.stringify(args)) },
    usage: {
      ...uncounted,
      record: true,
      version: '1.2.3',
      platform: 'linux',
      nodeMajor: 24,
      collector: url === undefined ? null : openCollector(url, 2_000),
      ...setup,
    },
  });
  const use = (kind: UsageKind, name: string, ms = 0): Promise<void> =>
    usage.record([{ day: usageDayOf(clock.at), kind, name, count: 1, totalMs: ms }]);
  return { usage, use, clock, store, log };
}

describe('what is counted', () => {
  test('adds up by day, kind and name, and nothing but names of the program', async () => {
    const { usage, use, clock } = await counting();
    await use('action', 'dismiss');
    await use('action', 'dismiss');
    await use('action', 'planted words of a search');
    await use('route', 'GET /v1/signals?search=planted');
    await use('command', 'planted:secret');
    await use('run', 'done', 900);
    clock.at += dayMs;
    await use('run', 'done', 100);
    const today = usageDayOf(start);
    expect(await usage.list(0)).toEqual([
      { day: today, kind: 'action', name: 'dismiss', count: 2, totalMs: 0 },
      { day: today, kind: 'action', name: 'other', count: 1, totalMs: 0 },
      { day: today, kind: 'command', name: 'other', count: 1, totalMs: 0 },
      { day: today, kind: 'route', name: 'other', count: 1, totalMs: 0 },
      { day: today, kind: 'run', name: 'done', count: 1, totalMs: 900 },
      { day: today + dayMs, kind: 'run', name: 'done', count: 1, totalMs: 100 },
    ]);
    expect(await usage.list(today + dayMs)).toHaveLength(1);
  });

  test('goes after its days, and a day has a bounded number of names', async () => {
    const { usage, use, clock, store } = await counting({ keepDays: 10 });
    await use('run', 'done');
    clock.at += 11 * dayMs;
    await use('run', 'failed');
    expect((await usage.list(0)).map(({ name }) => name)).toEqual(['failed']);
    const many = Array.from({ length: 20 }, (_, index): UsageCount => {
      return { day: usageDayOf(clock.at), kind: 'command', name: `c${index}`, count: 1, totalMs: 0 };
    });
    await store.addUsage(many, 0, 5);
    const counts = await usage.list(0);
    expect(counts.length).toBeLessThanOrEqual(6);
    expect(counts.find(({ name }) => name === 'other')?.count).toBe(16);
  });

  test('is nothing where it may not be: record false, or DO_NOT_TRACK', async () => {
    for (const setup of [{ record: false }, { doNotTrack: true }]) {
      const { usage, use } = await counting(setup);
      await use('run', 'done');
      expect(await usage.list(0)).toEqual([]);
      expect((await usage.status()).recording).toBe(false);
    }
    const { usage } = await counting({ doNotTrack: true });
    const status = await usage.status();
    expect(status.reasons[0]).toContain('DO_NOT_TRACK');
    expect(tellUsage(status)?.finding).toContain('DO_NOT_TRACK');
    expect(['1', 'true', 'yes'].map(asksNotToTrack)).toEqual([true, true, true]);
    expect([undefined, '', '0', 'false'].map(asksNotToTrack)).toEqual([false, false, false, false]);
  });
});

describe('a batch', () => {
  test('is handed on by itself, keeps its day, and is kept when it could not be', async () => {
    const taken: UsageCount[] = [];
    let broken = true;
    let now = start;
    const meter = new UsageMeter(
      async (counts) => {
        if (broken) throw new Error('locked');
        taken.push(...counts);
      },
      () => now,
      1,
    );
    meter.count('action', 'dismiss');
    meter.count('action', 'dismiss', 5);
    await meter.flush();
    now += dayMs;
    broken = false;
    meter.count('action', 'undo');
    await expect.poll(() => taken.length).toBe(2);
    expect(taken).toEqual([
      { day: usageDayOf(start), kind: 'action', name: 'dismiss', count: 2, totalMs: 5 },
      { day: usageDayOf(now), kind: 'action', name: 'undo', count: 1, totalMs: 0 },
    ]);
    await meter.flush();
    expect(taken).toHaveLength(2);
  });
});

describe('sending', () => {
  test('needs a collector and consent, and sends days that are over, once', async () => {
    const { got, url } = await collector();
    const { usage, use, clock, log } = await counting({}, url);
    await use('run', 'done', 70);
    clock.at += dayMs;
    await use('run', 'done');
    await usage.sendIfDue();
    await expect(usage.send()).rejects.toMatchObject({ code: 'usage-not-sent' });
    await usage.consent(false);
    await usage.sendIfDue();
    expect(got).toEqual([]);
    const { consent, sending } = await usage.consent(true);
    expect([sending, consent]).toEqual([true, { given: true, at: clock.at, version: 1, current: true }]);
    const shown = await usage.payload();
    await usage.sendIfDue();
    expect(got.map(({ body }) => JSON.parse(body))).toEqual([shown]);
    expect(shown).toMatchObject({
      schemaVersion: 1,
      version: '1.2.3',
      days: [{ day: '2026-11-20', counts: [{ kind: 'run', name: 'done', count: 1, totalMs: 70 }] }],
    });
    expect(usagePayloadSchema.parse(JSON.parse(got[0]?.body ?? ''))).toEqual(shown);
    expect(Object.keys(got[0]?.headers ?? {}).toSorted()).toEqual(
      ['connection', 'content-length', 'content-type', 'host', 'user-agent'].toSorted(),
    );
    await usage.sendIfDue();
    clock.at += dayMs / 2;
    await usage.sendIfDue();
    expect(got).toHaveLength(1);
    clock.at += dayMs;
    await usage.sendIfDue();
    expect(JSON.parse(got[1]?.body ?? '').days.map(({ day }: { day: string }) => day)).toEqual([
      '2026-11-21',
    ]);
    expect(log.join()).toContain('usage sent');
    await usage.consent(false);
    clock.at += 3 * dayMs;
    await use('run', 'done');
    await usage.sendIfDue();
    expect(got).toHaveLength(2);
  });

  test('does not happen without a collector, nor under DO_NOT_TRACK, whatever was agreed to', async () => {
    const { got, url } = await collector();
    for (const [setup, to, fix] of [
      [{}, undefined, /usage\.collectorUrl/],
      [{ doNotTrack: true }, url, /DO_NOT_TRACK out of the environment/],
      [{ record: false }, url, /usage\.record to true/],
    ] as const) {
      const { usage, use, clock } = await counting(setup, to);
      await usage.consent(true);
      await use('run', 'done');
      clock.at += dayMs;
      await usage.sendIfDue();
      expect((await usage.status()).sending).toBe(false);
      await expect(usage.send()).rejects.toMatchObject({
        code: 'usage-not-sent',
        fix: expect.stringMatching(fix),
      });
    }
    expect(got).toEqual([]);
  });

  test('stops when the text has changed since it was agreed to', async () => {
    const { got, url } = await collector();
    const { usage, clock, store } = await counting({}, url);
    await usage.consent(true);
    await store.saveUsageState({ consent: { given: true, at: 1, version: 99 } });
    clock.at += dayMs;
    await usage.sendIfDue();
    expect((await usage.status()).reasons.join()).toContain('agreed to again');
    expect(got).toEqual([]);
  });

  test('follows no redirect, fails without a word but in the log, and sends it the next day', async () => {
    const elsewhere = await collector();
    let answer: { status: number; location?: string } = { status: 307, location: elsewhere.url };
    const { got, url } = await collector(() => answer);
    const { usage, use, clock, log } = await counting({}, url);
    await usage.consent(true);
    await use('run', 'done');
    for (const status of [307, 500]) {
      answer = { ...answer, status };
      clock.at += dayMs + 1;
      await usage.sendIfDue();
    }
    expect(elsewhere.got).toEqual([]);
    expect(log.filter((line) => line.includes('was not sent'))).toHaveLength(2);
    answer = { status: 200 };
    clock.at += dayMs + 1;
    await usage.sendIfDue();
    expect(got).toHaveLength(3);
    expect((await usage.status()).sentThrough).toBe(usageDayOf(start));
  });

  test('forgetting removes every count and takes another id, and keeps the answer', async () => {
    const { usage, use } = await counting({}, 'https://collector.example/');
    await usage.consent(true);
    await use('run', 'done');
    const { installId } = await usage.payload();
    expect(await usage.forget()).toBe(1);
    expect(await usage.list(0)).toEqual([]);
    expect((await usage.payload()).installId).not.toBe(installId);
    expect((await usage.status()).consent?.given).toBe(true);
  });

  test('goes to https, or to this machine', () => {
    const takes = (collectorUrl: string) => usageSchema.safeParse({ collectorUrl }).success;
    const good = ['', 'https://a.example/x', 'http://127.0.0.1:9/', 'http://localhost/x', 'http://[::1]/'];
    expect(good.filter((url) => !takes(url))).toEqual([]);
    const bad = [
      'http://a.example/',
      'ftp://a.example/',
      'https://u:p@a.example/',
      'a.example',
      'http://localhost.evil.example/',
    ];
    expect(bad.filter(takes)).toEqual([]);
  });
});

test('docs/usage.md has every field of the message in the words of its schema, and no other', () => {
  const page = readFileSync(new URL('../../docs/usage.md', import.meta.url), 'utf8');
  const [, table = ''] = page.split('## The message, field by field');
  const rows = [...table.matchAll(/^\| `([\w.]+)` \| (.+) \|$/gm)].map(([, field, words]) => [field, words]);
  interface Node {
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Node>>;
    readonly items?: Node;
  }
  const fieldsOf = (node: Node, path: string): (readonly [string, string | undefined])[] =>
    Object.entries(node.properties ?? node.items?.properties ?? {}).flatMap(([key, member]) => [
      [`${path}${key}`, member.description] as const,
      ...fieldsOf(member, `${path}${key}.`),
    ]);
  expect(rows).toEqual(fieldsOf(z.toJSONSchema(usagePayloadSchema) as Node, ''));
});

test('a run sends the days that are over once there are both, and nothing of what it harvested', async () => {
  const { got, url } = await collector();
  const store = await temporaryStore();
  const clock = { at: start };
  const harvester = createHarvester({
    ...scriptedParts(store),
    ...untaughtParts(store),
    store,
    clock: { now: () => clock.at, sleep: async () => undefined },
    categories: categoryIds,
    analyst: 'plantedanalyst',
    timeZone: 'UTC',
    views: [{ name: 'plantedview', query: 'plantedsearch' }],
    sources: [],
    openAdHoc: ({ name }) => listSource(name, syntheticPosts('plantedpost', 3)),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    doctor: { configPath: null, nodeVersion: '24.0.0', keys: [], clockSkewMs: () => null },
    usage: { ...uncounted, record: true, collector: openCollector(url, 2_000) },
  });
  const run = () => harvester.run({ sources: [], adHoc: [{ name: 'plantedsource', kind: 'list' }] });
  await run();
  await harvester.signals.count({ search: 'plantedsearch' });
  await harvester.usage.consent(true);
  await run();
  clock.at += dayMs;
  await run();
  // Closing waits for what is being sent.
  await harvester.close();
  expect(got).toHaveLength(1);
  expect(JSON.parse(got[0]?.body ?? '').days).toEqual([
    { day: '2026-11-20', counts: [{ kind: 'run', name: 'done', count: 2, totalMs: expect.any(Number) }] },
  ]);
  expect(got[0]?.body).not.toContain('planted');
});
