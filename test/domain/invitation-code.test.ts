import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeBytes, makeInvitationCode, readInvitationCode } from '../../source/domain/invitation-code.ts';

const bytes = fc.uint8Array({ minLength: codeBytes, maxLength: codeBytes });
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('the code of an invitation', () => {
  test('has groups of four of an alphabet without I, L, O and U, and is read as it was made', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const made = makeInvitationCode(random);
        expect(made.code).toMatch(/^SHI(-[0-9A-HJKMNP-TV-Z]{4}){8}$/);
        expect(made.code.slice(4, 8)).toBe(made.id);
        expect(readInvitationCode(made.code)).toEqual(made);
      }),
    );
  });

  test('ends with the check character of Luhn, worked out by hand', () => {
    // Values 0 to 30: every second from the right doubled, and of two digits in base 32 both added, is 457;
    // 457 is 9 more than a multiple of 32, so 23 is missing, which is Q.
    const made = makeInvitationCode(Uint8Array.from({ length: codeBytes + 5 }, (_, value) => value));
    expect(made).toEqual({ id: '0123', code: 'SHI-0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYQ' });
  });

  test.each([
    ['another mark', `SHJ${'0'.repeat(32)}`],
    ['no mark', '0'.repeat(32)],
    ['a character too few, though the last one checks the others', `SHI${'0'.repeat(31)}`],
    ['a character too many, though the last one checks the others', `SHI${'0'.repeat(33)}`],
    ['a character that is none, though the last one would check it', `SHI${'0'.repeat(30)}*3`],
  ])('with %s is no code', (_what, typed) => {
    expect(readInvitationCode(`SHI${'0'.repeat(32)}`)?.id).toBe('0000');
    expect(readInvitationCode(typed)).toBeNull();
  });

  test('may be typed with much space, but not without end', () => {
    const { code } = makeInvitationCode(new Uint8Array(codeBytes));
    expect(readInvitationCode(code.padEnd(120))).not.toBeNull();
    expect(readInvitationCode(code.padEnd(121))).toBeNull();
  });

  test('has 135 bits of secret behind its id: each byte of chance gives five, evenly', () => {
    const seen = new Map<string, number>();
    for (let value = 0; value < 256; value += 1) {
      const letter = makeInvitationCode(new Uint8Array(codeBytes).fill(value)).code.at(9) ?? '';
      seen.set(letter, (seen.get(letter) ?? 0) + 1);
    }
    expect([...seen.keys()].toSorted().join('')).toBe(alphabet);
    expect([...new Set(seen.values())]).toEqual([8]);
    expect((codeBytes - 4) * 5).toBe(135);
  });

  test('is read as people type it: any case, spaces, no hyphens, O for 0, I and L for 1', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom('', ' ', '-', '\t'), fc.boolean(), (random, gap, lower) => {
        const made = makeInvitationCode(random);
        const typed = made.code
          .slice(4)
          .replaceAll('0', 'O')
          .replaceAll('1', lower ? 'l' : 'I');
        const whole = ` SHI${gap}${typed.replaceAll('-', gap)} `;
        expect(readInvitationCode(lower ? whole.toLowerCase() : whole)).toEqual(made);
      }),
    );
  });

  test('with any one character wrong is no code', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.nat(codeBytes),
        fc.integer({ min: 1, max: alphabet.length - 1 }),
        (random, at, by) => {
          const letters = makeInvitationCode(random).code.slice(4).replaceAll('-', '');
          const wrong = alphabet[(alphabet.indexOf(letters[at] ?? '') + by) % alphabet.length] ?? '';
          expect(readInvitationCode(`SHI${letters.slice(0, at)}${wrong}${letters.slice(at + 1)}`)).toBeNull();
        },
      ),
    );
  });

  test('with two neighbours swapped is no code, but for 0 and Z', () => {
    fc.assert(
      fc.property(bytes, fc.nat(codeBytes - 1), (random, at) => {
        const letters = makeInvitationCode(random).code.slice(4).replaceAll('-', '');
        const [one = '', two = ''] = letters.slice(at, at + 2);
        fc.pre(one !== two && ![one, two].toSorted().join('').includes('0Z'));
        const swapped = `SHI${letters.slice(0, at)}${two}${one}${letters.slice(at + 2)}`;
        expect(readInvitationCode(swapped)).toBeNull();
      }),
    );
  });

  test('is nothing else, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(readInvitationCode(text)).toBeNull();
      }),
    );
  });
});
