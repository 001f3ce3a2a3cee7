import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { salienceAt } from '../../source/domain/score.ts';
import type { Condition } from '../../source/domain/search-condition.ts';
import { isIndexed, readsPosts } from '../../source/domain/search-condition.ts';
import { namesSources } from '../../source/domain/search-named.ts';
import { parseSearch } from '../../source/domain/search-parser.ts';
import { resolveSearch, type SearchContext } from '../../source/domain/search-resolve.ts';
import {
  langMarkOf,
  marksOf,
  phraseOf,
  searchWords,
  siteMarkOf,
  siteOf,
} from '../../source/domain/search-words.ts';

const now = Date.UTC(2026, 10, 22, 12);
const context: SearchContext = {
  now,
  timeZone: 'UTC',
  me: 'ann',
  score: { cap: 100, halfLifeHours: 24 },
  sources: [
    { name: 'hn', kind: 'hackernews' },
    { name: 'front', kind: 'hackernews' },
    { name: 'my-blog', kind: 'rss' },
    { name: 'rss-two', kind: 'atom' },
  ],
  categories: ['outage', 'bug'],
};

function nodeOf(text: string) {
  const parsed = parseSearch(text);
  if (!parsed.ok || parsed.value.node === null) throw new Error(text);
  return parsed.value.node;
}

function meaning(text: string, change: Partial<SearchContext> = {}): Condition {
  const resolved = resolveSearch(nodeOf(text), { ...context, ...change }, text);
  if (!resolved.ok) throw new Error(resolved.error.message);
  return resolved.value;
}

const isIn = (field: string, ...values: readonly string[]) => ({ condition: 'in', field, values });
const flag = (name: string) => ({ condition: 'flag', flag: name });
const range = (field: string, bounds: object) => ({ condition: 'range', field, range: bounds });
const nothing = { condition: 'any', of: [] };

describe('a search means, now and here,', () => {
  test.each([
    ['status:inbox,escalated', isIn('status', 'inbox', 'escalated')],
    ['tag:Login', isIn('tag', 'login')],
    ['analyzer:offline', isIn('analyzer', 'offline')],
    ['sentiment:negative', isIn('sentiment', 'negative')],
    ['id:7,8', { condition: 'ids', ids: [7, 8] }],
    [
      'lang:en,de',
      {
        condition: 'any',
        of: [
          { condition: 'lang', lang: 'en' },
          { condition: 'lang', lang: 'de' },
        ],
      },
    ],
    ['link:a.example', { condition: 'site', site: 'a.example' }],
    ['assignee:me,joe', isIn('assignee', 'ann', 'joe')],
    ['assignee:none', { condition: 'not', of: flag('assigned') }],
    [
      'assignee:none,me',
      { condition: 'any', of: [{ condition: 'not', of: flag('assigned') }, isIn('assignee', 'ann')] },
    ],
    ['is:echo', range('echoes', { min: 1 })],
    ['is:undecided', isIn('status', 'inbox')],
    ['is:decided', { condition: 'not', of: isIn('status', 'inbox') }],
    ['is:open', isIn('status', 'inbox', 'escalated')],
    ['is:escalated', isIn('status', 'escalated')],
    ['is:resolved', isIn('status', 'resolved')],
    ['is:dismissed', isIn('status', 'dismissed')],
    ['is:snoozed', isIn('status', 'snoozed')],
    ['is:regressed,corrected', { condition: 'any', of: [flag('regressed'), flag('corrected')] }],
    ['is:answered', flag('answered')],
    ['is:unanalyzed', flag('unanalyzed')],
    ['has:note', flag('noted')],
    ['has:tag', flag('tagged')],
    ['has:assignee', flag('assigned')],
    ['has:link', flag('linked')],
    ['has:parent', flag('answering')],
    ['urgency:>=4', range('urgency', { min: 4 })],
    ['echoes:1..3', range('echoes', { min: 1, max: 3 })],
    ['confidence:<0.5', range('confidence', { max: 0.5, maxOpen: true })],
    ['since:24h', range('createdAt', { min: now - 86_400_000 })],
    ['before:24h', range('createdAt', { max: now - 86_400_000, maxOpen: true })],
    ['seen:24h', range('lastSeenAt', { min: now - 86_400_000 })],
    [
      'author:"Ann Lee"',
      { condition: 'phrase', in: 'author', phrase: { words: ['ann', 'lee'], prefix: false } },
    ],
    ['pay*', { condition: 'phrase', in: 'text', phrase: { words: ['pay'], prefix: true } }],
    ['-is:echo', { condition: 'not', of: range('echoes', { min: 1 }) }],
    ['tag:a OR tag:b', { condition: 'any', of: [isIn('tag', 'a'), isIn('tag', 'b')] }],
    ['tag:a tag:b', { condition: 'all', of: [isIn('tag', 'a'), isIn('tag', 'b')] }],
  ] as const)('%s', (text, condition) => {
    expect(meaning(text)).toEqual(condition);
  });

  test.each([
    ['hn', ['hn', 'front']],
    ['hackernews', ['hn', 'front']],
    ['my-blog', ['my-blog']],
    ['rss', ['my-blog']],
    ['feed', ['my-blog']],
    ['my', ['my-blog']],
    ['hack', ['hn', 'front']],
    ['hn,front', ['hn', 'front']],
    // The short name of a kind that is not configured is no mistake.
    ['gh', []],
  ])('source:%s', (words, names) => {
    expect(meaning(`source:${words}`)).toEqual(isIn('source', ...names));
  });

  test.each(['so', 'stackoverflow', 'yt', 'bsky', 'masto', 'twitter'])(
    'the short name %s of a kind',
    (word) => {
      const kinds = {
        so: 'stackexchange',
        stackoverflow: 'stackexchange',
        yt: 'youtube',
        bsky: 'bluesky',
        masto: 'mastodon',
        twitter: 'x',
      };
      const kind = kinds[word as keyof typeof kinds];
      expect(meaning(`source:${word}`, { sources: [{ name: 'mine', kind }] })).toEqual(
        isIn('source', 'mine'),
      );
    },
  );

  test('a source or category that is not there, with those that are', () => {
    const problem = (text: string, change: Partial<SearchContext> = {}) => {
      const resolved = resolveSearch(nodeOf(text), { ...context, ...change }, text);
      return resolved.ok ? null : `${resolved.error.message}; ${resolved.error.fix}`;
    };
    expect(problem('source:zzz')).toBe('no source is called zzz; use hn, front, my-blog, rss-two');
    expect(problem('-(a source:zzz)', { sources: [] })).toBe(
      'no source is called zzz; there are no sources yet',
    );
    expect(problem('category:zzz', { categories: [] })).toBe(
      'no category is called zzz; there are no categories yet',
    );
    expect(problem('source:twiter')).toBe('no source is called twiter; did you mean twitter?');
    const many = Array.from({ length: 12 }, (_, index) => ({ name: `s${index}`, kind: 'rss' }));
    expect(problem('source:zzz', { sources: many })).toMatch(/use s0, .*, s9$/);
  });
});

