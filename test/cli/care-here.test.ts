import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePlace, type Place } from './call-here.ts';

const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
const posts = [
  { id: '1', text: 'Acme is down, nobody can log in and payments fail', createdAt: at(1), author: 'ann' },
  { id: '2', text: 'The new Acme editor is wonderful, I love it', createdAt: at(2) },
  { id: '3', text: 'How do I export my pages from Acme to PDF?', createdAt: at(3) },
  { id: '4', text: 'The app crashes when I save pictures', createdAt: at(4) },
];

let place: Place;
beforeAll(async () => {
  place = makePlace(`topic: acme
store: { path: signals.sqlite }
log: { path: run.log }
snapshots: { copyTo: copies }
sources:
  - { name: posts, kind: file, path: posts.ndjson, exclude: { words: [pictures] } }
`);
  place.write('posts.ndjson', posts.map((post) => `${JSON.stringify(post)}\n`).join(''));
});
afterAll(() => place.remove());

async function refused(words: string, ...argv: string[]) {
  const { code, stderr } = await place.shown(...argv);
  expect([argv.join(' '), code]).toEqual([argv.join(' '), 2]);
  expect(stderr).toContain(words);
}

test('before anything was read, each command says so', async () => {
  expect((await place.shown('top')).stderr).toContain('The inbox is empty');
  expect((await place.shown('stats', '--timings')).stdout).toContain('No run was timed yet');
  expect((await place.shown('snapshot', 'list')).stderr).toContain('There is no snapshot yet');
  expect((await place.shown('triage', 'undo')).stderr).toContain('Nothing to undo.');
  expect((await place.shown('triage', 'redo')).stderr).toContain('Nothing to do again.');
});

test('a source is tried without writing: what it would keep, what it would drop, and why', async () => {
  const { code, stdout, stderr } = await place.shown('sources', 'test', 'posts');
  expect(code).toBe(0);
  expect(stdout).toMatch(/dropped +.*pictures.* +\d+h +The app crashes/);
  expect(stderr).toContain('3 posts would be kept, 1 dropped; nothing was written');
  expect((await place.piped('sources', 'test', 'posts')).stdout.trim().split('\n')).toHaveLength(4);
  expect(await place.json('sources', 'test', 'posts')).toMatchObject({ name: 'posts', error: null });
  expect((await place.json('stats')).posts).toBe(0);
});

