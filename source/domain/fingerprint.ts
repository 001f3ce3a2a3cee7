/**
 * When two posts say the same thing. Pure.
 *
 * A post gets a handful of *keys*. Two posts that share an exact-text key say
 * the same, as do two that share a link key; posts that share a band key are
 * candidates, and say the same when their 64-bit simhashes differ in few bits
 * (Charikar 2002; Manku, Jain and Sarma 2007).
 */
export interface Fingerprint {
  /** Two halves of the 64-bit simhash, unsigned. */
  readonly high: number;
  readonly low: number;
  /** Keys of the exact text and the link, strongest first. */
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
const bandBits = 16;
/** Fewer distinct words than this say too little: "same here" is not the same report twice. */
const minWords = 6;
const minExactLength = 12;
/** What a text says stands at its beginning; what articles of one place share stands further down. */
const maxWords = 120;

/**
 * Text as it counts for comparison: no repost marks, mentions, links,
 * punctuation or case, so that copies, quotes and cross-posts of one text meet.
 */
export function canonicalText(title: string | null, text: string): string {
  const whole = title === null || text.startsWith(title) ? text : `${title} ${text}`;
  return whole
    .normalize('NFKC')
    .toLowerCase()
    .replace(/https?:\/\/\S+|www\.\S+/g, ' ')
    .replace(/(^|\s)(?:rt|via|mt)\s+@[\w.@-]+:?/g, ' ')
    .replace(/@[\w.-]+(?:@[\w.-]+)?/g, ' ')
    .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/gu, ' ')
    .trim();
}

const trackingParameter =
  /^(?:utm_.*|fbclid|gclid|dclid|mc_[ce]id|igshid|si|ref|ref_src|ref_url|source|cmpid|spm|ncid|smid|_ga|yclid|msclkid|feature)$/i;
const mobileHost = /^(?:www|m|mobile|amp|old|new)\./;

/**
 * An address as it counts for comparison: no scheme, mobile or www host,
 * tracking parameters, fragment or trailing slash. Null when it names a site
 * rather than a page, since half the Web links to front pages.
 */
export function canonicalLink(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null;
  const path = parsed.pathname.replace(/\/+$/, '').replace(/\/(?:index\.\w+|amp)$/, '');
  const query = [...parsed.searchParams].filter(([name]) => !trackingParameter.test(name)).sort();
  if (path === '' && query.length === 0) return null;
  const search = query.map(([name, value]) => `${name}=${value}`).join('&');
  return `${parsed.host.toLowerCase().replace(mobileHost, '')}${path}${search && `?${search}`}`;
}

/** All keys of one post. */
export function fingerprintPost(input: FingerprintInput): Fingerprint {
  const canonical = canonicalText(input.title, input.text);
  const link = input.link === null ? null : canonicalLink(input.link);
  const exact: number[] = [];
  if (canonical.length >= minExactLength) exact.push(keyOf(textKind, hash47(canonical)));
  if (link !== null) exact.push(keyOf(linkKind, hash47(link)));
  const words = wordsOf(canonical).slice(0, maxWords);
  const { high, low } = simhash(words);
  if (new Set(words).size < minWords) return { high, low, exact, bands: [] };
  const bands = [low & 0xffff, low >>> bandBits, high & 0xffff, high >>> bandBits].map((bits, index) =>
    keyOf(bandKind + index, bits),
  );
  return { high, low, exact, bands };
}

/** Differing bits of two simhashes, 0–64. */
export function hammingDistance(
  a: Pick<Fingerprint, 'high' | 'low'>,
  b: Pick<Fingerprint, 'high' | 'low'>,
): number {
  return countBits(a.high ^ b.high) + countBits(a.low ^ b.low);
}

function keyOf(kind: number, hash: number): number {
  return kind * hashSpace + hash;
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

function simhash(words: readonly string[]): { high: number; low: number } {
  const sums = new Int32Array(64);
  const add = (feature: string) => {
    const low = hash32(feature, 0x811c9dc5);
    const high = hash32(feature, 0x1b873593);
    for (let bit = 0; bit < 32; bit += 1) {
      sums[bit] = (sums[bit] ?? 0) + ((low >>> bit) & 1 ? 1 : -1);
      sums[bit + 32] = (sums[bit + 32] ?? 0) + ((high >>> bit) & 1 ? 1 : -1);
    }
  };
  for (const [index, word] of words.entries()) {
    add(word);
    const next = words[index + 1];
    if (next !== undefined) add(`${word} ${next}`);
  }
  let low = 0;
  let high = 0;
  for (let bit = 0; bit < 32; bit += 1) {
    if ((sums[bit] ?? 0) > 0) low |= 1 << bit;
    if ((sums[bit + 32] ?? 0) > 0) high |= 1 << bit;
  }
  return { high: high >>> 0, low: low >>> 0 };
}

/** FNV-1a over UTF-16 units with a murmur3 finish, unsigned 32 bits. */
function hash32(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function hash47(text: string): number {
  return (hash32(text, 0x811c9dc5) % 0x8000) * 0x1_0000_0000 + hash32(text, 0x9747b28c);
}

function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
