import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanDraft, cleanHidden, cleanLine, cleanText, maxTextLength } from '../../source/domain/clean.ts';
import { draftPost } from '../../source/domain/post.ts';

const now = Date.UTC(2026, 10, 22);
const year = (at: number) => new Date(at).getUTCFullYear();

describe('cleaning text', () => {
  test.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a window title', 'a\u001b]0;owned\u0007b', 'ab'],
    ['a clipboard write', 'x\u001b]52;c;ZWNobyBoaQ==\u001b\\y', 'xy'],
    ['a hyperlink', '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007', 'click'],
    ['a cut-off sequence', 'end\u001b[38;5', 'end'],
    ['an unterminated OSC, which must not swallow the next line', '\u001b]0;title\nkept', 'kept'],
    ['8-bit controls', '\u009b31mred\u009c', 'red'],
    ['a bidirectional override', 'user\u202egnp.exe', 'usergnp.exe'],
    ['zero-width characters', 'pass\u200bword\ufeff', 'password'],
    ['tabs and carriage returns', 'a\tb\r\nc\rd', 'a b\nc\nd'],
    ['line separators', 'a\u2028b', 'ab'],
    ['lone surrogates', 'a\ud800b', 'a\ufffdb'],
    ['a tower of marks', `a${'\u0301'.repeat(50)}`, 'á\u0301\u0301\u0301\u0301'],
  ])('takes out %s', (_, dirty, clean) => {
    expect(cleanText(dirty)).toBe(clean);
  });

  test.each([
    ['families', '👨‍👩‍👧 out'],
    ['skin tones and hearts', '👍🏽 ❤️'],
    ['Persian half-spaces', 'می‌خواهم'],
    ['Hindi conjuncts', 'क्‍ष'],
    ['accents', 'déjà vu'],
    ['Japanese', 'ログインできません'],
    ['Arabic and Hebrew', 'مرحبا שלום'],
  ])('keeps %s as written', (_, text) => {
    expect(cleanText(text)).toBe(text);
  });

  test('what is clean stays as it is, however it came to be clean', () => {
    const nasty = fc
      .array(fc.constantFrom(...'\u001b[;m\u200c\u200d\ufe0f\u0301\u202eeم\n\t 👩🏽\ud800ﬁ\u3164'), {
        maxLength: 12,
      })
      .map((parts) => parts.join(''));
    const text = fc.oneof(fc.string({ unit: 'binary' }), nasty);
    const draft = fc.record({
      externalId: fc.oneof(
        text,
        text.map((part) => part.repeat(200)),
      ),
      url: fc.oneof(
        fc.webUrl(),
        text.map((path) => `https://a.example/${path}`),
        text,
      ),
      title: fc.oneof(
        text,
        text.map((part) => part.repeat(100)),
      ),
      text,
      parentText: text.map((part) => part.repeat(100)),
    });
    fc.assert(
      fc.property(draft, (fields) => {
        const { post } = cleanDraft(draftPost(fields), now);
        expect(cleanText(cleanText(fields.text))).toBe(cleanText(fields.text));
        if (post !== null) expect(cleanDraft(post, now).post).toEqual(post);
      }),
      { numRuns: 1000 },
    );
    expect(cleanText('e\u0301\u200cم')).toBe('éم');
  });

  test('what hides nothing is left as it was typed, and what does is cleaned', () => {
    expect(cleanHidden('two  spaces\n\n\n\tand a tab')).toBe('two  spaces\n\n\n\tand a tab');
    expect(cleanHidden('a \u001b[31mred\u001b[0m  note')).toBe('a red note');
  });

  test('leaves nothing that a terminal would obey, whatever comes in', () => {
    const hostile = fc.array(
      fc.constantFrom(
        '\u001b',
        '[',
        ']',
        '0',
        ';',
        'm',
        '\u0007',
        '\\',
        '\u009b',
        '\u202e',
        '\u200b',
        '\n',
        'a',
        '\ud83d',
        '‍',
        '👩',
      ),
    );
    const forbidden = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\ufeff]/;
    fc.assert(
      fc.property(
        fc.oneof(
          hostile.map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const cleaned = cleanText(text);
          expect(cleaned).not.toMatch(forbidden);
          expect(cleaned.isWellFormed()).toBe(true);
          expect(cleanLine(text)).not.toContain('\n');
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text));
      }),
    );
  });
});

describe('cleaning a post', () => {
  test('takes a date in the future or before the Web as now, and says so', () => {
    for (const createdAt of [Date.UTC(2099, 0, 1), 0, -1, 8.64e15 + 1]) {
      const { post, warnings } = cleanDraft(draftPost({ externalId: 'x', text: 'hello', createdAt }), now);
      expect(post?.createdAt).toBe(now);
      expect(warnings).toHaveLength(1);
    }
    const [warning] = cleanDraft(
      draftPost({ externalId: 'x', text: 'hello', createdAt: Date.UTC(2099, 0, 1) }),
      now,
    ).warnings;
    expect(warning).toBe('post x is dated 2099, in the future: taken as written now');
  });

  test('forgives a clock that is a few hours ahead without a word', () => {
    const draft = draftPost({ externalId: 'x', text: 'hello', createdAt: now + 3_600_000 });
    expect(cleanDraft(draft, now)).toMatchObject({ post: { createdAt: now }, warnings: [] });
    expect(year(now)).toBe(2026);
  });

  test('cuts a post of a megabyte and says so, without cutting a character in two', () => {
    const { post, warnings } = cleanDraft(draftPost({ externalId: 'x', text: '😀'.repeat(500_000) }), now);
    expect(post?.text.length).toBeLessThanOrEqual(maxTextLength);
    expect(post?.text.isWellFormed()).toBe(true);
    expect(post?.text.endsWith('😀…')).toBe(true);
    expect(warnings).toEqual([`post x was cut to ${maxTextLength} characters`]);
  });

  test('leaves out a post made of escape sequences, and says so', () => {
    const { post, warnings } = cleanDraft(
      draftPost({ externalId: 'x', text: '\u001b[2J\u001b]0;\u0007' }),
      now,
    );
    expect(post).toBeNull();
    expect(warnings).toEqual(['post x has no readable text and was left out']);
  });

  test('keeps only web addresses, without the passwords in them', () => {
    const url = (address: string) =>
      cleanDraft(draftPost({ externalId: 'x', text: 'a', url: address }), now).post?.url;
    expect(url('javascript:alert(1)')).toBeNull();
    expect(url('file:///etc/passwd')).toBeNull();
    expect(url('not an address')).toBeNull();
    expect(url('https://user:secret@example.com/a')).toBe('https://example.com/a');
  });

  test('bounds every count', () => {
    const engagement = { likes: -5, reposts: Number.NaN, replies: 1e300, quotes: 2.9 };
    const { post } = cleanDraft(draftPost({ externalId: 'x', text: 'a', engagement }), now);
    expect(post?.engagement).toEqual({ likes: 0, reposts: 0, replies: 1_000_000_000, quotes: 2 });
  });
});
