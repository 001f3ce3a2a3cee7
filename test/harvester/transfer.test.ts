import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftPost, type PostDraft } from '../../source/domain/post.ts';
import type { TriageChange } from '../../source/domain/triage.ts';
import { returningFormats } from '../../source/harvester/import-rows.ts';
import { syntheticPosts } from '../pipeline/scripted.ts';
import { exported, imported, transferScene } from './transfer-scene.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '=HYPERLINK("http://x")',
    '\u001b[31mred\u001b]0;title\u0007',
    '"document":"signal/1"',
    '","a";b\tc\r\n"',
    '\u202e\u200bgnp\ud800',
    '_x0041_ ]]> <![CDATA[ &amp; &',
    'two  spaces\n\n\n# and lines',
    'e\u0301\u200cم 👩🏽‍🚀',
    '"}],{"document":',
    '@all `x` [a](javascript:1)',
  ),
);
const words = fc.array(fc.oneof(hostile, fc.constantFrom('login', 'broken', 'slow')), {
  minLength: 1,
  maxLength: 4,
});
const post: fc.Arbitrary<PostDraft> = fc
  .record({
    externalId: fc.oneof(fc.nat(40).map(String), hostile),
    text: words.map((parts) => parts.join(' ')),
    title: fc.option(hostile),
    author: fc.option(hostile),
    url: fc.option(fc.oneof(fc.webUrl({ withQueryParameters: true }), hostile)),
    lang: fc.option(fc.constantFrom('en', 'pt-BR', 'zz9')),
    createdAt: fc.option(fc.integer({ min: Date.UTC(2026, 10, 1), max: Date.UTC(2026, 10, 23) })),
    likes: fc.integer({ min: -1, max: 5000 }),
    parentText: fc.option(hostile),
  })
  .map(({ likes, ...fields }) =>
    draftPost({ ...fields, engagement: { likes, reposts: 1, replies: 0, quotes: 2 } }),
  );
const change: fc.Arbitrary<TriageChange> = fc.oneof(
  fc.constantFrom<TriageChange>(
    { action: 'status', status: 'dismissed' },
    { action: 'status', status: 'escalated' },
    { action: 'snooze', snooze: { until: 'time', at: Date.UTC(2026, 11, 1) } },
    { action: 'snooze', snooze: { until: 'echoes', more: 2 } },
    { action: 'snooze', snooze: { until: 'source' } },
    { action: 'snooze', snooze: { until: 'spike' } },
    { action: 'correct', category: 'praise' },
    { action: 'correct', sentiment: 'positive', urgency: 5 },
    { action: 'merge', into: 1 },
    { action: 'split', postIds: [2, 3] },
  ),
  hostile.map((text): TriageChange => ({ action: 'note', text })),
  hostile.map((assignee): TriageChange => ({ action: 'assign', assignee })),
  hostile.map((tag): TriageChange => ({ action: 'tag', add: [tag], remove: ['by rule'] })),
);
const decisions = fc.array(
  fc.record({ ids: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1 }), change }),
  {
    maxLength: 8,
  },
);

