/**
 * How text is cut into the words that a search looks for. The index, the
 * search and every check of a single post use these functions, so they agree
 * to the letter.
 *
 * Case, width and the accents of Latin, Greek and Cyrillic letters do not
 * count. Scripts that put no spaces between words (Han, kana, Hangul, Thai and
 * their like) are cut into overlapping pairs of characters, so that any part
 * of a sentence is found.
 */

/** Longer words (hashes, encoded files) are cut: nobody types them whole. In UTF-16 units. */
const maxWordLength = 60;

const accents = /[\u0300-\u036f]/g;
const word = /[\p{L}\p{N}\p{M}]+/gu;
const unspaced =
  '[\\p{Script_Extensions=Han}\\p{Script_Extensions=Hiragana}\\p{Script_Extensions=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]';
const stretches = new RegExp(`${unspaced}+|(?:(?!${unspaced}).)+`, 'gu');
const isUnspaced = new RegExp(`^${unspaced}`, 'u');
const beyondAscii = /[^\u0000-\u007f]/;
const mayBeUnspaced = /[^\u0000-\u0dff]/;

/** Marks stand for a whole fact about a post (its site, its language) and can be no word. */
const siteMark = '\ue000';
const langMark = '\ue001';

/** What a phrase looks for: these words, one after the other. */
export interface Phrase {
  readonly words: readonly string[];
  /** The last word may go on. */
  readonly prefix: boolean;
}

/** The words of a text, in order. */
export function searchWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const [match] of fold(text).matchAll(word)) {
    if (!mayBeUnspaced.test(match)) {
      words.push(match.slice(0, maxWordLength));
      continue;
    }
    for (const stretch of stretchesOf(match)) {
      if (isUnspaced.test(stretch)) words.push(...pairsOf(stretch));
      else words.push(stretch.slice(0, maxWordLength));
    }
  }
  return words;
}

/** What somebody typed, as the index has it; null when it has neither letter nor digit. */
export function phraseOf(text: string, prefix: boolean): Phrase | null {
  const words = [...searchWords(text)];
  const last = fold(text).match(word)?.flatMap(stretchesOf).at(-1);
  if (last === undefined) return null;
  if (!isUnspaced.test(last)) return { words, prefix };
  // The pair that begins with the last character goes on in longer texts; without it any continuation is found.
  if ([...last].length === 1) return { words, prefix: true };
  words.pop();
  return { words, prefix: false };
}

/** Whether the words hold the phrase. */
export function holdsPhrase(words: readonly string[], phrase: Phrase): boolean {
  const end = phrase.words.length - 1;
  return words.some((_, start) =>
    phrase.words.every((wanted, index) => {
      const found = words[start + index];
      return (
        found !== undefined && (index === end && phrase.prefix ? found.startsWith(wanted) : found === wanted)
      );
    }),
  );
}

/** The mark of a site and, in `marksOf`, of all sites above it: `a.b.example` is found by `b.example`. */
export function siteMarkOf(site: string): string {
  return markOfLabels(labelsOf(site));
}

export function langMarkOf(lang: string): string {
  return langMark + lang.toLowerCase();
}

/** What else a post is found by: the sites of its addresses and its language. */
export function marksOf(post: {
  readonly url: string | null;
  readonly link: string | null;
  readonly lang: string | null;
}): readonly string[] {
  const marks = new Set<string>();
  for (const address of [post.url, post.link]) {
    const labels = address === null ? [] : labelsOf(siteOf(address) ?? '');
    for (let start = 0; start < labels.length; start += 1) marks.add(markOfLabels(labels.slice(start)));
  }
  if (post.lang !== null && post.lang !== '') marks.add(langMarkOf(post.lang));
  return [...marks];
}

/** The host of an address without any "www."; null for what is none. */
export function siteOf(address: string): string | null {
  const host = URL.parse(address)?.hostname.replace(/^(?:www\.)+/, '') ?? '';
  return host === '' ? null : host;
}

function markOfLabels(labels: readonly string[]): string {
  return siteMark + labels.join(siteMark);
}

function labelsOf(site: string): readonly string[] {
  return (
    site
      .toLowerCase()
      .split('.')
      .map((label) => label.replace(/[^\p{L}\p{N}_-]/gu, ''))
      // "-" and "_" would end a word of the index.
      .map((label) => label.replaceAll('-', '\ue002').replaceAll('_', '\ue003'))
      .filter((label) => label !== '')
  );
}

function fold(text: string): string {
  if (!beyondAscii.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').toLowerCase().replace(accents, '').replaceAll('ς', 'σ').normalize('NFC');
}

function stretchesOf(match: string): readonly string[] {
  return mayBeUnspaced.test(match) ? (match.match(stretches) ?? []) : [match];
}

/** Each character with the next; the last stands alone, so that the end of a text is found too. */
function pairsOf(stretch: string): readonly string[] {
  const characters = [...stretch];
  return characters.map((character, index) => character + (characters[index + 1] ?? ''));
}