describe('with posts', () => {
  beforeAll(async () => {
    expect((await place.piped('run')).code).toBe(0);
  });

  test('decisions are planned by a search, done with --force, taken back and done again', async () => {
    const planned = await place.shown('triage', '--search', 'acme', '--status', 'dismissed');
    expect(planned.stdout + planned.stderr).toContain('3 signals would be');
    expect(await place.json('triage', '--search', 'acme', '--status', 'dismissed')).toMatchObject({
      signals: 3,
    });
    expect((await place.shown('triage', '1', '--status', 'resolved', '--note', 'seen')).code).toBe(0);
    expect((await place.shown('triage', '1', '--assign', 'nobody', '--sentiment', 'neutral')).code).toBe(0);
    expect((await place.shown('triage', 'undo')).stdout).toMatch(/^Taken back: /);
    expect((await place.shown('triage', 'redo')).stdout).toMatch(/^Done again: /);
    expect((await place.json('triage', 'undo')).changed).toEqual([1]);
  });

  test('the store is described, checked as data, and a migration is taken back with --force only', async () => {
    expect((await place.shown('db', 'status')).stdout).toMatch(/up to date/);
    expect(await place.json('db', 'check')).toMatchObject({ ok: true, problems: [] });
    expect((await place.json('db', 'check', '--repair')).repaired).toEqual([]);
    expect((await place.shown('db', 'migrate')).stdout).toContain('Nothing was pending.');
    const planned = await place.shown('db', 'rollback');
    expect([planned.code, planned.stdout]).toEqual([2, expect.stringMatching(/^Plan: /)]);
    expect(planned.stdout).toMatch(/\d\d\d-/);
  });

  test('snapshots are shown, verified, compared, tagged and removed, with plans first', async () => {
    const made = await place.json('snapshot', 'create', '--tag', 'one');
    const { id } = made.snapshot;
    expect((await place.shown('snapshot', 'create')).stdout).toContain(
      `copied to ${join(place.folder, 'copies')}`,
    );
    const shown = await place.shown('snapshot', 'show', id);
    expect(shown.stdout).toMatch(/tags +one/);
    expect(shown.stdout).toMatch(/state +verified/);
    expect(await place.json('snapshot', 'show', id)).toMatchObject({ id, tags: ['one'] });
    expect((await place.shown('snapshot', 'verify', '--sample', '1')).stdout).toMatch(/: sound/);
    expect((await place.shown('snapshot', 'verify', '--all')).stdout.match(/: sound/g)).toHaveLength(2);
    await place.shown('triage', '2', '--status', 'escalated');
    const diff = await place.shown('snapshot', 'diff', id);
    expect(diff.stdout).toMatch(new RegExp(`^${id} -> `));
    expect(diff.stdout).toMatch(/\b2 posts: The new Acme editor is wonderful.*status/);
    expect((await place.shown('snapshot', 'diff', id, '--format', 'markdown')).stdout).toContain('|');
    expect((await place.shown('snapshot', 'tag', id, '--tag', 'kept')).stdout).toContain(`${id}: kept`);
    const planned = await place.shown('snapshot', 'restore', id, '--signals-only');
    expect([planned.code, planned.stdout]).toEqual([2, expect.stringContaining('all signals of the store')]);
    await refused('exclude each other', 'snapshot', 'restore', id, '--to', 'x.sqlite', '--signals-only');
    const aside = await place.shown(
      'snapshot',
      'restore',
      id,
      '--to',
      join(place.folder, 'aside.sqlite'),
      '--force',
    );
    expect(aside.stdout).toMatch(/Restored \S+ to .*aside\.sqlite: 3 posts, 3 signals/);
    await refused('does not know what to do with', 'snapshot', 'list', 'more');
    expect((await place.shown('snapshot', 'remove', id)).code).toBe(2);
    expect((await place.shown('snapshot', 'remove', id, '--force')).stdout).toContain(`Removed ${id}.`);
  });

  test('rules thin snapshots as planned: nothing without --force, and then what was said', async () => {
    for (let made = 0; made < 2; made += 1) await place.piped('snapshot', 'create');
    const before = (await place.json('snapshot', 'list')).snapshots.length;
    expect((await place.json('prune', '1')).removed).toBeNull();
    expect((await place.shown('prune', '1')).code).toBe(2);
    const done = await place.shown('prune', '1', '--force');
    expect([done.code, done.stdout]).toEqual([0, expect.stringMatching(/[Rr]emoved/)]);
    const left = (await place.json('snapshot', 'list')).snapshots.length;
    expect(left).toBeLessThan(before);
    expect((await place.shown('prune', '1', '--force')).code).toBe(0);
    expect((await place.shown('retain', '--signals')).stderr).toContain('no rule under retention.signals');
  });

  test('what was learned is forgotten with --force only', async () => {
    const planned = await place.shown('learning', 'reset', '--only', 'relevance');
    expect([planned.code, planned.stdout]).toEqual([
      2,
      expect.stringContaining('learned of relevance until now'),
    ]);
    expect(await place.json('learning', 'reset', '--force')).toMatchObject({
      plan: expect.stringContaining('relevance and corrections'),
    });
    expect((await place.shown('learning', 'show')).stdout).toMatch(/reset +\d{4}-/);
    expect(await place.json('learning', 'refresh')).toHaveProperty('scored');
  });

  test('signals leave in a file and come back as known ones, decided as here', async () => {
    expect(
      (await place.shown('export', '--output', 'all.ndjson', '--status', 'inbox,escalated,resolved')).code,
    ).toBe(0);
    expect(readFileSync(join(place.folder, 'all.ndjson'), 'utf8').trim().split('\n').length).toBeGreaterThan(
      1,
    );
    await place.shown('triage', '2', '--status', 'dismissed');
    const tried = await place.shown('import', 'all.ndjson', '--dry-run');
    expect(tried.stdout + tried.stderr).toContain('the decisions here would stay (--overwrite');
    const taken = await place.shown('import', 'all.ndjson', '--overwrite');
    expect(taken.stdout + taken.stderr).toContain('the decisions of the file were taken');
    expect((await place.json('show', '2')).status).toBe('escalated');
  });

  test('an analyzer is judged by labelled files, and what cannot be read in them is said', async () => {
    const row = (text: string, label: string) => `${JSON.stringify({ text, category: label })}\n`;
    place.write('a.ndjson', `${row('it crashes', 'bug')}\nnot json\n${row('please add dark mode', 'wish')}`);
    const judged = await place.shown('eval', '--data', place.folder, '--map', 'wish=feature');
    expect(judged.stdout + judged.stderr).toContain('a.ndjson: 1 lines could not be read');
    await refused('did you mean feature', 'eval', '--data', 'a.ndjson', '--map', 'wish=featur');
  });

  test('analyses are made again as a plan, and saved with --force', async () => {
    expect((await place.shown('analyze', '--estimate')).code).toBe(0);
    const none = await place.shown('analyze', '--reanalyze', '--search', 'nothing says this');
    expect(none.stderr).toContain('No signal matches.');
    const again = await place.shown('analyze', '--reanalyze', '--status', 'inbox');
    expect(again.stderr).toMatch(/Nothing was saved|Nothing to save/);
    expect(await place.json('analyze', '--reanalyze', '--status', 'inbox')).toHaveProperty(
      'reanalysis.signals',
    );
  });

  test('an error of the program is listed, shown with its steps, resolved and opened again', async () => {
    const db = new Database(join(place.folder, 'signals.sqlite'));
    db.exec('ALTER TABLE views RENAME TO kept_views; CREATE VIEW views AS SELECT * FROM nowhere');
    const crash = await place.shown('views', 'list');
    expect(crash.code).toBe(1);
    db.exec('DROP VIEW views; ALTER TABLE kept_views RENAME TO views');
    db.close();
    expect((await place.shown('views', 'list')).code).toBe(0);
  });
});
