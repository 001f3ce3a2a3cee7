import { describe, expect, test } from 'vitest';
import type { Fingerprint } from '../../source/domain/fingerprint.ts';
import { noEngagement, type Post } from '../../source/domain/post.ts';
import { createGroupPlanner } from '../../source/pipeline/group.ts';
import type { FingerprintHit, SplitKey } from '../../source/ports/pipeline-store.ts';

const hour = 3_600_000;
const noon = Date.UTC(2026, 5, 1, 12);
const planner = createGroupPlanner({ windowHours: 48, minSimilarity: 0.7, reopenResolved: true });

const post = (id: number, createdAt = noon): Post => ({
  id,
  source: 'hn',
  kind: 'hackernews',
  externalId: String(id),
  url: null,
  link: null,
  author: null,
  title: null,
  text: `post ${id}`,
  lang: null,
  createdAt,
  engagement: noEngagement,
  parentUrl: null,
  parentText: null,
  fetchedAt: noon,
  signalId: null,
});

/** As alike as wanted: of 48 hashes of two bits, the first `differing` are not those of 0. */
const sketch = (differing: number) => ({ high: 4 ** differing - 1, low: 0 });
const print = (part: Partial<Fingerprint>): Fingerprint => ({ ...sketch(0), exact: [], bands: [], ...part });
const hit = (key: number, signalId: number, part: Partial<FingerprintHit> = {}): FingerprintHit => ({
  key,
  signalId,
  ...sketch(0),
  createdAt: noon,
  ...part,
});

function place(
  posts: readonly (readonly [Post, Fingerprint])[],
  known: { hits?: readonly FingerprintHit[]; apart?: readonly SplitKey[] } = {},
  by = planner,
) {
  return by
    .place(
      posts.map(([each, fingerprint]) => ({ post: each, fingerprint })),
      { hits: known.hits ?? [], apart: known.apart ?? [], nextSignalId: 100 },
    )
    .map(({ post: { id }, signalId, opens, keys }) => ({ id, signalId, opens, keys }));
}

const placed = (...parameters: Parameters<typeof place>) =>
  place(...parameters).map(({ signalId }) => signalId);

describe('a post', () => {
  test('that is like nothing opens a signal, each the next free one, and leads to it by all its keys', () => {
    const posts = [
      [post(1), print({ exact: [11], bands: [21] })],
      [post(2), print({ exact: [12], bands: [] })],
    ] as const;
    expect(place(posts)).toEqual([
      { id: 1, signalId: 100, opens: true, keys: [11, 21] },
      { id: 2, signalId: 101, opens: true, keys: [12] },
    ]);
  });

  test('of an equal text joins, and leads later copies there by its wording, not by its likeness', () => {
    expect(place([[post(1), print({ exact: [11], bands: [21] })]], { hits: [hit(11, 7)] })).toEqual([
      { id: 1, signalId: 7, opens: false, keys: [11] },
    ]);
  });

  test('joins the oldest of the signals that have its text, and goes by the strongest key first', () => {
    expect(
      placed([[post(1), print({ exact: [11] })]], { hits: [hit(11, 9), hit(11, 4), hit(11, 6)] }),
    ).toEqual([4]);
    const both = { hits: [hit(12, 3), hit(11, 8)] };
    expect(placed([[post(1), print({ exact: [11, 12] })]], both)).toEqual([8]);
  });

  test('that joins takes no number from those that open signals', () => {
    const posts = [
      [post(1), print({ exact: [11] })],
      [post(2), print({ exact: [12] })],
    ] as const;
    expect(placed(posts, { hits: [hit(11, 7)] })).toEqual([7, 100]);
  });

  test('joins others of its own batch', () => {
    const posts = [
      [post(1), print({ exact: [11], bands: [21] })],
      [post(2), print({ exact: [12], bands: [21] })],
      [post(3), print({ exact: [12], bands: [22] })],
    ] as const;
    expect(place(posts).map(({ signalId, opens }) => [signalId, opens])).toEqual([
      [100, true],
      [100, false],
      [100, false],
    ]);
  });

  test.each([
    [48 * hour, 7],
    [-48 * hour, 7],
    [48 * hour + 1, 100],
    [-48 * hour - 1, 100],
  ])('written %i ms apart from its equal is placed in %i', (apart, signalId) => {
    const fingerprint = print({ exact: [11], bands: [21] });
    expect(placed([[post(1, noon + apart), fingerprint]], { hits: [hit(11, 7)] })).toEqual([signalId]);
    expect(placed([[post(1, noon + apart), fingerprint]], { hits: [hit(21, 7)] })).toEqual([signalId]);
  });

  test('keeps a signal in reach for as long as copies of it come', () => {
    const copies = [0, 40, 80, 120].map(
      (hours, index) => [post(index, noon + hours * hour), print({ exact: [11] })] as const,
    );
    expect(placed(copies)).toEqual([100, 100, 100, 100]);
    // A copy that comes late but was written early takes nothing back.
    const late = [
      copies[0],
      copies[1],
      [post(9, noon - 2 * hour), print({ exact: [11] })],
      copies[2],
    ] as const;
    expect(placed(late.flatMap((each) => (each === undefined ? [] : [each])))).toEqual([100, 100, 100, 100]);
  });
});

