/**
 * How well grouping tells what says the same from what does not, on pairs made
 * from real posts: node bench/grouping.ts FOLDER [--show]
 *
 * FOLDER holds airline-tweets.ndjson and hacker-news-stories.ndjson. What says
 * the same is made from a real post (a repost, a quoted repost, an edited copy,
 * the same page under another address); what does not are real pairs that look
 * alike: two people about one flight, neighbours in words, two pages of one site.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalText } from '../source/domain/canonical-text.ts';
import { noEngagement, type Post } from '../source/domain/post.ts';
import { createGroupPlanner } from '../source/pipeline/group.ts';

interface Text {
  readonly author: string;
  readonly title: string | null;
  readonly text: string;
  readonly link: string | null;
}

interface Pair {
  readonly kind: string;
  readonly same: boolean;
  readonly a: Text;
  readonly b: Text;
}

const [folder, ...options] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node bench/grouping.ts FOLDER [--show]');
const show = options.includes('--show');

// A small generator of our own keeps the pairs the same from run to run.
let seed = 20261122;
function random(): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}
function pick<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
function sample<Item>(items: readonly Item[], count: number): Item[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .slice(0, count)
    .map(([, item]) => item);
}

function readLines(file: string): readonly Record<string, string>[] {
  return readFileSync(join(folder ?? '', file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const tweets: readonly Text[] = readLines('airline-tweets.ndjson').map(({ author = '', text = '' }) => ({
  author,
  title: null,
  text,
  link: null,
}));
const stories: readonly Text[] = readLines('hacker-news-stories.ndjson').map(
  ({ author = '', title = '', url }) => ({ author, title, text: title, link: url || null }),
);
const longEnough = tweets.filter(({ text }) => canonicalText(null, text).split(' ').length >= 6);
const comments = tweets
  .map(({ text }) => text.replace(/@\w+/g, '').trim())
  .filter((text) => text.length > 1 && text.length < 24);

/** One small change that a copying hand makes. */
const edits: readonly ((text: string) => string)[] = [
  (text) => swapLetters(text),
  (text) => dropWord(text),
  (text) => `${text} ${pick(['#fail', '#travel', '#help', 'please', 'smh', '😡', 'cc @press'])}`,
  (text) => `${text} https://t.co/${Math.floor(random() * 1e9).toString(36)}`,
  (text) => text.toUpperCase(),
  (text) => text.replace(/[.,!?'"]/g, ''),
  (text) => replaceWord(text),
  (text) => `${pick(['Wow.', 'FYI:', 'Breaking:', 'So', 'lol'])} ${text}`,
];

function wordsOf(text: string): string[] {
  return text.split(/\s+/);
}
function dropWord(text: string): string {
  const words = wordsOf(text);
  words.splice(1 + Math.floor(random() * (words.length - 1)), 1);
  return words.join(' ');
}
function replaceWord(text: string): string {
  const words = wordsOf(text);
  const long = words.flatMap((word, index) => (/^[a-z]{4,}$/i.test(word) ? [index] : []));
  if (long.length === 0) return dropWord(text);
  words[pick(long)] = pick(['thing', 'really', 'about', 'customer', 'again']);
  return words.join(' ');
}
function swapLetters(text: string): string {
  const at = 1 + Math.floor(random() * Math.max(1, text.length - 3));
  return `${text.slice(0, at)}${text[at + 1] ?? ''}${text[at] ?? ''}${text.slice(at + 2)}`;
}

function madePairs(): Pair[] {
  const pairs: Pair[] = [];
  const same = (kind: string, a: Text, text: string, change: Partial<Text> = {}) =>
    pairs.push({ kind, same: true, a, b: { ...a, author: 'somebody', text, ...change } });
  for (const post of sample(longEnough, 1500)) {
    same('repost', post, `RT @${post.author}: ${post.text}`);
    const comment = pick(comments);
    same(
      'quoted repost',
      post,
      pick([
        `${comment} RT @${post.author}: ${post.text}`,
        `“@${post.author}: ${post.text}” ${comment}`,
        `${comment} "@${post.author}: ${post.text}"`,
      ]),
    );
    same('edited copy', post, pick(edits)(post.text));
    same('copy edited twice', post, pick(edits)(pick(edits)(post.text)));
  }
  for (const story of sample(
    stories.filter(({ link }) => link !== null && new URL(link).pathname.length > 1),
    1500,
  )) {
    const url = new URL(story.link ?? '');
    url.searchParams.set('utm_source', 'feed');
    if (!url.host.startsWith('www.')) url.host = `www.${url.host}`;
    const title = `${pick(['Must read', 'Interesting', 'Found today'])}: ${wordsOf(story.title ?? '')
      .slice(0, 3)
      .join(' ')}`;
    same('same page, other words', story, title, { title, link: url.href });
    const suffixed = `${story.title} ${pick(['- The Verge', '| TechCrunch', '- Daily Journal', '[pdf]', '(2016)'])}`;
    same('same headline, other address', story, suffixed, { title: suffixed, link: null });
  }
  return pairs;
}

function realPairs(): Pair[] {
  const pairs: Pair[] = [];
  const differ = (kind: string, a: Text, b: Text) => pairs.push({ kind, same: false, a, b });
  const flights = Map.groupBy(
    tweets.flatMap((post) => {
      const number = /\bflight\s*#?\s*(\d{2,4})\b/i.exec(post.text)?.[1];
      return number === undefined ? [] : [{ number, post }];
    }),
    ({ number }) => number,
  );
  for (const group of flights.values()) {
    for (const [index, { post }] of group.entries()) {
      for (const other of group.slice(index + 1)) {
        if (other.post.author !== post.author) differ('another about the same flight', post, other.post);
      }
    }
  }
  differNeighbours(
    longEnough.filter(({ text }) => !/["“”]|\bRT\b/.test(text)),
    'neighbours in words',
    differ,
  );
  differNeighbours(stories, 'headlines alike, other pages', differ);
  return pairs;
}

/** Real pairs that share many words and yet are not copies: at most six words in ten. */
function differNeighbours(
  posts: readonly Text[],
  kind: string,
  differ: (kind: string, a: Text, b: Text) => void,
): void {
  const sets = posts.map(({ title, text }) => new Set(canonicalText(title, text).split(' ')));
  const index = new Map<string, number[]>();
  for (const [at, words] of sets.entries()) {
    for (const word of words) {
      const list = index.get(word) ?? [];
      list.push(at);
      index.set(word, list);
    }
  }
  const found: (readonly [number, number])[] = [];
  for (const [at, words] of sets.entries()) {
    if (words.size < 6) continue;
    const shared = new Map<number, number>();
    for (const word of words) {
      const list = index.get(word) ?? [];
      if (list.length > 300) continue;
      for (const other of list) if (other > at) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    for (const [other, count] of shared) {
      const others = sets[other] ?? new Set();
      if (count < 2 || others.size < 6 || posts[at]?.author === posts[other]?.author) continue;
      const both = [...words].filter((word) => others.has(word)).length;
      const likeness = both / (words.size + others.size - both);
      const samePage = posts[at]?.link !== null && posts[at]?.link === posts[other]?.link;
      if (likeness >= 0.3 && likeness <= 0.6 && !samePage) found.push([at, other]);
    }
  }
  for (const [a, b] of sample(found, 1500)) {
    const [first, second] = [posts[a], posts[b]];
    if (first !== undefined && second !== undefined) differ(kind, first, second);
  }
}

const planner = createGroupPlanner({ windowHours: 168, minSimilarity: 0.55, reopenResolved: true });

function joined({ a, b }: Pair): boolean {
  const posts = [a, b].map(
    ({ author, title, text, link }, index): Post => ({
      id: index + 1,
      source: 'bench',
      kind: 'bench',
      externalId: String(index),
      signalId: null,
      url: null,
      link,
      author,
      title,
      text,
      lang: null,
      createdAt: index * 60_000,
      fetchedAt: 0,
      engagement: noEngagement,
      parentUrl: null,
      parentText: null,
    }),
  );
  const placed = planner.place(
    posts.map((post) => ({ post, fingerprint: planner.fingerprint(post) })),
    { hits: [], apart: [], nextSignalId: 1 },
  );
  return placed[1]?.opens === false;
}

const pairs = [...madePairs(), ...realPairs()];
const verdicts = pairs.map((pair) => ({ pair, joined: joined(pair) }));
for (const [kind, group] of Map.groupBy(verdicts, ({ pair }) => pair.kind)) {
  const right = group.filter((verdict) => verdict.joined === verdict.pair.same);
  const words = group[0]?.pair.same ? 'joined' : 'kept apart';
  console.log(
    `${kind.padEnd(30)} ${String(group.length).padStart(5)} pairs  ${((100 * right.length) / group.length).toFixed(1).padStart(5)}% ${words}`,
  );
  if (show) {
    for (const { pair } of sample(
      group.filter((verdict) => verdict.joined !== verdict.pair.same),
      6,
    )) {
      console.log(`    ${JSON.stringify(pair.a.text)}\n    ${JSON.stringify(pair.b.text)}\n`);
    }
  }
}
const truePositives = verdicts.filter((verdict) => verdict.joined && verdict.pair.same).length;
const falsePositives = verdicts.filter((verdict) => verdict.joined && !verdict.pair.same).length;
const positives = verdicts.filter(({ pair }) => pair.same).length;
console.log(
  `precision ${((100 * truePositives) / (truePositives + falsePositives)).toFixed(1)}%  recall ${((100 * truePositives) / positives).toFixed(1)}%  of ${pairs.length} pairs`,
);
