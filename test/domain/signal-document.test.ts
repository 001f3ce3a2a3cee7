import { describe, expect, test } from 'vitest';
import { scoreSignal } from '../../source/domain/score.ts';
import { type PreviewedSignal, previewOrder } from '../../source/domain/score-preview.ts';
import { readDocument, type SignalDocument } from '../../source/domain/signal-document.ts';
import { scriptedParts } from '../pipeline/scripted.ts';

const now = Date.UTC(2026, 10, 22, 12);

const document = (change: object = {}): SignalDocument =>
  ({
    document: 'signal/1',
    id: 7,
    status: 'snoozed',
    decidedAt: 5,
    snooze: { until: 'time', at: now + 5 },
    regressed: false,
    assignee: 'ann',
    tags: ['login'],
    category: 'bug',
    sentiment: 'negative',
    urgency: 3,
    correction: { at: 5, category: 'bug', sentiment: null, urgency: null },
    analysis: {
      category: 'outage',
      sentiment: 'negative',
      urgency: 3,
      tags: ['login'],
      reasoning: 'it says so',
      confidence: 0.5,
      analyzer: 'offline',
      analyzedAt: 5,
    },
    rank: 3,
    factors: { base: 1 },
    notes: [{ at: 5, author: 'ann', text: 'look' }],
    posts: [post('1')],
    ...change,
  }) as SignalDocument;

function post(externalId: string, change: object = {}) {
  return {
    source: 'hn',
    kind: 'hackernews',
    externalId,
    url: null,
    link: null,
    author: 'joe',
    title: null,
    text: 'the login is broken',
    lang: 'en',
    createdAt: now - 5,
    fetchedAt: now,
    engagement: { likes: 1, reposts: 0, replies: 0, quotes: 0 },
    parentUrl: null,
    parentText: null,
    ...change,
  };
}

const problem = (value: unknown) => {
  const read = readDocument(value, now);
  return 'problem' in read ? read.problem : null;
};

describe('the document of a signal', () => {
  test('that was exported comes through as it was', () => {
    expect(readDocument(document(), now)).toEqual({ document: document(), warnings: [] });
    const bare = document({
      status: 'inbox',
      snooze: null,
      assignee: null,
      category: null,
      correction: null,
      analysis: null,
      rank: null,
      factors: null,
      notes: [],
    });
    expect(readDocument(bare, now)).toEqual({ document: bare, warnings: [] });
  });

  test('is cleaned of what hides in any word of it', () => {
    const hidden = (text: string) => `${text}\u001b[2J\u202e`;
    const { analysis, correction } = document();
    const read = readDocument(
      document({
        assignee: hidden('ann'),
        tags: [hidden('login')],
        category: hidden('bug'),
        correction: { ...correction, category: hidden('bug') },
        analysis: {
          ...analysis,
          category: hidden('outage'),
          tags: [hidden('login')],
          reasoning: hidden('it says so'),
          analyzer: hidden('offline'),
        },
        notes: [{ at: 5, author: hidden('ann'), text: hidden('look') }],
        posts: [post(hidden('1'), { text: hidden('the login is broken'), author: hidden('joe') })],
      }),
      now,
    );
    expect(read).toEqual({ document: document(), warnings: [] });
    const words = { at: 5, category: null, sentiment: 'neutral', urgency: null };
    expect(readDocument(document({ correction: words }), now)).toMatchObject({
      document: { correction: words },
    });
  });

  test('has each post once, those that say something, and tells of the others', () => {
    const twice = 'i'.repeat(70);
    const read = readDocument(
      document({
        posts: [
          post('1'),
          post('2', { text: '\u200b' }),
          post(twice),
          post(twice),
          post('1', { source: 'x' }),
        ],
      }),
      now,
    );
    if ('problem' in read) throw new Error(read.problem);
    expect(read.document.posts.map(({ source, externalId }) => `${source} ${externalId}`)).toEqual([
      'hn 1',
      `hn ${twice}`,
      'x 1',
    ]);
    expect(read.warnings).toEqual([
      'post 2 has no readable text and was left out',
      `post ${'i'.repeat(60)} is there twice`,
    ]);
    expect(problem(document({ posts: [post('1', { text: ' ' })] }))).toBe(
      'posts: none of them has readable text',
    );
  });

  test.each([
    [null, 'no signal: "document": "signal/1" is missing'],
    ['text', 'no signal: "document": "signal/1" is missing'],
    [{}, 'no signal: "document": "signal/1" is missing'],
    [{ document: 1 }, 'no signal: "document": "signal/1" is missing'],
    [
      { document: 'signal/2' },
      '"document" is "signal/2", and this version reads signal/1: update the program',
    ],
    [
      { document: 'x'.repeat(50) },
      `"document" is "${'x'.repeat(40)}", and this version reads signal/1: update the program`,
    ],
  ])('of %j is none', (value, told) => {
    expect(problem(value)).toBe(told);
  });

  test('says of what is wrong where it stands, three things at most', () => {
    expect(problem(document({ factors: null }))).toBe('factors: needed where there is a rank');
    expect(problem(document({ status: 'inbox' }))).toBe('snooze: null unless the status is snoozed');
    expect(problem(document({ correction: { at: 5, category: null, sentiment: null, urgency: null } }))).toBe(
      'correction: a category, a sentiment or an urgency',
    );
    expect(problem(document({ posts: [post('1', { source: 'No Name' })] }))).toBe(
      'posts.0.source: the name of a source',
    );
    expect(problem(document({ posts: [post('1', { kind: '-' })] }))).toBe(
      'posts.0.kind: the kind of a source',
    );
    expect(problem(document({ id: 0, status: 'gone', urgency: 9 }))).toMatch(
      /^id: .*; status: .*; urgency: [^;]*$/,
    );
    expect(problem(document({ id: 0, status: 'gone', urgency: 9, rank: 'x', tags: 'y' }))).toMatch(
      /; and 2 more$/,
    );
    expect(problem(document({ more: 1 }))).not.toBeNull();
    // Nothing is left of a name that was only hidden characters.
    expect(problem(document({ assignee: '\u202e' }))).toMatch(/^assignee: /);
  });
});

