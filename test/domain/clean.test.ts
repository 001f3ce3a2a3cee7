import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanDraft, cleanHidden, cleanLine, cleanText, maxTextLength } from '../../source/domain/clean.ts';
import { draftPost, type PostDraft } from '../../source/domain/post.ts';

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
    ['a device control string', 'a\u001bP1;2q#0\u001b\\b', 'ab'],
    ['a string that its 8-bit end closes', 'a\u001b_secret\u009cb', 'ab'],
    ['8-bit strings', 'a\u0090x\u0007b\u009dy\u009cc', 'abc'],
    ['a sequence with a blank in it', 'a\u001b[ qb', 'ab'],
    ['a change of the character set', 'a\u001b(Bb\u001b7c', 'abc'],
    ['a question of a terminal', 'a\u001b[?25lb', 'ab'],
    ['blanks around the end of a line', 'a \n b\n\tc \nd\n e', 'a\nb\nc\nd\ne'],
    ['empty lines but one', 'a\n\n\n\nb\n\nc', 'a\n\nb\n\nc'],
    ['more blanks than one', 'a  b c', 'a b c'],
    ['blanks at both ends', ' a b ', 'a b'],
    ['next lines', 'a\u0085b', 'a\nb'],
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
    expect(cleanHidden('two  halves \ud800')).toBe('two halves \ufffd');
    expect(cleanHidden('a  family 👨‍👩‍👧')).toBe('a  family 👨‍👩‍👧');
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

  const cleaned = (fields: Partial<PostDraft>) =>
    cleanDraft(draftPost({ externalId: 'x', text: 'hello', ...fields }), now);

  test('says of every date that it does not believe which year it was', () => {
    const warned = (createdAt: number) => cleaned({ createdAt }).warnings[0];
    expect(warned(0)).toBe('post x is dated 1970: taken as written now');
    expect(warned(-8.64e15)).toBe('post x is dated -271821: taken as written now');
    expect(warned(8.64e15 + 2)).toBe('post x is dated impossibly, in the future: taken as written now');
    expect(cleaned({ createdAt: Number.NaN })).toMatchObject({ post: { createdAt: now }, warnings: [] });
    expect(cleaned({ createdAt: null })).toMatchObject({ post: { createdAt: now }, warnings: [] });
  });

  test('believes what was written since the Web began, and up to a day from now', () => {
    const first = Date.UTC(1993, 0, 1);
    expect(cleaned({ createdAt: first + 0.5 })).toMatchObject({ post: { createdAt: first }, warnings: [] });
    expect(cleaned({ createdAt: first - 1 }).warnings).toHaveLength(1);
    const day = 24 * 3_600_000;
    expect(cleaned({ createdAt: now + day })).toMatchObject({ post: { createdAt: now }, warnings: [] });
    expect(cleaned({ createdAt: now + day + 1 }).warnings).toHaveLength(1);
  });

  test('leaves out what has no identity, and names what it cuts by the beginning of its identity', () => {
    expect(cleaned({ externalId: '\u200b \n' })).toEqual({
      post: null,
      warnings: ['a post without an identity was left out'],
    });
    const named = (externalId: string) => cleaned({ externalId, text: '' }).warnings[0];
    expect(named('i'.repeat(60))).toBe(`post ${'i'.repeat(60)} has no readable text and was left out`);
    expect(named('i'.repeat(61))).toBe(`post ${'i'.repeat(59)}… has no readable text and was left out`);
    expect(cleaned({ externalId: 'i'.repeat(501) }).post?.externalId).toBe('i'.repeat(500));
  });

  test('keeps a post that has only a title', () => {
    expect(cleaned({ text: '', title: 'The login is broken' })).toMatchObject({
      post: { title: 'The login is broken', text: '' },
      warnings: [],
    });
    expect(cleaned({ text: '', title: ' \u200b ' }).post).toBeNull();
  });

  test('cuts what is longer than it may be, and only that, with a mark where it was cut', () => {
    const kept = (fields: Partial<PostDraft>) => cleaned(fields).post;
    expect(kept({ title: 't'.repeat(500) })?.title).toBe('t'.repeat(500));
    expect(kept({ title: 't'.repeat(501) })?.title).toBe(`${'t'.repeat(499)}…`);
    expect(kept({ author: 'a'.repeat(201) })?.author).toBe(`${'a'.repeat(199)}…`);
    expect(kept({ author: '' })?.author).toBeNull();
    expect(kept({ parentText: 'p'.repeat(1_000) })?.parentText).toBe('p'.repeat(1_000));
    expect(kept({ parentText: 'p'.repeat(1_001) })?.parentText).toBe(`${'p'.repeat(999)}…`);
    expect(kept({ parentText: '\u200b' })?.parentText).toBeNull();
    expect(cleaned({ text: 'w'.repeat(maxTextLength) })).toMatchObject({
      post: { text: 'w'.repeat(maxTextLength) },
      warnings: [],
    });
    expect(cleaned({ text: 'w'.repeat(maxTextLength + 1) })).toMatchObject({
      post: { text: `${'w'.repeat(maxTextLength - 1)}…` },
      warnings: [`post x was cut to ${maxTextLength} characters`],
    });
  });

  test('looks at the first eight times of what it keeps, and says that it saw no more', () => {
    const blanks = ' '.repeat(maxTextLength * 8);
    expect(cleaned({ text: `words${blanks}` })).toMatchObject({
      post: { text: 'words' },
      warnings: [`post x was cut to ${maxTextLength} characters`],
    });
    expect(cleaned({ text: `words${blanks.slice(5)}` })).toMatchObject({ warnings: [] });
    expect(cleaned({ text: `${blanks.slice(5)}words` })).toMatchObject({ post: { text: 'words' } });
    expect(cleaned({ text: `${blanks}words` }).post).toBeNull();
    expect(cleaned({ title: `${' '.repeat(3_999)}title` }).post?.title).toBe('t');
  });

  test('knows a language by its first part, and what is none is none', () => {
    const lang = (told: string | null) => cleaned({ lang: told }).post?.lang;
    expect(['en', ' EN-us ', 'pt_BR', 'fil'].map(lang)).toEqual(['en', 'en', 'pt', 'fil']);
    expect([null, '', 'und', 'und-Latn', 'english', 'e', '-en', 'e1', '1en', 'en1'].map(lang)).toEqual(
      Array(10).fill(null),
    );
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
    expect(url('http://example.com')).toBe('http://example.com/');
    const long = `https://example.com/${'a'.repeat(4_000 - 20)}`;
    expect(url(long)).toBe(long);
    expect(url(`${long}a`)).toBeNull();
    // Short as typed, and too long as an address.
    const path = 'é'.repeat(663);
    expect(url(`https://example.com/${path}aa`)).toHaveLength(4_000);
    expect(url(`https://example.com/${path}aaa`)).toBeNull();
    // Long as typed, and short as an address.
    expect(url(`https://example.com/${'./'.repeat(2_000)}a`)).toBeNull();
    const { post } = cleanDraft(
      draftPost({ externalId: 'x', text: 'a', link: 'data:text/html,x', parentUrl: 'http://a.example/é' }),
      now,
    );
    expect(post).toMatchObject({ link: null, parentUrl: 'http://a.example/%C3%A9' });
  });

  test('bounds every count', () => {
    const engagement = { likes: -5, reposts: Number.NaN, replies: 1e300, quotes: 2.9 };
    const { post } = cleanDraft(draftPost({ externalId: 'x', text: 'a', engagement }), now);
    expect(post?.engagement).toEqual({ likes: 0, reposts: 0, replies: 1_000_000_000, quotes: 2 });
  });
});
