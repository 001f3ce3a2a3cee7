import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from './program.ts';

const config = `store: { path: data/signals.sqlite }
sources: []
retention: { signals: [{ statuses: [dismissed, inbox], olderThanDays: 30 }] }
`;

function posts(count: number, from = 0): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      id: `p${from + index}`,
      text: `login fails on host number ${(from + index) * 7919} and nobody at all has said why`,
      createdAt: '2026-01-02T03:04:05Z',
    }),
  ).join('\n');
}

async function filled(count = 12): Promise<Workplace> {
  const place = makeWorkplace({ 'config.yaml': config, 'posts.ndjson': posts(count) });
  expect((await place.run(['import', 'posts.ndjson'])).code).toBe(0);
  return place;
}

async function json<Shape = Record<string, unknown>>(place: Workplace, ...args: string[]): Promise<Shape> {
  const { stdout, stderr, code } = await place.run([...args, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Shape;
}

const changes = async (place: Workplace) => {
  const { entries } = await json<{ entries: { action: string; via: string; target: string }[] }>(
    place,
    'audit',
  );
  return entries.map(({ via, action, target }) => `${via} ${action} ${target}`);
};

const status = (place: Workplace) => json<{ posts: number; signals: number }>(place, 'db', 'status');

describe('snapshot', () => {
  it('makes, lists, shows, verifies, compares and removes them', async () => {
    const place = await filled();
    const { snapshot } = await json<{ snapshot: { id: string; verified: boolean } }>(
      place,
      'snapshot',
      'create',
      '--tag',
      'first',
    );
    expect(snapshot.verified).toBe(true);
    expect(readdirSync(join(place.folder, 'data/signals-snapshots'))).toEqual([snapshot.id]);
    expect((await place.run(['snapshot', 'list'])).stdout).toMatch(
      /^\S+Z\t0m\t[\d.]+ KiB\t\d+\tverified\tasked\tfirst\n$/,
    );
    expect((await place.run(['snapshot', 'show', 'newest'])).stdout).toContain(`snapshot  ${snapshot.id}`);
    expect(await json(place, 'snapshot', 'verify', '--all')).toEqual({
      ok: true,
      snapshots: [{ id: snapshot.id, ok: true, problems: [] }],
    });
    writeFileSync(join(place.folder, 'more.ndjson'), posts(1, 500));
    await place.run(['import', 'more.ndjson']);
    expect(await json(place, 'snapshot', 'diff', snapshot.id.slice(0, 12))).toMatchObject({
      added: 1,
      gone: 0,
      to: 'now',
    });
    const report = await place.run(['snapshot', 'diff', 'newest', '--format', 'markdown']);
    expect(report.stdout).toMatch(/^\| added \| \d+ \| more \| login fails/m);
    expect(await json(place, 'snapshot', 'tag', 'newest', '--tag', 'other')).toMatchObject({
      tags: ['other'],
    });

    const last = await place.run(['snapshot', 'remove', 'newest', '--force']);
    expect([last.code, last.stderr]).toEqual([2, expect.stringContaining('newest verified')]);
    await place.run(['snapshot', 'create']);
    const refused = await place.run(['snapshot', 'remove', snapshot.id]);
    expect([refused.code, refused.stdout]).toEqual([
      2,
      expect.stringContaining(`Plan: remove ${snapshot.id}`),
    ]);
    expect(await json(place, 'snapshot', 'remove', snapshot.id, '--force')).toEqual({
      removed: [snapshot.id],
    });
    expect((await json<{ snapshots: [] }>(place, 'snapshot', 'list')).snapshots).toHaveLength(1);
  });

  it('restores with --force alone, after a snapshot of what was there', async () => {
    const place = await filled();
    const { snapshot } = await json<{ snapshot: { id: string } }>(place, 'snapshot', 'create');
    writeFileSync(join(place.folder, 'more.ndjson'), posts(3, 500));
    await place.run(['import', 'more.ndjson']);
    const planned = await place.run(['snapshot', 'restore', snapshot.id]);
    expect([planned.code, planned.stdout]).toEqual([
      2,
      expect.stringContaining('Plan: replace the whole store'),
    ]);
    expect(await status(place)).toMatchObject({ posts: 15 });
    const { before } = await json<{ before: string }>(place, 'snapshot', 'restore', snapshot.id, '--force');
    expect(await status(place)).toMatchObject({ posts: 12 });
    expect(await json(place, 'snapshot', 'restore', before, '--signals-only', '--force')).toMatchObject({
      rows: { posts: 15 },
    });
    expect(await status(place)).toMatchObject({ posts: 15 });
    expect((await place.run(['snapshot', 'restore', snapshot.id, '--to', 'copy.sqlite'])).code).toBe(0);
    // The trail is that of the store which is there now; a copy elsewhere is no change of it.
    expect(await changes(place)).toEqual([`cli store.restore ${before}`, `cli store.restore ${snapshot.id}`]);
    expect((await place.run(['snapshot', 'restore', snapshot.id, '--to', 'copy.sqlite'])).stderr).toContain(
      'exists already',
    );
  });

  it('brings back a store that no command can open any more', async () => {
    const place = await filled();
    await place.run(['snapshot', 'create']);
    const store = join(place.folder, 'data/signals.sqlite');
    writeFileSync(store, 'nothing that a database would say '.repeat(300));
    expect((await place.run(['list'])).code).toBe(4);
    const { stdout } = await place.run(['snapshot', 'restore', 'newest', '--force']);
    expect(stdout).toContain('is kept as');
    expect(readFileSync(`${store}.damaged`, 'utf8')).toContain('nothing that a database');
    expect(await status(place)).toMatchObject({ posts: 12 });
  });

  it('ends with 3 when one is damaged, and says what', async () => {
    const place = await filled();
    const { snapshot } = await json<{ snapshot: { path: string } }>(place, 'snapshot', 'create');
    writeFileSync(join(snapshot.path, 'schema.json'), '{}');
    const { code, stdout } = await place.run(['snapshot', 'verify']);
    expect([code, stdout]).toEqual([3, expect.stringMatching(/damaged\n {2}schema\.json has 2 bytes/)]);
    expect((await place.run(['doctor'])).stdout).toMatch(/^snapshots\twarning\t.* is damaged/m);
  });

  it('suggests what was meant', async () => {
    const place = await filled(1);
    expect(await place.run(['snapshot', 'show', 'newest'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no snapshot yet'),
    });
    expect((await place.run(['snapshot', 'creat'])).stderr).toContain('did you mean "create"?');
    expect((await place.run(['snapshot', 'show'])).stderr).toContain('needs the id');
    expect((await place.run(['snapshot', 'create', '--tag', 'a b'])).stderr).toContain('cannot be a tag');
  });

  it('is made before a rollback, but not of an empty store', async () => {
    const place = makeWorkplace({ 'config.yaml': config });
    await place.run(['db', 'migrate']);
    await place.run(['db', 'rollback', '--force']);
    expect((await json<{ snapshots: [] }>(place, 'snapshot', 'list')).snapshots).toEqual([]);
    const full = await filled();
    await full.run(['db', 'rollback', '--force']);
    // And before the migration that the next command brings.
    await full.run(['list']);
    const { snapshots } = await json<{ snapshots: { reason: string }[] }>(full, 'snapshot', 'list');
    expect(snapshots.map(({ reason }) => reason)).toEqual(['before-migration', 'before-rollback']);
  });
});

describe('retain, quota and prune', () => {
  async function withThree(): Promise<Workplace> {
    const place = await filled(2);
    for (let made = 0; made < 3; made += 1) await place.run(['snapshot', 'create']);
    return place;
  }
  const left = async (place: Workplace) =>
    (await json<{ snapshots: unknown[] }>(place, 'snapshot', 'list')).snapshots.length;

  it('show why each stays or goes', async () => {
    const place = await withThree();
    const plan = await place.run(['retain', '--keep-daily', '7', '--keep-last', '2']);
    expect(plan.code).toBe(0);
    expect(
      plan.stdout.split('\n').map((line) => line.split('\t').slice(1, 2).concat(line.split('\t').slice(4))),
    ).toEqual([
      ['keep', 'last 1 of 2; daily 1 of 7; newest verified'],
      ['keep', 'last 2 of 2'],
      ['keep', 'oldest, daily has places left'],
      [],
    ]);
  }, 60_000);

  it('remove what is planned after verifying what stays', async () => {
    const place = await withThree();
    expect((await place.run(['prune', '2'])).code).toBe(2);
    expect(await left(place)).toBe(3);
    const { stdout } = await place.run(['prune', '2', '--force']);
    expect(stdout).toContain('Removed 1 snapshot after verifying what stays.');
    expect(await left(place)).toBe(2);
    const quota = await json<{ removed: string[] }>(place, 'quota', '--max-bytes', '1K', '--force');
    expect(quota.removed).toHaveLength(1);
    expect(await left(place)).toBe(1);
    expect(await changes(place)).toEqual(Array(2).fill('cli retention.apply snapshots'));
  });

  it('remove nothing when what would stay is damaged', async () => {
    const place = await withThree();
    const { snapshots } = await json<{ snapshots: { path: string }[] }>(place, 'snapshot', 'list');
    writeFileSync(join(snapshots[0]?.path ?? '', 'schema.json'), '{}');
    const { code, stderr } = await place.run(['prune', '1', '--force']);
    expect([code, stderr]).toEqual([4, expect.stringContaining('Nothing was removed')]);
    expect(await left(place)).toBe(3);
  });

  it('refuse what keeps nothing, and what they cannot read', async () => {
    const place = await withThree();
    expect((await place.run(['retain', '--keep-last', '0', '--force'])).stderr).toContain(
      'keeps no snapshot at all',
    );
    expect((await place.run(['prune', '0', '--force'])).code).toBe(2);
    expect((await place.run(['quota', '--max-bytes', 'much'])).stderr).toContain('does not take "much"');
    expect((await place.run(['retain', '--keep-within', '3q'])).stderr).toContain('does not take "3q"');
    expect((await place.run(['retain', '--time-zone', 'Mars/Base'])).stderr).toContain('Mars/Base');
    expect(await left(place)).toBe(3);
  });
});

describe('retain --signals', () => {
  it('removes old signals with --force alone, after a snapshot that brings them back', async () => {
    const place = await filled();
    const plan = await place.run(['retain', '--signals']);
    expect([plan.code, plan.stdout]).toEqual([2, '12 dismissed, inbox older than 30 days\n']);
    expect(await status(place)).toMatchObject({ signals: 12 });
    const { done } = await json<{ done: { signals: number; posts: number; snapshot: string } }>(
      place,
      'retain',
      '--signals',
      '--force',
    );
    expect(done).toMatchObject({ signals: 12, posts: 12 });
    expect(await status(place)).toMatchObject({ signals: 0, posts: 0 });
    expect(await changes(place)).toEqual(['cli retention.apply signals']);
    await place.run(['snapshot', 'restore', done.snapshot, '--force']);
    expect(await status(place)).toMatchObject({ signals: 12, posts: 12 });
  });
});