describe('a score', () => {
  /** Whether a rank is found, as the store would tell. */
  const finds = (text: string, rank: number) => {
    const condition = meaning(text);
    if (condition.condition !== 'range') return false;
    const { min, minOpen, max, maxOpen } = condition.range;
    if (min !== undefined && (minOpen ? rank <= min : rank < min)) return false;
    return max === undefined || (maxOpen ? rank < max : rank <= max);
  };

  test('is found by what a list shows of it, at every bound', () => {
    const ranks = fc.double({ min: now / 86_400_000 - 8, max: now / 86_400_000 + 9, noNaN: true });
    fc.assert(
      fc.property(ranks, fc.integer({ min: 0, max: 100 }), (rank, bound) => {
        const salience = salienceAt(rank, now, context.score as Parameters<typeof salienceAt>[2]);
        // Rounding of logarithms may decide right at a bound.
        fc.pre(Math.abs(salience - bound) > 1e-6 || bound === 100);
        fc.pre(Math.abs(Math.abs(salience - bound) - 0.5) > 1e-6);
        expect(finds(`score:>=${bound}`, rank)).toBe(salience >= bound);
        expect(finds(`score:>${bound}`, rank)).toBe(salience > bound);
        expect(finds(`score:<${bound}`, rank)).toBe(salience < bound);
        expect(finds(`score:<=${bound}`, rank)).toBe(salience <= bound);
        expect(finds(`score:${bound}`, rank)).toBe(salience >= bound - 0.5 && salience < bound + 0.5);
      }),
    );
  });

  test('above all and below nothing is never found', () => {
    expect(meaning('score:>100')).toEqual(nothing);
    expect(meaning('score:<0')).toEqual(nothing);
    expect(meaning('score:>=0')).toEqual(range('rank', {}));
    expect(meaning('score:<=100')).toEqual(range('rank', {}));
    expect(meaning('score:>60', { score: { cap: 50, halfLifeHours: 24 } })).toEqual(nothing);
  });
});

test('what must be read, what the index knows, and what depends on sources', () => {
  expect(['a', '-(is:echo a)', 'is:echo', 'link:a.example'].map((text) => readsPosts(meaning(text)))).toEqual(
    [true, true, false, false],
  );
  expect(['a', 'link:a.example', 'lang:en', 'is:echo'].map((text) => isIndexed(meaning(text)))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect([namesSources(nodeOf('a (b OR -source:hn)')), namesSources(nodeOf('a'))]).toEqual([true, false]);
});

describe('the marks of a post', () => {
  test('are its sites with all above them, and its language', () => {
    const marks = marksOf({ url: 'https://www.Blog.a-b.example/x', link: 'https://c_d.example', lang: 'EN' });
    for (const site of ['blog.a-b.example', 'a-b.example', 'example', 'c_d.example'])
      expect(marks).toContain(siteMarkOf(site));
    expect(marks).toContain(langMarkOf('en'));
    expect(marks).toHaveLength(5);
    expect(marks).not.toContain(siteMarkOf('b.example'));
    expect(marksOf({ url: null, link: 'not an address', lang: '' })).toEqual([]);
  });

  test('are words of their own, that nobody can type', () => {
    for (const mark of [siteMarkOf('a-b_c.example'), langMarkOf('en')])
      expect(phraseOf(mark, false)?.words).not.toEqual([mark]);
    expect([siteOf('mailto:a@b.example'), siteOf('nothing'), siteOf('https://www.a.example/x')]).toEqual([
      null,
      null,
      'a.example',
    ]);
  });
});

test('a word is cut behind sixty characters, and a phrase of nothing is none', () => {
  expect(searchWords('x'.repeat(80))).toEqual(['x'.repeat(60)]);
  expect(phraseOf('…!', false)).toBeNull();
  expect(phraseOf('壊', false)).toEqual({ words: ['壊'], prefix: true });
  expect(phraseOf('壊れた', true)).toEqual({ words: ['壊れ', 'れた'], prefix: false });
  expect(phraseOf('iPhone壊れ', false)).toEqual({ words: ['iphone', '壊れ'], prefix: false });
});
