import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeSearch } from '../../source/domain/search-complete.ts';
import { parseSearch } from '../../source/domain/search-parser.ts';

const vocabulary = {
  sources: [
    { name: 'hn', kind: 'hackernews' },
    { name: 'my-blog', kind: 'rss' },
  ],
  categories: ['outage', 'bug', 'praise', 'shipping-delay'],
  tags: ['login', 'two words'],
  assignees: ['ann'],
};

/** Completes at the "|" of a text with the first candidate. */
function completed(marked: string): string | null {
  const cursor = marked.indexOf('|');
  const text = marked.replace('|', '');
  const { from, to, candidates } = completeSearch(text, cursor, vocabulary);
  const [first] = candidates;
  return first === undefined ? null : text.slice(0, from) + first.text + text.slice(to);
}

describe('completion', () => {
  test.each([
    ['cat|', 'category:'],
    ['a -ca|', 'a -category:'],
    ['(urg|', '(urgency:'],
    ['category:ou|', 'category:outage'],
    ['category:bug,ou|', 'category:bug,outage'],
    ['category:sh|', 'category:shipping-delay'],
    ['status:in| login', 'status:inbox login'],
    ['sta|:inbox', 'status:inbox'],
    ['source:my|', 'source:my-blog'],
    ['source:hac|', 'source:hackernews'],
    ['tag:two|', 'tag:"two words"'],
    ['assignee:m|', 'assignee:me'],
    ['since:yes|', 'since:yesterday'],
    ['sort:n|', 'sort:newest'],
    ['login|x', null],
    ['"category:|', null],
    ['nofield:|', null],
  ])('of %s gives %s', (marked, expected) => {
    expect(completed(marked)).toBe(expected);
  });

  test('offers every field at an empty place, with what it looks at', () => {
    const { candidates } = completeSearch('login ', 6, vocabulary);
    expect(candidates.length).toBeGreaterThan(15);
    for (const { hint } of candidates) expect(hint).not.toBe('');
  });

  test.each([
    ['login, where a word goes on behind the cursor', 'ca|tegry:bug', 'category:bug'],
    ['a value that goes on behind the cursor', 'status:in|xx,dismissed', 'status:inbox,dismissed'],
    ['a field in capitals', 'CAT|', 'category:'],
    ['a value in capitals', 'Status:IN|', 'status:inbox', 'Status:inbox'],
    ['what stands behind a quotation that is closed', '"a b" sta|', '"a b" status:'],
    ['what stands behind an escaped mark', '"a \\" b" sta|', '"a \\" b" status:'],
    ['a first dash alone', '-|', '-category:'],
    ['a second dash', '--cat|', '--category:'],
    ['what stands behind a bracket', 'a OR (sta|)', 'a OR (status:)'],
    ['a value over lines', 'login\nsta|', 'login\nstatus:'],
    ['a number', 'urgency:|', 'urgency:>=4'],
    ['a time of a few words', 'since:|', 'since:1h'],
    ['a state', 'is:reg|', 'is:regressed'],
    ['a thing', 'has:no|', 'has:note'],
    ['nobody', 'assignee:no|', 'assignee:none'],
    ['a colleague', 'assignee:a|', 'assignee:ann'],
    ['a value behind a comma', 'tag:login,|', 'tag:login,login'],
  ])('is of %s', (_what, marked, expected, exactly = expected) => {
    expect(completed(marked)).toBe(exactly);
  });

  test.each(['"a \\" sta|', '"sta|', 'x"sta|', 'a-sta|', '1:b|', 'x category:"ou|', 'author:jo|', 'lang:e|'])(
    'of %s is nothing',
    (marked) => {
      expect(completed(marked)).toBeNull();
    },
  );

  const offered = (text: string) =>
    completeSearch(text, text.length, vocabulary).candidates.map(({ text: full, hint }) => `${full} ${hint}`);

  test('says of each value what it means', () => {
    expect(offered('sort:')).toEqual([
      'rank most salient first',
      'newest written last first',
      'oldest written first first',
      'echoes most echoes first, then most salient',
      'urgent most urgent first, then most salient',
    ]);
    expect(offered('assignee:')).toEqual(['me yours', 'none nobody’s', 'ann ']);
    expect(offered('source:')).toEqual([
      'hn hackernews',
      'my-blog rss',
      'hackernews every source of this kind',
      'rss every source of this kind',
    ]);
    expect(offered('urgency:')).toEqual(['>=4 how urgent, 0 to 5']);
    expect(offered('is:echo')).toEqual(['echo has at least one echo']);
    expect(offered('has:note')).toEqual(['note somebody wrote a note on it']);
    expect(offered('since:')).toContain('30d ');
    expect(offered('since:').slice(0, 5)).toEqual(['1h ', '24h ', '7d ', '30d ', 'today ']);
    expect(offered('sentiment:neg')).toEqual(['negative ']);
  });

  test('offers a name once, and twenty at most', () => {
    const many = { ...vocabulary, tags: Array.from({ length: 50 }, (_, index) => `tag${index}`) };
    expect(completeSearch('tag:', 4, many).candidates).toHaveLength(20);
    const alike = { ...vocabulary, sources: [{ name: 'rss', kind: 'rss' }] };
    expect(completeSearch('source:', 7, alike).candidates).toEqual([{ text: 'rss', hint: 'rss' }]);
  });

  test('replaces the colon that is there, and nothing of another word', () => {
    expect(completeSearch('sta:x', 3, vocabulary)).toMatchObject({ from: 0, to: 4 });
    expect(completeSearch('sta x', 3, vocabulary)).toMatchObject({ from: 0, to: 3 });
    expect(completeSearch('sta"x"', 3, vocabulary)).toMatchObject({ from: 0, to: 3 });
    expect(completeSearch('login', -5, vocabulary)).toMatchObject({ from: 0, to: 5 });
    expect(completeSearch('"login', 99, vocabulary)).toEqual({ from: 6, to: 6, candidates: [] });
  });

  test('never throws, stays within the text, and values that it offers can be read', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('tag:', 'is:', 'has:', 'assignee:', 'source:', 'sort:'),
        ),
        fc.integer({ min: -5, max: 40 }),
        (text, cursor) => {
          const { from, to, candidates } = completeSearch(text, cursor, vocabulary);
          expect(from >= 0 && from <= to && to <= text.length).toBe(true);
          for (const candidate of candidates) {
            if (candidate.text.endsWith(':') || from === 0 || !/^\w+:$/.test(text)) continue;
            expect(parseSearch(text.slice(0, from) + candidate.text)).toMatchObject({ ok: true });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
