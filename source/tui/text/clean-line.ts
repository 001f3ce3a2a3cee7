/**
 * Text as one line that every terminal draws in the same number of columns.
 *
 * Posts are hostile or at best surprising: what moves the cursor, changes the
 * direction of writing or is measured differently by terminals never reaches
 * the screen. The price is some decoration: skin tones, joined emoji and flags
 * become their simple form.
 */

/** Printable ASCII, by far the usual case, needs nothing. */
const harmless = /^[\x20-\x7e]*$/;

/** Complete CSI, OSC, DCS, SOS, PM and APC sequences and two-character escapes (ECMA-48), 7 and 8 bit. */
const escapes =
  /(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)|\x1b[\x20-\x2f]*[\x30-\x7e]/g;

/** Every blank but the plain one; runs of plain ones stay, since tables are made of them. */
const blanks = /[^\S ]+|[\x1c-\x1f\x85]+/g;

/** What follows a joiner inside an emoji: the picture is cut to its first part. */
const joined =
  /(\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)(?:\u200d\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]*)+/gu;

/** Controls, invisible and bidi characters, format characters, enclosing marks (keycaps) and skin tones. */
const undrawable = /[\p{Cc}\p{Cf}\p{Me}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/gu;

/** Vowels and tails of Hangul that NFC could not compose: some terminals give them a column, some none. */
const loneJamo = /[\u1160-\u11ff\ud7b0-\ud7ff]/g;
const flagLetters = /[\u{1f1e6}-\u{1f1ff}]/gu;
const unknown = /[\p{Cs}\p{Cn}]/gu;
/** More than three marks on one letter climb into the lines around it. */
const piledMarks = /(\p{Mn}{3})\p{Mn}+/gu;
/** A mark without a letter would land on whatever stands before the text. */
const leadingMarks = /^\p{M}+/u;

export function cleanLine(text: string): string {
  if (harmless.test(text)) return text;
  return text
    .replace(escapes, '')
    .replace(blanks, ' ')
    .replace(joined, '$1')
    .replace(undrawable, '')
    .normalize('NFC')
    .replace(loneJamo, '')
    .replace(flagLetters, (letter) => String.fromCharCode((letter.codePointAt(0) ?? 0) - 0x1f1e6 + 0x41))
    .replace(unknown, '\ufffd')
    .replace(piledMarks, '$1')
    .replace(leadingMarks, '');
}

/** Like `cleanLine` for each line of a text, blank lines folded to one and none at the ends. */
export function cleanLines(text: string): string[] {
  const lines: string[] = [];
  for (const raw of text.split(/\r\n?|\n|\u2028|\u2029/)) {
    const line = cleanLine(raw).trim();
    if (line !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(line);
  }
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
