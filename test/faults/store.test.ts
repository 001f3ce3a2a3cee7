import { readdirSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createHttpClient } from '../../source/sources/http.ts';
import { openSource } from '../../source/sources/open.ts';
import { openStore } from '../../source/store/store.ts';
import { harvestScripted } from '../pipeline/scripted.ts';
import { leapingClock, serve, testSettings } from '../sources/loopback.ts';
import { temporaryFolder } from '../store/temporary-store.ts';
import { openFaultProxy } from './fault-proxy.ts';
import { outsideSecrets, outsideServices, storyOf } from './outside.ts';

const now = Date.UTC(2026, 0, 15, 12);

/** Six services with posts of 360 stories, every fifth of which is told by two of them. */
async function openServices() {
  const services = outsideServices(() => now);
  for (let number = 0; number < 360; number += 1) {
    const tellers = [
      services[number % services.length],
      number % 5 === 0 ? services[(number + 1) % 6] : undefined,
    ];
    for (const teller of tellers) teller?.publish(storyOf(number), now - (number + 1) * 1_200_000);
  }
  return Promise.all(
    services.map(async (service) => ({ ...service, url: (await serve(service.handler)).url })),
  );
}

type Services = Awaited<ReturnType<typeof openServices>>;

/** One run, as a new process would make it; true when nothing went wrong. */
async function harvestOnce(
  path: string,
  services: Services,
  addresses: readonly string[],
  timeoutMs = 10_000,
): Promise<boolean> {
  const store = await openStore(path);
  const clock = leapingClock(now);
  const http = createHttpClient({ ...testSettings, timeoutMs, retries: 0 }, clock, { random: () => 1 });
  const tools = { http, clock, folder: '/', secrets: outsideSecrets };
  const sources = services.map(({ kind, options }, at) =>
    openSource({ name: kind, kind, ...options(addresses[at] ?? '') }, tools),
  );
  const { state } = await harvestScripted(store, sources, { clock });
  await http.close();
  await store.close();
  return state === 'done';
}

/** All that must not depend on what befell the requests. */
function stateOf(path: string) {
  const db = new Database(path, { readonly: true });
  try {
    const posts = db
      .prepare(
        'SELECT source, externalId, url, link, author, title, text, lang, createdAt, likes, reposts, replies, quotes, parentUrl, parentText FROM posts ORDER BY source, externalId',
      )
      .all();
    const signals = db
      .prepare(
        `SELECT group_concat(name, ' ') AS members FROM (SELECT signalId, source || '/' || externalId AS name FROM posts ORDER BY name)
         GROUP BY signalId ORDER BY members`,
      )
      .all();
    return { posts, signals };
  } finally {
    db.close();
  }
}

const openSockets = () =>
  process.getActiveResourcesInfo().filter((each) => /^(?:TCPSocketWrap|TLSWrap|Timeout)$/.test(each)).length;
const openDescriptors = () => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0);

test.each([1, 2])('behind faults drawn by seed %i the store ends as one of a quiet network', async (seed) => {
  const services = await openServices();
  const folder = temporaryFolder();
  const urls = services.map(({ url }) => url);
  expect(await harvestOnce(`${folder}/reference.db`, services, urls)).toBe(true);
  const before = { sockets: openSockets(), descriptors: openDescriptors() };

  const proxies = await Promise.all(
    urls.map((url, at) => openFaultProxy(url, { seed: seed * 100 + at, share: 0.5, stallMs: 450 })),
  );
  const addresses = proxies.map(({ url }) => url);
  let troubled = 0;
  for (let run = 0; run < 6; run += 1) {
    if (!(await harvestOnce(`${folder}/soaked.db`, services, addresses, 300))) troubled += 1;
  }
  for (const proxy of proxies) proxy.quiet();
  expect(await harvestOnce(`${folder}/soaked.db`, services, addresses)).toBe(true);
  const met = proxies.flatMap((proxy) => [...proxy.met.values()]).reduce((sum, count) => sum + count, 0);
  for (const proxy of proxies) await proxy.close();

  expect(met).toBeGreaterThan(10);
  expect(troubled).toBeGreaterThan(1);
  const reference = stateOf(`${folder}/reference.db`);
  expect(reference.posts).toHaveLength(432);
  expect(reference.signals).toHaveLength(360);
  expect(stateOf(`${folder}/soaked.db`)).toEqual(reference);
  // The services' own ends of what the proxies had open go a moment later.
  await expect.poll(openSockets).toBeLessThanOrEqual(before.sockets);
  await expect.poll(openDescriptors).toBeLessThanOrEqual(before.descriptors);
});
