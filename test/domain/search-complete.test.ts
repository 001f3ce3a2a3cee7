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
