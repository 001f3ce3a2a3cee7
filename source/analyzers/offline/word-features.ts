import type { Reading } from './reading.ts';

/** Features are numbered by hash; two of them share a number now and then, which costs little. */
export const bucketCount = 1 << 15;

/** Words of a post that the model reads: what comes later repeats it, or is a log. */
const mostWords = 250;
/** A longer word is an identifier; its beginning tells enough. */
const mostLetters = 16;
/** The piece by which "crashing" is known from "crashed". */
const stemLetters = 5;

/** What a trained model sees of a post: which features are there, each once. */
export interface WordFeatures {
  /** Numbers from 0 to before `bucketCount`. */
  readonly buckets: readonly number[];
  /** Index of the word that each feature comes from, -1 for what is not a word of the text. Same length. */
  readonly owners: readonly number[];
}

const prime = 0x01000193;
const numeric = /^\d/;

/** FNV-1a (Fowler, Noll, Vo) on UTF-16 units. */
function hashFrom(seed: number, text: string, length: number): number {
  let hash = seed;
  for (let at = 0; at < length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), prime);
  return hash;
}

const seedOf = (name: string) => hashFrom(0x811c9dc5, name, name.length);
const wordSeed = seedOf('word:');
const stemSeed = seedOf('stem:');
const openSeed = seedOf('open:');
const markSeed = seedOf('mark:');

/** Every bit of a hash has a say in its bucket: the finalizer of MurmurHash3. */
function toBucket(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) & (bucketCount - 1);
}

/** The post in which each bucket was seen last: cheaper than a set for every post. */
const seenIn = new Uint32Array(bucketCount);
let post = 0;

/**
 * Words, their beginnings, the words that open a sentence and marks of form.
 * Pieces of three to five letters anywhere in a word and pairs of words were
 * tried and generalised no better (decision 0006).
 */
export function readWordFeatures(reading: Reading): WordFeatures {
  if (post === 0xffff_ffff) {
    seenIn.fill(0);
    post = 0;
  }
  post += 1;
  const buckets: number[] = [];
  const owners: number[] = [];
  const add = (hash: number, owner: number) => {
    const bucket = toBucket(hash);
    if (seenIn[bucket] === post) return;
    seenIn[bucket] = post;
    buckets.push(bucket);
    owners.push(owner);
  };
  const count = Math.min(mostWords, reading.words.length);
  for (let at = 0; at < count; at += 1) {
    const word = shapeOf(reading.words[at] ?? '');
    const length = Math.min(word.length, mostLetters);
    add(hashFrom(wordSeed, word, length), at);
    if (length >= stemLetters) add(hashFrom(stemSeed, word, stemLetters), at);
    if (at === 0 || reading.sentences[at] !== reading.sentences[at - 1])
      add(hashFrom(openSeed, word, length), at);
  }
  for (const mark of marksOf(reading)) add(hashFrom(markSeed, mark, Math.min(24, mark.length)), -1);
  return { buckets, owners };
}

/** Numbers are one word, names of people another. */
function shapeOf(word: string): string {
  if (numeric.test(word)) return '0';
  return word.startsWith('@') ? '@' : word;
}

function marksOf(reading: Reading): string[] {
  const marks = [...reading.emoji.slice(0, 6), ...reading.asides];
  if (reading.asked.includes(true)) marks.push('asked');
  if (reading.asked[0] === true) marks.push('asked first');
  if (reading.asked[reading.sentences.at(-1) ?? 0] === true) marks.push('asked last');
  if (reading.exclamations > 0) marks.push('exclaimed');
  if (reading.hasCode) marks.push('code');
  if (reading.links > 0) marks.push('link');
  return marks;
}
