import { hash32 } from './hash.ts';

/**
 * What is kept of the words of a text to tell how alike two texts are: 48
 * min-wise hashes of two bits each, in two halves, and above each half four
 * bits of a hash of the numbers in the text.
 */
export interface Sketch {
  readonly high: number;
  readonly low: number;
}

const sketchHashes = 48;

/** How alike two texts are by their sketches, 0–1: about the share of word pairs that they have in common. */
export function similarity(a: Sketch, b: Sketch): number {
  // "Who is hiring in May 2016" and "… June 2016", flight 17 and flight 18: a number makes it another matter.
  if (!numbersAgree(a, b)) return 0;
  const equal = equalPairs(a.high, b.high) + equalPairs(a.low, b.low);
  // Two bits agree by chance one time in four.
  return Math.max(0, (equal / sketchHashes - 0.25) / 0.75);
}

const half = 2 ** 24;
const numberSpace = 2 ** 48;

function numbersAgree(a: Sketch, b: Sketch): boolean {
  const numbers = ({ high, low }: Sketch) =>
    Math.floor(high / numberSpace) * 16 + Math.floor(low / numberSpace);
  const [one, other] = [numbers(a), numbers(b)];
  return one === other || one === 0 || other === 0;
}

/** Of the 24 two-bit hashes in 48 bits, those that are equal. */
function equalPairs(a: number, b: number): number {
  const differing = (x: number, y: number) => {
    const bits = x ^ y;
    return countBits((bits | (bits >>> 1)) & 0x555555);
  };
  return (
    24 - differing(a % half, b % half) - differing(Math.floor(a / half) % half, Math.floor(b / half) % half)
  );
}

/** Pairs of neighbours, and of words with one between: one changed word leaves most of them as they were. */
export function featuresOf(words: readonly string[]): ReadonlySet<string> {
  const features = new Set<string>();
  for (const [index, word] of words.entries()) {
    const next = words[index + 1];
    const second = words[index + 2];
    if (next !== undefined) features.add(`${word} ${next}`);
    if (second !== undefined) features.add(`${word}_${second}`);
  }
  return features;
}

/** The least hash over all features, for each of a family of hash functions. */
export function minimaOf(features: ReadonlySet<string>): Uint32Array {
  const minima = new Uint32Array(sketchHashes).fill(0xffffffff);
  for (const feature of features) {
    const hash = hash32(feature, 0x811c9dc5);
    for (let index = 0; index < sketchHashes; index += 1) {
      let mixed = Math.imul(hash ^ (seeds[index] ?? 0), multipliers[index] ?? 1);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x2c1b3c6d);
      mixed = (mixed ^ (mixed >>> 13)) >>> 0;
      if (mixed < (minima[index] ?? 0)) minima[index] = mixed;
    }
  }
  return minima;
}

const { seeds, multipliers } = hashFamily();

function hashFamily(): { seeds: Uint32Array; multipliers: Uint32Array } {
  const seeds = new Uint32Array(sketchHashes);
  const multipliers = new Uint32Array(sketchHashes);
  for (let index = 0; index < sketchHashes; index += 1) {
    seeds[index] = hash32(`seed ${index}`, 0x9747b28c);
    multipliers[index] = hash32(`multiplier ${index}`, 0x1b873593) | 1;
  }
  return { seeds, multipliers };
}

export function sketchOf(minima: Uint32Array, words: readonly string[]): Sketch {
  const numbers = numbersOf(words);
  const pack = (from: number) => {
    let packed = 0;
    for (let index = from + 23; index >= from; index -= 1) packed = packed * 4 + ((minima[index] ?? 0) & 3);
    return packed;
  };
  // 1–255, so that 0 can mean that the text has no numbers.
  const hash = numbers.length === 0 ? 0 : (hash32(numbers.join(' '), 0x811c9dc5) % 255) + 1;
  return {
    high: pack(0) + (hash >>> 4) * numberSpace,
    low: pack(24) + (hash & 15) * numberSpace,
  };
}

const month = /^(?:january|february|march|april|may|june|july|august|september|october|november|december)$/;

/** Numbers, and months beside a number, in the order of the alphabet. */
function numbersOf(words: readonly string[]): readonly string[] {
  const isNumber = (word: string | undefined) => word !== undefined && /\d/.test(word);
  return words
    .filter(
      (word, index) =>
        isNumber(word) || (month.test(word) && (isNumber(words[index - 1]) || isNumber(words[index + 1]))),
    )
    .toSorted();
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
