import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Insight } from '../../source/domain/insight.ts';
import type { RunTimings } from '../../source/harvester/timings.ts';
import { systemClock } from '../../source/ports/clock.ts';
import { fakeX, xId } from '../sources/fake-x.ts';
import { configFor, feed, items, serve } from './feeds.ts';
import { makeWorkplace, type Workplace } from './program.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** As if `name` had yielded 40 posts on each of ten days, and nothing since yesterday. */
function makeSilent(place: Workplace, name: string): void {
  const database = new Database(join(place.folder, 'signals.sqlite'));
  const today = Math.floor(Date.now() / dayMs);
  const insert = database.prepare(
    'INSERT INTO source_days (source, day, runs, added, excluded, reads, microDollars) VALUES (?, ?, 1, 40, 0, 0, 0)',
  );
  for (let back = 2; back < 12; back += 1) insert.run(name, today - back);
  database.prepare('UPDATE sources SET lastPostAt = ? WHERE name = ?').run(Date.now() - 26 * hourMs, name);
  database.close();
}

/** X with `count` posts, the newest a minute old. */
async function serveX(count: number): Promise<string> {
  const posts = Array.from({ length: count }, (_, index) => {
    const at = Date.now() - (index + 1) * 60_000;
    return {
      id: xId(at),
      text: `Acme remark ${index}: ${(index * 7919).toString(36)} ${(index * 104_729).toString(36)}`,
      author_id: '7',
      created_at: new Date(at).toISOString(),
      public_metrics: { retweet_count: 0, reply_count: 0, like_count: index, quote_count: 0 },
    };
  });
  const handler = fakeX({ posts, clock: systemClock });
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const paid = { X_BEARER_TOKEN: 'good' };

async function placeWithX(count: number, more = ''): Promise<Workplace> {
  const base = await serveX(count);
  return makeWorkplace({
    'config.yaml': `http: { allowPrivate: true, retries: 0, perHostDelayMs: 0 }
store: { path: signals.sqlite }
${more}sources:
  - { name: x-acme, kind: x, query: acme, baseUrl: "${base}", pricePerPost: 0.01, maxResults: 10 }
`,
  });
}

interface Health {
  readonly sources: readonly {
    name: string;
    state: string;
    silence: string | null;
    lastError: string | null;
  }[];
}

describe('sources list', () => {
  it('tells how each is doing: well, failing, silent, off and never asked', async () => {
    const base = await serve({ '/good': feed(items), '/quiet': feed([]) });
    const config = configFor(base, ['/good', '/quiet', '/gone']);
    const place = makeWorkplace({
      'config.yaml': `${config}  - { name: disabled, kind: rss, url: "${base}/x", enabled: false }\n`,
    });
    await place.run(['fetch']);
    makeSilent(place, 'quiet');
    const json = await place.run(['sources', 'list', '--json']);
    const { sources } = JSON.parse(json.stdout) as Health;
    expect(sources.map(({ name, state }) => [name, state])).toEqual([
      ['good', 'well'],
      ['quiet', 'silent'],
      ['gone', 'failing'],
      ['disabled', 'off'],
    ]);
    expect(sources[1]?.silence).toBe('silent for 26 h, usually 40 posts a day');
    expect(sources[2]?.lastError).toContain('404');

    const { code, stdout } = await place.run(['sources', 'list']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.split('\t')).toHaveLength(13);
    expect(stdout).toMatch(/^quiet\trss\tsilent\t0\t\S+\t40\tsilent for 26 h/m);
    expect((await place.run(['stats', '--sources', '--json'])).stdout).toBe(json.stdout);
  });

  it('has a word for who has no source, and for a mistyped action', async () => {
    const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
    expect(await place.run(['sources', 'list'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('There is no source yet'),
    });
    expect(await place.run(['sources', 'lits'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "list"?'),
    });
    expect(await place.run(['sources', 'list', 'x'])).toMatchObject({ code: 2 });
  });
});

describe('doctor', () => {
  it('warns of a silent source and of a limited one, and does not ask the latter', async () => {
    let asked = 0;
    const base = await serve({
      '/quiet': feed(items),
      '/busy': (response) => {
        asked += 1;
        response.writeHead(429, { 'retry-after': '3600' }).end();
      },
    });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/quiet', '/busy']) });
    const first = await place.run(['run']);
    expect(first.stderr).toMatch(/^limited +busy .*: limited until .*\d\d:\d\d/m);
    expect(first.stderr).toMatch(/^done: .*; busy is limited until /m);
    expect(first.code).toBe(0);
    makeSilent(place, 'quiet');
    const before = asked;
    const { code, stdout } = await place.run(['doctor']);
    expect(stdout).toMatch(/^yield of quiet\twarning\tsilent for 26 h, usually 40 posts a day$/m);
    expect(stdout).toMatch(/^source busy\twarning\tlimited until .*, so it was not tried$/m);
    expect(stdout).toContain('signal-harvester sources test quiet');
    expect(asked).toBe(before);
    expect(code).toBe(0);
  });
});

describe('sources test', () => {
  const excludes = 'exclude: { words: [dashboard], authors: [] }\n';

  it('says what would be kept and what dropped and why, and writes nothing', async () => {
    const base = await serve({ '/one': feed(items) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one'], excludes) });
    const { code, stdout, stderr } = await place.run(['sources', 'test', 'one']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^dropped\t“dashboard”\t.*I love the new Acme dashboard/m);
    expect(stdout.match(/^kept\t/gm)).toHaveLength(3);
    expect(stderr).toContain('3 posts would be kept, 1 dropped; nothing was written');
    const status = JSON.parse((await place.run(['db', 'status', '--json'])).stdout) as { posts: number };
    expect(status.posts).toBe(0);
    const { sources } = JSON.parse((await place.run(['sources', 'list', '--json'])).stdout) as Health;
    expect(sources[0]?.state).toBe('new');
  });

  it('has a JSON face', async () => {
    const base = await serve({ '/one': feed(items) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one'], excludes) });
    const { stdout, stderr } = await place.run(['sources', 'test', 'one', '--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'one',
      kept: [{ externalId: 'a' }, {}, {}],
      dropped: [{ post: { externalId: 'b' }, reason: '“dashboard”' }],
      warnings: [],
      error: null,
    });
  });

  it('of a source that fails ends with 3 and its fix; of one that does not exist, with 2', async () => {
    const base = await serve({});
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/gone']) });
    const { code, stderr } = await place.run(['sources', 'test', 'gone']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^failed: .*404.*\nfix: \S/m);
    expect(await place.run(['sources', 'test', 'gnoe'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "gone"?'),
    });
    expect(await place.run(['sources', 'test'])).toMatchObject({ code: 2 });
  });
});

describe('money', () => {
  it('run --estimate says what a run would cost and makes none', async () => {
    const place = await placeWithX(3, 'run: { maxPostsPerSource: 50 }\nspend: { perRunUsd: 0.2 }\n');
    const { code, stdout, stderr } = await place.run(['run', '--estimate'], { env: paid });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^x-acme\tx\t50\t\$0\.50\tat most, since too little is known/);
    expect(stderr).toBe('$0.50 in all; the caps leave $0.20, where the run would stop.\n');
    const json = await place.run(['run', '--estimate', '--json'], { env: paid });
    expect(JSON.parse(json.stdout)).toMatchObject({
      estimate: { sources: [{ name: 'x-acme', reads: 50, usd: 0.5 }], totalUsd: 0.5, leftUsd: 0.2 },
    });
    const status = JSON.parse((await place.run(['db', 'status', '--json'])).stdout) as { posts: number };
    expect(status.posts).toBe(0);
  });

  it('is not asked for where nothing costs any', async () => {
    const base = await serve({ '/one': feed(items) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
    const { code, stdout, stderr } = await place.run(['run', '--estimate']);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('Nothing here costs money');
  });

  it('that was spent is told by the run and by sources list', async () => {
    const place = await placeWithX(12);
    const { stderr } = await place.run(['run'], { env: paid });
    expect(stderr).toMatch(/^done +x-acme \(12 read, 12 new, \$0\.12, /m);
    expect(stderr).toMatch(/^done: 12 new posts, 12 new signals .*; \$0\.12 spent$/m);
    const listed = JSON.parse((await place.run(['sources', 'list', '--json'], { env: paid })).stdout) as {
      sources: { monthUsd: number; quota: { remaining: number } }[];
    };
    expect(listed.sources[0]?.monthUsd).toBeCloseTo(0.12, 6);
    expect(listed.sources[0]?.quota).toMatchObject({ limit: 450 });
  });

  it('refresh reads counts again within the caps', async () => {
    const place = await placeWithX(5);
    await place.run(['run'], { env: paid });
    const { code, stdout } = await place.run(['refresh', '--min-salience', '0', '--json'], { env: paid });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ asked: 5, costUsd: expect.closeTo(0.05, 6), notes: [] });
    const words = await place.run(['refresh', '--min-salience', '0', '--limit', '2'], { env: paid });
    expect(words.stdout).toBe('Read the counts of 2 posts again, for $0.02: 0 had changed.\n');
  });
});

it('refresh says which sources cannot tell', async () => {
  const base = await serve({ '/one': feed(items) });
  const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
  await place.run(['run']);
  const { code, stdout, stderr } = await place.run(['refresh', '--min-salience', '0']);
  expect([code, stdout]).toEqual([0, 'Read the counts of 0 posts again: 0 had changed.\n']);
  expect(stderr).toContain('one: rss cannot tell');
});

describe('a backfill', () => {
  it('asks a feed without its validators, so that nothing is held back', async () => {
    const asked: (string | undefined)[] = [];
    const base = await serve({
      '/one': (response) => {
        asked.push(response.req.headers['if-none-match']);
        response.setHeader('etag', '"1"');
        feed(items)(response);
      },
    });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
    await place.run(['run']);
    await place.run(['run']);
    const { code } = await place.run(['fetch', '--since', '7d']);
    expect(code).toBe(0);
    expect(asked).toEqual([undefined, '"1"', undefined]);
  });

  it('refuses a time that is none, or yet to come', async () => {
    const place = makeWorkplace({ 'config.yaml': 'sources: [{ name: a, kind: file, path: a.csv }]\n' });
    for (const when of ['soon', '2999-01-01']) {
      expect(await place.run(['run', '--since', when])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^error: --since /),
      });
    }
  });
});

it('the later stages say how much they did', async () => {
  const base = await serve({ '/one': feed(items) });
  const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
  expect((await place.run(['fetch'])).stderr).toMatch(/^done: 4 new posts in /m);
  expect((await place.run(['analyze'])).stderr).toMatch(
    /^done: 4 posts grouped into 4 new signals, 4 signals analyzed in /m,
  );
  expect((await place.run(['score'])).stderr).toMatch(/^done: 4 signals scored in /m);
  expect((await place.run(['score'])).stderr).toMatch(/^done: 0 signals scored in /m);
  expect((await place.run(['score', '--all'])).stderr).toMatch(/^done: 4 signals scored in /m);
});

it('stats counts what is stored', async () => {
  const base = await serve({ '/one': feed(items) });
  const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
  await place.run(['run']);
  const { code, stdout } = await place.run(['stats', '--json']);
  expect(code).toBe(0);
  const stats = JSON.parse(stdout) as { inboxByCategory: Record<string, { count: number }> };
  expect(stats).toMatchObject({
    posts: 4,
    signals: 4,
    byStatus: { inbox: { count: 4, capped: false }, dismissed: { count: 0 } },
  });
  expect(Object.values(stats.inboxByCategory).reduce((sum, { count }) => sum + count, 0)).toBe(4);
  expect((await place.run(['stats'])).stdout).toMatch(/^signals +4\n {2}inbox +4$/m);
  const since = ['stats', '--since', '2000-01-01'];
  expect((await place.run(since)).stdout).toMatch(/^signals +4 \(0 before\)$/m);
  const found = await place.run([...since, '--search', 'sentiment:positive', '--json']);
  const { signals, sentiment } = JSON.parse(found.stdout) as Insight;
  expect(signals.total).toBe(sentiment.positive.total);
  expect((await place.run([...since, '--search', 'catgory:bug'])).code).toBe(2);
  const timed = await place.run(['stats', '--timings', '--json']);
  const { runs, stages } = JSON.parse(timed.stdout) as RunTimings;
  expect(runs).toBe(1);
  expect(stages.map(({ name, count }) => [name, count])).toEqual([
    ['fetch', 1],
    ['group', 1],
    ['analyze', 1],
    ['score', 1],
  ]);
  const lines = (await place.run(['stats', '--timings'])).stdout;
  expect(lines).toMatch(/^stage\tgroup\t1\t[\d.]+ m?s\t/m);
  expect(lines).toMatch(/^query\tsavePage\t\d+\t/m);
  const past = await place.run([...since, '--until', '2000-01-08']);
  expect(past.stdout).toMatch(/^from +2000-01-01 00:00 to 2000-01-08 00:00 UTC;/);
  expect(past.stdout).toMatch(/^signals +0 \(0 before\)$/m);
  expect((await place.run([...since, '--until', '1999-01-01'])).code).toBe(2);
  expect((await place.run(['stats', '--until', '2000-01-08'])).stderr).toContain(
    '--until belongs to --since',
  );
});

it('a post without text is its title alone, in tables and pipes', async () => {
  const place = makeWorkplace({
    'config.yaml': 'store: { path: signals.sqlite }\n',
    'posts.ndjson': '{"id":"1","title":"Acme is down"}\n',
  });
  await place.run(['import', 'posts.ndjson']);
  for (const command of ['list', 'top']) {
    expect((await place.run([command])).stdout.split('\t')[9]).toBe('Acme is down');
  }
  expect((await place.run(['run', '--demo', '--limit', '30'])).stdout).not.toMatch(/: *$/m);
});