describe('a near-duplicate', () => {
  const near = (differing: number, bands = [21]) => print({ ...sketch(differing), bands });

  test('joins the signal that it is most like, whatever the order in which they are found', () => {
    const some = [hit(21, 5, sketch(6)), hit(21, 6, sketch(1)), hit(22, 7, sketch(3))];
    for (const hits of [some, some.toReversed()]) {
      expect(placed([[post(1), near(0, [21, 22])]], { hits })).toEqual([6]);
    }
  });

  test('joins the oldest of those that it is equally like', () => {
    const some = [hit(21, 5), hit(22, 8), hit(21, 6)];
    for (const hits of [some, some.toReversed()]) {
      expect(placed([[post(1), near(0, [21, 22])]], { hits })).toEqual([5]);
    }
  });

  test('is one from the least similarity on', () => {
    // 10 of 48 differ: (38/48 - 1/4) / (3/4) = 0.722; 11: 0.694.
    expect(placed([[post(1), near(10)]], { hits: [hit(21, 7)] })).toEqual([7]);
    expect(placed([[post(1), near(11)]], { hits: [hit(21, 7)] })).toEqual([100]);
    const exactly = createGroupPlanner({ windowHours: 48, minSimilarity: 1, reopenResolved: true });
    expect(placed([[post(1), near(0)]], { hits: [hit(21, 7)] }, exactly)).toEqual([7]);
  });

  test('opens a signal when only equal texts are joined, which can be found by likeness later', () => {
    const equalOnly = createGroupPlanner(
      { windowHours: 48, minSimilarity: 0.7, reopenResolved: false },
      { nearDuplicates: false },
    );
    expect(place([[post(1), near(0)]], { hits: [hit(21, 7)] }, equalOnly)).toEqual([
      { id: 1, signalId: 100, opens: true, keys: [21] },
    ]);
    expect(placed([[post(1), print({ exact: [11] })]], { hits: [hit(11, 7)] }, equalOnly)).toEqual([7]);
    expect([planner.reopenResolved, equalOnly.reopenResolved]).toEqual([true, false]);
    expect(planner.windowMs).toBe(48 * hour);
  });
});

describe('a text that a person has split off', () => {
  const text = print({ exact: [11, 12], bands: [21] });
  const hits = [hit(11, 7), hit(12, 7), hit(21, 7)];

  test('never joins that signal again, by its wording or by its likeness', () => {
    expect(placed([[post(1), text]], { hits, apart: [{ key: 12, signalId: 7 }] })).toEqual([100]);
  });

  test('joins others as before, and others join that signal', () => {
    expect(
      placed([[post(1), text]], { hits: [...hits, hit(21, 8)], apart: [{ key: 11, signalId: 7 }] }),
    ).toEqual([8]);
    expect(placed([[post(1), text]], { hits, apart: [{ key: 99, signalId: 7 }] })).toEqual([7]);
  });
});
