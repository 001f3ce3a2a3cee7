import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxSearchLength, searchSorts } from '../../source/domain/search.ts';
import { pointAtError } from '../../source/domain/search-excerpt.ts';
import { fieldNames, searchFields } from '../../source/domain/search-fields.ts';
import { parseMoment, printMoment, resolveMoment } from '../../source/domain/search-moment.ts';
import { parseSearch } from '../../source/domain/search-parser.ts';
import { printSearch } from '../../source/domain/search-print.ts';
import { resolveSearch } from '../../source/domain/search-resolve.ts';
import { holdsPhrase, phraseOf, searchWords } from '../../source/domain/search-words.ts';
import { builtInViews } from '../../source/domain/view.ts';
import { searchTrees, type TreeWords } from './search-trees.ts';

const words: TreeWords = {
  words: ['login', 'OR', 'ab:cd', '-xy', 'say "so"', 'back\\slash', 'ログイン', '99', '(no)', 'star*'],
  authors: ['ann', 'Ann Lee', 'a,b'],
  sources: ['hn', 'my-blog'],
  tags: ['login', 'two words', '>5', 'a,b'],
  assignees: ['ann', '"x"'],
  langs: ['en'],
  sites: ['example.com'],
};

function errorOf(text: string) {
  const parsed = parseSearch(text);
  if (parsed.ok) throw new Error(`no mistake in ${text}`);
  return parsed.error;
}