test('what was exported is equal when it is exported again by a store that imported it, in every format that says so', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(post, { minLength: 1, maxLength: 12 }),
      fc.array(post, { maxLength: 4 }),
      decisions,
      hostile,
      fc.integer({ min: 1, max: 3000 }),
      async (first, second, decided, said, pieceBytes) => {
        const from = await transferScene({ one: first, two: second }, () => said);
        for (const { ids, change: each } of decided) {
          // Some make no sense: an empty note, a split of what leads. They change nothing.
          await from.triage.apply(each, { ids }).catch(() => undefined);
        }
        for (const format of returningFormats) {
          const file = await exported(from, format);
          if (format === 'json' && file.length < 5) return;
          const into = await transferScene();
          const tally = await imported(into, file, {}, pieceBytes);
          expect([format, tally.problems, tally.warnings]).toEqual([format, [], []]);
          const again = await exported(into, format);
          expect(again.equals(file) ? '' : `${format}\n${file}\n${again}`).toBe('');
        }
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

/** Signals 1 to 5 of one source; the second post of each pair is an echo. */
const posts = syntheticPosts('p', 10, 2);

describe('importing into a store that has signals', () => {
  test('does nothing the second time, and a dry run does nothing at all', async () => {
    const file = await exported(await transferScene({ one: posts }), 'ndjson');
    const into = await transferScene();
    expect(await imported(into, file, { dryRun: true })).toMatchObject({ read: 6, added: 6, posts: 10 });
    expect((await into.store.status()).posts).toBe(0);
    expect(await imported(into, file)).toMatchObject({ added: 6, posts: 10 });
    const before = await exported(into, 'json');
    expect(await imported(into, file)).toMatchObject({ added: 0, joined: 0, known: 6, posts: 0 });
    expect(await exported(into, 'json')).toEqual(before);
    expect(await into.store.check()).toEqual([]);
  });

  test('keeps the decisions made here, names them, and takes those of the file when told to, until undo', async () => {
    const from = await transferScene({ one: posts });
    const into = await transferScene({ one: posts });
    await from.triage.apply({ action: 'status', status: 'dismissed' }, { ids: [1] });
    await from.triage.apply({ action: 'correct', urgency: 5 }, { ids: [1] });
    await from.triage.apply({ action: 'note', text: 'seen there' }, { ids: [2] });
    await into.triage.apply({ action: 'status', status: 'escalated' }, { ids: [1] });
    const file = await exported(from, 'csv');
    const kept = await imported(into, file);
    expect(kept.differing).toEqual([
      { id: 1, fields: ['status', 'correction'] },
      { id: 2, fields: ['notes'] },
    ]);
    expect((await into.signals.get(1))?.status).toBe('escalated');
    expect((await imported(into, file, { overwrite: true, dryRun: true })).differingCount).toBe(2);
    expect((await into.signals.get(1))?.status).toBe('escalated');

    await imported(into, file, { overwrite: true });
    expect(await into.signals.get(1)).toMatchObject({
      status: 'dismissed',
      urgency: 5,
      corrected: ['urgency'],
    });
    expect((await into.signals.get(2))?.notes).toMatchObject([{ text: 'seen there', author: 'ann' }]);
    expect((await imported(into, file, { overwrite: true })).differingCount).toBe(0);
    await into.triage.undo();
    expect(await into.signals.get(1)).toMatchObject({ status: 'escalated', corrected: [] });
  });

  test('adds the posts that are new to the signal that has the others, and gives a free number to what is new', async () => {
    const from = await transferScene({ two: syntheticPosts('q', 3, 2), one: posts });
    const into = await transferScene({ one: posts.slice(0, 2) });
    const before = (await into.signals.get(1))?.posts.length ?? 0;
    const tally = await imported(into, await exported(from, 'json'));
    expect(tally.added + tally.joined + tally.known + tally.differingCount).toBe(tally.read);
    expect((await into.store.status()).posts).toBe((await from.store.status()).posts);
    expect((await into.signals.get(1))?.posts.length).toBeGreaterThanOrEqual(before);
    expect(await into.store.check()).toEqual([]);
    // What comes later finds what was imported.
    expect((await into.run({})).signals).toBeDefined();
  });

  test('finds imported signals by their words and tags, and the next run scores them', async () => {
    const from = await transferScene({ one: posts }, () => 'topic');
    const into = await transferScene();
    await imported(into, await exported(from, 'parquet'));
    expect((await into.signals.count({ search: 'tag:topic' })).count).toBe(6);
    const word = posts[0]?.text.split(' ')[0] ?? '';
    expect((await into.signals.count({ search: word })).count).toBe(1);
    await into.run({ stages: ['score'] });
    expect((await into.signals.page({ limit: 10 })).rows.every(({ salience }) => salience !== null)).toBe(
      true,
    );
  });
});

describe('a file that is not as it should be', () => {
  test('is told line by line, and what can be read comes in', async () => {
    const file = await exported(await transferScene({ one: posts }), 'ndjson');
    const [one = '', two = '', three = '', four = '', five = '', six = ''] = file
      .toString()
      .trimEnd()
      .split('\n');
    const bad = [
      one,
      two.slice(0, -20),
      three.replace('"urgency":', '"urgency":9,"was":'),
      four.replace('signal/1', 'signal/2'),
      '{"text":"no document"}',
      five.replace('"kind":"list"', '"kind":"\\u001b[31m"'),
      '',
      six.replace('"text":"', '"text":"\\u001b[31m'),
    ].join('\n');
    const into = await transferScene();
    const { problems, added, read } = await imported(into, Buffer.from(bad));
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6]);
    const [cut, field, version, none, kind] = problems.map(({ text }) => text);
    expect(cut).toMatch(/is no JSON/);
    expect(field).toMatch(/urgency/);
    expect(version).toMatch(/update the program/);
    expect(none).toMatch(/"document": "signal\/1" is missing/);
    expect(kind).toMatch(/posts.0.kind/);
    expect([added, read]).toEqual([2, 7]);
    const texts = (await exported(into, 'ndjson')).toString();
    expect(texts).not.toContain('\\u001b');
  });

  test('a list that is cut keeps what stands before the cut; an edited cell of a table is told', async () => {
    const from = await transferScene({ one: posts });
    const list = await exported(from, 'json');
    const cut = await imported(await transferScene(), list.subarray(0, list.length - 40), {}, 7);
    expect(cut).toMatchObject({ added: 5, problemCount: 1 });
    const table = (await exported(from, 'csv')).toString().replace(/^(\d+),inbox/m, '$1,resolved');
    const { warnings, added } = await imported(await transferScene(), Buffer.from(table));
    expect(warnings.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^status: not as in "document"/),
    ]);
    expect(added).toBe(6);
  });
});
