import type { Leader, RisingTerm, Span, Trend } from '../domain/insight.ts';
import { type InsightTerm, narrowSearch } from '../domain/insight-search.ts';
import { risingScore, risingThreshold } from '../domain/rising.ts';
import { phraseOf } from '../domain/search-words.ts';
import { tellingWords } from '../domain/telling-words.ts';
import type { SampledSignal } from '../ports/insight.ts';
import type { InsightAsked } from './insight-sums.ts';
import type { ReadQuery } from './matching-signals.ts';

/** Signals of both spans, or of a part of them, and how many there are in all. */
export interface Samples {
  readonly now: readonly SampledSignal[];
  readonly before: readonly SampledSignal[];
  readonly total: number;
  readonly totalBefore: number;
  /** One signal in so many was read of the span that has more of them. */
  readonly oneIn: number;
}

/** Signals of each span that are read for authors and terms. */
const sampleSize = 4_000;
const candidatesCounted = 14;
const mostLeaders = 10;
/** Words that fewer signals have prove nothing. */
const leastSignals = 3;

export async function readSamples(
  { store, patience, choice, span, previous }: InsightAsked,
  { total, before }: Trend,
): Promise<Samples> {
  const oneInOf = (size: number) => Math.max(1, Math.ceil(size / sampleSize));
  const read = async (side: Span, oneIn: number) => {
    const signals: SampledSignal[] = [];
    await patience.inPieces(side, async (piece) => {
      signals.push(...(await store.sampleSignals(choice, piece, oneIn)));
    });
    return signals;
  };
  return {
    now: await read(span, oneInOf(total)),
    before: await read(previous, oneInOf(before)),
    total,
    totalBefore: before,
    oneIn: oneInOf(Math.max(total, before)),
  };
}

/** Who wrote most, by the posts of the sample; counted by the search for each of them. */
export async function findAuthors(
  samples: Samples,
  asked: InsightAsked,
  read: ReadQuery,
): Promise<readonly Leader[]> {
  const namesOf = ({ posts }: SampledSignal) =>
    new Set(
      posts.flatMap(({ author }) => (author === null || phraseOf(author, false) === null ? [] : [author])),
    );
  const now = tally(samples.now, namesOf);
  const before = tally(samples.before, namesOf);
  const names = [...now].toSorted(byCount).slice(0, candidatesCounted);
  const found: Leader[] = [];
  for (const [name, count] of names) {
    const counts = await countBoth({ field: 'author', value: name }, asked, read, {
      count: scaled(count, samples.now.length, samples.total),
      before: scaled(before.get(name) ?? 0, samples.before.length, samples.totalBefore),
    });
    found.push({ name, ...counts });
  }
  return oneOfEach(found.toSorted((a, b) => b.count - a.count)).slice(0, mostLeaders);
}

/**
 * Terms that are in more of the signals than they were in the span before, by
 * log-likelihood ratio. They are found in the sample, then counted by search.
 */
export async function findRisingTerms(
  samples: Samples,
  asked: InsightAsked,
  read: ReadQuery,
): Promise<readonly RisingTerm[]> {
  if (samples.before.length === 0) return [];
  const wordsOf = ({ posts }: SampledSignal) => {
    const words = new Set<string>();
    for (const text of new Set(posts.map((post) => `${post.title ?? ''} ${post.text}`))) {
      for (const word of tellingWords(text)) words.add(word);
    }
    return words;
  };
  const now = tally(samples.now, wordsOf);
  const before = tally(samples.before, wordsOf);
  const of = samples.now.length;
  const ofBefore = samples.before.length;
  const likely = [...now]
    .filter(([, count]) => count >= leastSignals)
    .map(([word, count]) => {
      const usage = { count, of, before: before.get(word) ?? 0, ofBefore };
      return { word, usage, score: risingScore(usage) };
    })
    .filter(({ score }) => score >= risingThreshold)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, candidatesCounted);
  const found: RisingTerm[] = [];
  for (const { word, usage } of likely) {
    const counts = await countBoth({ word }, asked, read, {
      count: scaled(usage.count, of, samples.total),
      before: scaled(usage.before, ofBefore, samples.totalBefore),
    });
    const score = risingScore({ ...counts, of: samples.total, ofBefore: samples.totalBefore });
    if (score >= risingThreshold) found.push({ name: word, ...counts, score });
  }
  return found.toSorted((a, b) => b.score - a.score).slice(0, mostLeaders);
}

/** As the search counts them; what is too common to be counted in time is told by the sample. */
async function countBoth(
  term: InsightTerm,
  { store, search, span, previous, countPatienceMs }: InsightAsked,
  read: ReadQuery,
  estimate: { readonly count: number; readonly before: number },
): Promise<Omit<Leader, 'name'>> {
  const countOf = async (text: string) =>
    store.countPatiently((await read({ search: text })).filter, countPatienceMs);
  const own = narrowSearch(search, [term], span);
  const now = await countOf(own);
  const past = await countOf(narrowSearch(search, [term], previous));
  return now.capped || past.capped
    ? { ...estimate, search: own }
    : { count: now.count, before: past.count, search: own };
}

function tally<Signal>(
  signals: readonly Signal[],
  namesOf: (signal: Signal) => ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const signal of signals) {
    for (const name of namesOf(signal)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function byCount([a, first]: readonly [string, number], [b, second]: readonly [string, number]): number {
  return second - first || a.localeCompare(b);
}

function scaled(count: number, size: number, total: number): number {
  return size === 0 ? 0 : Math.round((count / size) * total);
}

/** Names that a search cannot tell apart ("Joe", "@joe") are one. */
function oneOfEach(leaders: readonly Leader[]): readonly Leader[] {
  const known = new Set<string>();
  return leaders.filter(({ name }) => {
    const phrase = phraseOf(name, false)?.words.join(' ') ?? name;
    if (known.has(phrase)) return false;
    known.add(phrase);
    return true;
  });
}
