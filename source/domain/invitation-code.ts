/**
 * The code of an invitation: SHI-XXXX-XXXX-…, eight groups of four. The first
 * group may be seen (the invitation's id); 27 random characters (135 bits) are
 * the secret; the last one checks the others. No letter of the alphabet is
 * taken for another (Crockford's base 32: no I, L, O, U).
 */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const mark = 'SHI';
const idLength = 4;
const groupLength = 4;
const maxTypedLength = 120;

/** Random bytes that a code takes. */
export const codeBytes = 31;

export interface InvitationCode {
  /** The part that may be seen. */
  readonly id: string;
  /** As it is shown, and as it is hashed. */
  readonly code: string;
}

/** @param bytes `codeBytes` of them, random; each gives five bits */
export function makeInvitationCode(bytes: Uint8Array): InvitationCode {
  const body = [...bytes.subarray(0, codeBytes)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return formatCode(body + checkCharacter(body));
}

/**
 * A code as a person typed it: in any case, with or without hyphens and spaces,
 * with O for 0 and I or L for 1. Null when it has not the form of one, or a
 * character is wrong; whether such an invitation exists does not matter here.
 */
export function readInvitationCode(typed: string): InvitationCode | null {
  if (typed.length > maxTypedLength) return null;
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  if (!letters.startsWith(mark)) return null;
  const code = letters.slice(mark.length).replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  if (code.length !== codeBytes + 1 || [...code].some((letter) => !alphabet.includes(letter))) return null;
  return checkCharacter(code.slice(0, -1)) === code.at(-1) ? formatCode(code) : null;
}

function formatCode(letters: string): InvitationCode {
  const groups = letters.match(new RegExp(`.{${groupLength}}`, 'g')) ?? [];
  return { id: letters.slice(0, idLength), code: [mark, ...groups].join('-') };
}

/**
 * Luhn's algorithm in base 32 (ISO/IEC 7812-1, generalized): finds every single
 * wrong character, and all swapped neighbours but 0 and Z.
 */
function checkCharacter(body: string): string {
  const base = alphabet.length;
  let sum = 0;
  let factor = 2;
  for (const letter of [...body].reverse()) {
    const product = factor * alphabet.indexOf(letter);
    sum += Math.floor(product / base) + (product % base);
    factor = factor === 2 ? 1 : 2;
  }
  return alphabet[(base - (sum % base)) % base] ?? '';
}