describe('a search', () => {
  test('that is printed reads as the same search again', () => {
    fc.assert(
      fc.property(fc.option(searchTrees(words)), fc.option(fc.constantFrom(...searchSorts)), (node, sort) => {
        const text = printSearch({ node, sort });
        expect(parseSearch(text)).toEqual({ ok: true, value: { node, sort } });
      }),
      { numRuns: 2000 },
    );
  });

  test('may be anything: it is read or refused with a place in it, and what is read prints and reads the same', () => {
    const pieces = [
      ...fieldNames.map((name) => `${name}:`),
      ...searchFields.map(({ example }) => example),
      ...[
        '(',
        ')',
        '"',
        '-',
        '--',
        ' ',
        ' OR ',
        ' NOT ',
        ' AND ',
        '*',
        ',',
        '..',
        '>',
        '<=',
        ':',
        '\\',
        '\u0000',
        '💥',
        'é',
        '𠮷',
      ],
    ];
    const typed = fc.oneof(
      fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
      fc
        .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })))
        .map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 3000 }),
    );
    let read = 0;
    fc.assert(
      fc.property(typed, (text) => {
        const parsed = parseSearch(text);
        if (parsed.ok) {
          read += 1;
          expect(parseSearch(printSearch(parsed.value))).toEqual(parsed);
        } else {
          const { start, end, message, fix } = parsed.error;
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(Math.max(text.length, maxSearchLength));
          expect([message, fix].every((part) => part.length > 3)).toBe(true);
          expect(pointAtError(text, parsed.error).split('\n')).toHaveLength(2);
        }
      }),
      { numRuns: 5000 },
    );
    expect(read).toBeGreaterThan(300);
  });

  test('as the issue has it is understood whole', () => {
    const text =
      'category:bug,outage -is:echo source:hn author:@joe score:>70 urgency:>=4 since:24h before:2026-11-01 lang:en tag:login status:inbox assignee:me "exact words" (checkout OR payment) -refund sort:newest';
    const parsed = parseSearch(text);
    expect(parsed.ok && printSearch(parsed.value)).toBe(text.replace('@joe', 'joe'));
  });

  test.each([
    ['catgory:bug', 'unknown field', 'did you mean category?', 'catgory'],
    ['login categroy:bug', 'unknown field', 'did you mean category?', 'categroy'],
    ['status:inbx', 'status is never inbx', 'did you mean inbox?', 'inbx'],
    ['status:inbox,snozed', 'status is never snozed', 'did you mean snoozed?', 'snozed'],
    ['is:ech', 'is is never ech', 'did you mean echo?', 'ech'],
    ['sort:new', 'sort is never new', 'did you mean newest?', 'new'],
    ['urgency:9', 'urgency goes from 0 to 5', 'write urgency:>=4, or a range such as urgency:3..5', '9'],
    ['urgency:5..3', 'the range is empty', 'write urgency:3..5', '5..3'],
    [
      'urgency:2.5',
      'urgency counts in whole numbers',
      'write urgency:>=4, or a range such as urgency:3..5',
      '2.5',
    ],
    ['score:>x', 'x is no number for score', 'write score:>70, or a range such as score:3..5', 'x'],
    ['category:>bug', 'category cannot be compared', 'write category:bug,outage', 'category:>bug'],
    ['since:>24h', 'since cannot be compared', 'write since:24h', 'since:>24h'],
    [
      'since:soon',
      'no time',
      'write a span (90m, 24h, 7d), a date (2026-11-01), today, yesterday or a weekday',
      'soon',
    ],
    [
      'since:2026-02-31',
      'no time',
      'write a span (90m, 24h, 7d), a date (2026-11-01), today, yesterday or a weekday',
      '2026-02-31',
    ],
    ['tag: login', 'tag needs a value', 'write tag:login, with no space behind the colon', 'tag:'],
    ['a (b', 'the bracket is not closed', 'write ) where it ends', '('],
    ['a b)', 'a bracket is closed that was never opened', 'leave it out, or write ( before', ')'],
    ['a ()', 'there is nothing in the brackets', 'write a term, or leave them out', '('],
    ['"open words', 'the quotation mark is not closed', 'put another " where the words end', '"open words'],
    ['OR b', 'OR needs a term on both sides', 'write checkout OR payment', 'OR'],
    ['a OR', 'OR needs a term on both sides', 'write checkout OR payment', 'OR'],
    ['a - b', 'nothing to look for', 'give at least one letter or digit', '-'],
    ['(-)', 'nothing to leave out', 'write a term right behind it: -refund', '-'],
    ['💥', 'nothing to look for', 'give at least one letter or digit', '💥'],
    ['a*', 'too short a beginning', 'give 2 letters or more before the *', 'a*'],
    ['(a sort:newest)', 'the order is of the whole list', 'write sort: outside of brackets', 'sort:newest'],
    ['sort:newest sort:rank', 'there are two orders', 'leave one out', 'sort:rank'],
    ['id:x', 'x is no number of a signal', 'write id:1234', 'x'],
  ])('with a mistake, %s, says what and where and what to write instead', (text, message, fix, place) => {
    const error = errorOf(text);
    expect([error.message, error.fix, text.slice(error.start, error.end)]).toEqual([message, fix, place]);
  });

  test('with a mistake is shown with marks below it, also behind wide characters and in a long text', () => {
    expect(pointAtError('catgory:bug', errorOf('catgory:bug'))).toBe(
      'catgory:bug\n^^^^^^^ unknown field; did you mean category?',
    );
    const wide = '障害 catgory:bug';
    expect(pointAtError(wide, errorOf(wide))).toBe(
      `${wide}\n     ^^^^^^^ unknown field; did you mean category?`,
    );
    const long = `"${'word '.repeat(100)}" is:ech`;
    const [shown = '', marks = ''] = pointAtError(long, errorOf(long)).split('\n');
    expect(shown.slice(marks.indexOf('^'))).toBe('ech');
    expect(shown.length).toBeLessThan(110);
  });

  test('binds "-" first, then terms side by side, then OR', () => {
    const parsed = parseSearch('-a b OR c NOT (d OR e)');
    expect(parsed.ok && printSearch(parsed.value)).toBe('-a b OR c -(d OR e)');
    const node = parsed.ok ? parsed.value.node : null;
    expect(node?.node).toBe('any');
  });

  test('for a source that is not there names the nearest', () => {
    const parsed = parseSearch('login source:hakernews');
    if (!parsed.ok || parsed.value.node === null) throw new Error('not read');
    const context = { now: 0, timeZone: 'UTC', me: 'me', score: { cap: 100, halfLifeHours: 24 } };
    const sources = [{ name: 'hackernews', kind: 'hackernews' }];
    const categories = ['bug', 'other'];
    expect(
      resolveSearch(parsed.value.node, { ...context, sources, categories }, 'login source:hakernews'),
    ).toEqual({
      ok: false,
      error: {
        message: 'no source is called hakernews',
        fix: 'did you mean hackernews?',
        start: 13,
        end: 22,
      },
    });
  });

  describe('for a category', () => {
    const resolved = (text: string, formerCategories: readonly string[] = []) => {
      const parsed = parseSearch(text);
      if (!parsed.ok || parsed.value.node === null) throw new Error('not read');
      const context = {
        now: 0,
        timeZone: 'UTC',
        me: 'me',
        score: { cap: 100, halfLifeHours: 24 },
        sources: [],
      };
      const categories = ['shipping-delay', 'other'];
      return resolveSearch(parsed.value.node, { ...context, categories, formerCategories }, text);
    };

    test('that is of the taxonomy, whoever wrote that, is no mistake', () => {
      expect(resolved('category:Shipping-Delay,other')).toEqual({
        ok: true,
        value: { condition: 'in', field: 'category', values: ['shipping-delay', 'other'] },
      });
    });

    test('that is of the default taxonomy or of an earlier one finds what still has it', () => {
      expect(resolved('category:outage')).toMatchObject({ ok: true });
      expect(resolved('(a OR -category:lost)', ['lost'])).toMatchObject({ ok: true });
    });

    test('that never was names the nearest, with its place', () => {
      expect(resolved('late (a OR -category:other,shiping-delay)')).toEqual({
        ok: false,
        error: {
          message: 'no category is called shiping-delay',
          fix: 'did you mean shipping-delay?',
          start: 27,
          end: 40,
        },
      });
      expect(resolved('category:xyz')).toMatchObject({ error: { fix: 'use shipping-delay, other' } });
    });
  });
});

