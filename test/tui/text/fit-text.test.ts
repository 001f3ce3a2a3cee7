import { Unicode11Addon } from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import stringWidth from '../../../source/tui/cached-string-width.ts';
import { cleanLine, cleanLines } from '../../../source/tui/text/clean-line.ts';
import { fitText } from '../../../source/tui/text/fit-text.ts';
import { wrapText, wrapWords } from '../../../source/tui/text/wrap-text.ts';

/** Any code points, lone surrogates too, with the troublemakers far more often than by chance. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom(
      '\x1b[31m',
      '\x1b]0;title\x07',
      '\x1b]8;;http://x\x1b\\',
      '\x9b2J',
      '\x00',
      '\r\n',
      '\t',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u200d',
      '\ufe0f',
      '\u20e3',
      '\u0301',
      '\ud83d',
      '👩‍👩‍👧',
      '👍🏽',
      '🇩🇪',
      '1️⃣',
      '漢',
      'ｱﾞ',
      '한',
      'नि',
      'مر',
      ' ',
      'a',
    ),
  ),
  maxLength: 60,
});

/** What no terminal may be sent: controls and what changes the direction or cannot be seen. */
const forbidden = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]|\ufe0f|\u20e3/u;

describe('fitText', () => {
  test('is exactly as wide as was asked, whatever the text', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.integer({ min: 0, max: 90 }),
        fc.constantFrom('left', 'right'),
        (text, columns, align) => {
          expect(stringWidth(fitText(text, columns, align))).toBe(columns);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('never emits a control, bidi or invisible character', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 90 }), (text, columns) => {
        expect(fitText(text, columns)).not.toMatch(forbidden);
        expect(cleanLine(text)).not.toMatch(forbidden);
      }),
      { numRuns: 2000 },
    );
  });

  test('says with an ellipsis that something was cut off, and only then', () => {
    expect(fitText('outage', 6)).toBe('outage');
    expect(fitText('outages', 6)).toBe('outag…');
    expect(fitText('漢字漢字', 6)).toBe('漢字… ');
    expect(fitText('漢', 1)).toBe('…');
    expect(fitText('x', 4, 'right')).toBe('   x');
  });

  test('a megabyte of anything is cut at once', () => {
    const started = performance.now();
    const texts = [
      '🎉'.repeat(500_000),
      '\x1b['.repeat(500_000),
      `a${'\u0301'.repeat(1_000_000)}`,
      ' \n'.repeat(500_000),
    ];
    for (const text of texts) {
      expect(stringWidth(fitText(text, 40))).toBe(40);
      expect(wrapText(text, 40, 5).length).toBeLessThanOrEqual(5);
    }
    // A generous bound against something quadratic, not a benchmark.
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('a terminal advances by the same number of columns', async () => {
    const terminal = new xterm.Terminal({ cols: 200, rows: 2, allowProposedApi: true });
    terminal.loadAddon(new Unicode11Addon());
    terminal.unicode.activeVersion = '11';
    const texts = [
      '👩‍👩‍👧 family',
      '👍🏽 ok',
      '🇩🇪🇫🇷',
      '1️⃣ one',
      '❤️ heart',
      '決済画面が真っ白',
      'مرحبا بكم',
      'नमस्ते',
      'สวัสดี',
      '한국어',
      'éàü',
      'z\u0301a\u0327l\u0310go',
      'ｶﾞｷﾞ',
    ];
    for (const text of texts) {
      for (const columns of [3, 8, 30]) {
        const fitted = fitText(text, columns);
        await new Promise<void>((resolve) => terminal.write(`\x1b[2J\x1b[H${fitted}`, resolve));
        expect([text, terminal.buffer.active.cursorX]).toEqual([text, columns]);
      }
    }
  });
});

describe('cleaning', () => {
  test('removes escape sequences whole', () => {
    expect(cleanLine('a\x1b[31mred\x1b[0m b\x1b]0;owned\x07c\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\')).toBe(
      'ared bclink',
    );
  });

  test('draws joined emoji, skin tones, flags and keycaps in their simple form', () => {
    expect(cleanLine('👩🏽‍💻 👍🏿 🇩🇪 1️⃣ ❤️')).toBe('👩 👍 DE 1 ❤');
  });

  test('folds line breaks and tabs, keeps the blanks of a table', () => {
    expect(cleanLine('a\n\n\tb  c')).toBe('a b  c');
  });

  test('keeps the lines of a text, without blank ones at the ends', () => {
    expect(cleanLines('\n one\r\n\n\n two\u2028three \n')).toEqual(['one', '', 'two', 'three']);
  });
});

describe('wrapText', () => {
  test('no line is wider than asked, and no letter is lost', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 2, max: 60 }), (text, columns) => {
        const lines = wrapText(text, columns);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        const letters = (part: string) => part.replaceAll(/\s/g, '');
        if (text.length < columns) expect(letters(lines.join(''))).toBe(letters(cleanLines(text).join('')));
      }),
      { numRuns: 1000 },
    );
  });

  test('breaks between words, and within one only when it is too long', () => {
    expect(wrapText('to be or not to be', 8)).toEqual(['to be or', 'not to', 'be']);
    expect(wrapText('see https://example.com/long', 10)).toEqual(['see', 'https://ex', 'ample.com/', 'long']);
    expect(wrapText('決済画面が真っ白', 7)).toEqual(['決済画', '面が真', 'っ白']);
  });

  test('the last line allowed says that there is more', () => {
    expect(wrapText('one\ntwo\nthree', 10, 2)).toEqual(['one', 'two…']);
    expect(wrapWords('one\ntwo three', 7)).toEqual(['one two', 'three']);
  });
});

test('measuring is the same with the memory and without', async () => {
  const { default: measure } = await import('string-width');
  fc.assert(
    fc.property(hostile, (text) => {
      expect(stringWidth(text)).toBe(measure(text));
    }),
  );
});

test('the memory of widths is bounded', async () => {
  const { cachedWidths } = await import('../../../source/tui/cached-string-width.ts');
  for (let index = 0; index < 40_000; index += 1) stringWidth(`text ${index}`);
  expect(cachedWidths()).toBeLessThanOrEqual(2 * 8192 + 1);
});
