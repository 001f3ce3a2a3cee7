import { canonicalLink } from './canonical-link.ts';
import { canonicalText, headlines, quotedText } from './canonical-text.ts';
import { hash47 } from './hash.ts';
import { featuresOf, minimaOf, type Sketch, sketchOf } from './sketch.ts';

/**
 * When two posts say the same thing. Pure.
 *
 * A post gets a handful of *keys*. Two posts that share an exact-text key say
 * the same, as do two that share a link key; posts that share a band key are
 * candidates, and say the same when their sketches are alike enough: min-wise
 * hashes of word pairs (Broder 1997), of which the sketch keeps two bits each
 * (Li and König 2010).
 */
export interface Fingerprint extends Sketch {
  /** Keys of the exact text, of what it quotes, of its headline and of the link, strongest first. */
  readonly exact: readonly number[];
  /** Keys under which near-duplicates are looked up; empty for texts too short to compare. */
  readonly bands: readonly number[];
}

interface FingerprintInput {
  readonly title: string | null;
  readonly text: string;
  /** The page that the post is about, when it is not the post's own address. */
  readonly link: string | null;
}

// A key is a 50-bit integer: 3 bits say what it is, 47 are a hash. SQLite and JavaScript hold both exactly.
const hashSpace = 2 ** 47;
const textKind = 0;
const linkKind = 1;
const bandKind = 2;
/** Seven words; fewer say too little: "thanks for the help" and "thanks for the reply" are nearly the same, and are not. */
const minFeatures = 11;
const minExactLength = 12;
/** Articles of one place begin and end alike, so of a long one the middle counts most. */
const longWords = 160;
const openingWords = 30;
const middleWords = 90;
/** Of two hashes each. */
const bands = 6;

/** All keys of one post. */
export function fingerprintPost({ title, text, link }: FingerprintInput): Fingerprint {
  const whole = canonicalText(title, text);
  const quoted = quotedText(text);
  // Who passes something on with a remark says what was passed on.
  const core = quoted === null ? whole : canonicalText(null, quoted);
  const page = link === null ? null : canonicalLink(link);
  const texts = new Set([whole, core, ...headlines(title, text)]);
  const exact = [...texts]
    .filter((each) => each.length >= minExactLength)
    .map((each) => keyOf(textKind, hash47(each)));
  if (page !== null) exact.push(keyOf(linkKind, hash47(page)));
  const words = tellingWords(wordsOf(core));
  const features = featuresOf(words);
  const minima = minimaOf(features);
  const { high, low } = sketchOf(minima, words);
  if (features.size < minFeatures) return { high, low, exact, bands: [] };
  return { high, low, exact, bands: bandsOf(minima) };
}

function tellingWords(words: readonly string[]): readonly string[] {
  if (words.length <= longWords) return words;
  const middle = Math.floor((words.length - middleWords) / 2);
  return [...words.slice(0, openingWords), ...words.slice(middle, middle + middleWords)];
}

function keyOf(kind: number, hash: number): number {
  return kind * hashSpace + hash;
}

function bandsOf(minima: Uint32Array): readonly number[] {
  return Array.from({ length: bands }, (_, band) => {
    const first = band * 2;
    return keyOf(bandKind, hash47(`${band} ${minima[first]} ${minima[first + 1]}`));
  });
}

/** Words, and for scripts written without spaces the pairs of neighbouring characters. */
function wordsOf(canonical: string): readonly string[] {
  const words: string[] = [];
  for (const word of canonical.split(' ')) {
    if (word === '') continue;
    if (!/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(word)) {
      words.push(word);
      continue;
    }
    const characters = [...word];
    for (let index = 0; index < characters.length; index += 1) {
      words.push(characters.slice(index, index + 2).join(''));
    }
  }
  return words;
}