describe('a time', () => {
  const now = Date.UTC(2026, 9, 26, 0, 30);
  const at = (text: string, timeZone: string, when = now) => {
    const moment = parseMoment(text);
    if (moment === null) throw new Error(`no time: ${text}`);
    expect(parseMoment(printMoment(moment))).toEqual(moment);
    return new Date(resolveMoment(moment, when, timeZone)).toISOString();
  };

  test('is resolved when and where the search is run', () => {
    expect(at('90m', 'UTC')).toBe('2026-10-25T23:00:00.000Z');
    expect(at('today', 'UTC')).toBe('2026-10-26T00:00:00.000Z');
    // In New York it is still Sunday evening.
    expect(at('today', 'America/New_York')).toBe('2026-10-25T04:00:00.000Z');
    expect(at('monday', 'America/New_York')).toBe('2026-10-19T04:00:00.000Z');
    expect(at('monday', 'UTC')).toBe('2026-10-26T00:00:00.000Z');
    expect(at('mon', 'UTC')).toBe('2026-10-26T00:00:00.000Z');
    expect(at('2026-11-01T09:30+02:00', 'Asia/Tokyo')).toBe('2026-11-01T07:30:00.000Z');
    expect(at('2026-11-01', 'Asia/Tokyo')).toBe('2026-10-31T15:00:00.000Z');
  });

  test('keeps to midnight across a change of the clocks', () => {
    // Germany went back to winter time on 25 October 2026 at 3:00.
    expect(at('yesterday', 'Europe/Berlin')).toBe('2026-10-24T22:00:00.000Z');
    expect(at('today', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z');
    expect(at('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
  });
});

describe('words', () => {
  const finds = (wanted: string, text: string, prefix = false) => {
    const phrase = phraseOf(wanted, prefix);
    return phrase !== null && holdsPhrase(searchWords(text), phrase);
  };

  test('are found whatever their case, accents and width', () => {
    expect(finds('cafe', 'CAFÉ au lait')).toBe(true);
    expect(finds('Ｌｏｇｉｎ', 'login')).toBe(true);
    expect(finds('ΟΔΟΣ', 'οδος')).toBe(true);
    expect(finds('カ', 'ガ')).toBe(false);
  });

  test('are whole unless a * follows', () => {
    expect(finds('pay', 'payment')).toBe(false);
    expect(finds('pay', 'payment', true)).toBe(true);
    expect(finds('e-mail', 'by E Mail')).toBe(true);
  });

  test('of scripts without spaces are found anywhere in a sentence, one character or more', () => {
    const text = 'iPhone15が壊れた。ログインできない';
    for (const part of ['が', '壊れ', '壊れた', 'ログイン', 'イン', 'い', 'iphone15が', 'できない']) {
      expect([part, finds(part, text)]).toEqual([part, true]);
    }
    expect(finds('壊ロ', text)).toBe(false);
    expect(finds('로그인', '오늘 로그인이 안돼요')).toBe(true);
    expect(finds('ไม่ได้', 'เข้าสู่ระบบไม่ได้เลย')).toBe(true);
  });

  test('of a part of a Japanese text are always found in it', () => {
    const japanese = fc.array(fc.constantFrom(...'障害ログイン今朝からがー壊れ'), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(japanese, fc.nat(), fc.nat(), (characters, from, length) => {
        const start = from % characters.length;
        const part = characters.slice(start, start + 1 + (length % 5)).join('');
        expect(finds(part, `x ${characters.join('')} y`)).toBe(true);
      }),
    );
  });
});

describe('docs/search.md', () => {
  const text = readFileSync(new URL('../../docs/search.md', import.meta.url), 'utf8');
  const examples = [...text.matchAll(/```search\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line.trim() !== ''),
  );

  test.each(examples)('has an example that can be read: %s', (example) => {
    expect(parseSearch(example)).toMatchObject({ ok: true });
  });

  test('explains every field with its values, and every built-in view', () => {
    expect(examples.length).toBeGreaterThan(20);
    for (const { name, choices, example } of searchFields) {
      expect(text).toContain(`\`${name}:`);
      expect(examples.join(' ')).toContain(`${name}:`);
      expect(parseSearch(example)).toMatchObject({ ok: true });
      for (const choice of choices ?? []) expect(text).toContain(`\`${choice}\``);
    }
    for (const { name, query } of builtInViews) {
      expect(text).toContain(`| ${name} | \`${query}\` |`);
      expect(parseSearch(query)).toMatchObject({ ok: true });
    }
  });
});