describe('the order that other weights would give', () => {
  const { settings } = scriptedParts({} as Parameters<typeof scriptedParts>[0]).scoring;
  const signal = (signalId: number, urgency: number): PreviewedSignal => {
    const input = {
      createdAt: now - 3_600_000,
      echoes: 0,
      engagement: { likes: 0, reposts: 0, replies: 0, quotes: 0 },
      category: 'bug',
      sentiment: 'neutral' as const,
      urgency,
      source: 1,
      relevance: 1,
    };
    return { ...input, signalId, rank: scoreSignal(input, settings).rank };
  };
  const signals = [signal(1, 5), signal(2, 4), signal(3, 3), signal(4, 3), signal(5, 0)];
  /** Urgency counts for nothing: all are alike, and the newest number comes first. */
  const flat = { ...settings, urgency: 0 };

  test('says where each would stand and stands, and who would leave', () => {
    const order = previewOrder(signals, { before: settings, after: flat }, { now, limit: 2, counted: 4 });
    expect(order.top.map(({ signalId, place, placeBefore }) => [signalId, place, placeBefore])).toEqual([
      [5, 1, null],
      [4, 2, 4],
    ]);
    expect(order.left.map(({ signalId, place, placeBefore }) => [signalId, place, placeBefore])).toEqual([
      [1, 5, 1],
      [2, 4, 2],
    ]);
    const [first] = order.top;
    expect(first?.salience).toBeCloseTo(order.top[1]?.salience ?? 0, 9);
    expect(order.left[0]?.salienceBefore).toBeGreaterThan(order.left[1]?.salienceBefore ?? 0);
    expect(order.left[0]?.salience).toBeLessThan(order.left[0]?.salienceBefore ?? 0);
  });

  test('is the present one with the present weights', () => {
    const order = previewOrder(signals, { before: settings, after: settings }, { now, limit: 9, counted: 9 });
    // Of two that are alike, the one that was opened last comes first.
    expect(order.top.map(({ signalId }) => signalId)).toEqual([1, 2, 4, 3, 5]);
    expect(order.left).toEqual([]);
    for (const { salience, salienceBefore } of order.top) expect(salience).toBeCloseTo(salienceBefore, 9);
  });
});
