/**
 * How the order of the list follows an analyst: precision at 20 among signals
 * not yet decided, after so many decisions, against the unlearned order.
 *
 *     node bench/relevance.ts DIR [--seeds N]
 *
 * DIR holds airline-tweets.ndjson and hacker-news-stories.ndjson: real posts,
 * analyzed offline and scored by the default settings. A simulated analyst with
 * a preference that the program is not told decides ten signals at a time:
 * seven from the top of the list as it stands, three from anywhere in its
 * first 300, as somebody who scrolls. The unlearned order has an
 * analyst of its own, who works the same way. "Ceiling" is the best that factors
 * of 0.5 to 1.5 can do: those of somebody who knows the preference.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOfflineAnalyzer } from '../source/analyzers/offline/offline.ts';
import { anySource, configSchema } from '../source/config/schema.ts';
import { learnRelevance, type RelevanceDecision } from '../source/domain/relevance.ts';
import type { RelevanceSubject } from '../source/domain/relevance-features.ts';
import { scoreSignal } from '../source/domain/score.ts';
import { mulberry32 } from './offline/logistic.ts';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node bench/relevance.ts DIR [--seeds N]');
  process.exit(2);
}
const seedsAt = process.argv.indexOf('--seeds');
const seeds = seedsAt < 0 ? 10 : Number(process.argv[seedsAt + 1]);

interface Candidate extends RelevanceSubject {
  readonly words: string;
  readonly createdAt: number;
  readonly rank: number;
}

interface Row {
  readonly author: string;
  readonly title?: string;
  readonly text?: string;
  readonly url?: string;
  readonly createdAt: string;
  readonly points?: number;
  readonly comments?: number;
  readonly reposts?: number;
}

const { score } = configSchema(anySource).parse({});
/** The stories are a sample of a year; squeezed into a fortnight they come as densely as the site has them. */
const squeeze: Readonly<Record<string, number>> = { 'hacker-news-stories': 27 };

async function readCandidates(set: string): Promise<Candidate[]> {
  const analyzer = createOfflineAnalyzer();
  const rows = readFileSync(join(folder ?? '', `${set}.ndjson`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
  const kind = set.startsWith('hacker') ? 'hackernews' : 'file';
  const requests = rows.map(({ author, title = null, text = '' }, signalId) => ({
    signalId,
    kind,
    author,
    title,
    text,
    lang: 'en',
  }));
  const answers = await analyzer.analyze(requests, { signal: new AbortController().signal });
  const first = Math.min(...rows.map(({ createdAt }) => Date.parse(createdAt)));
  const candidates = answers.map(({ signalId, analysis }): Candidate => {
    const {
      author,
      title = null,
      text = '',
      url = null,
      ...row
    } = rows[signalId] as Row & { url: string | null };
    const createdAt = first + (Date.parse(row.createdAt) - first) / (squeeze[set] ?? 1);
    const { points = 0, comments = 0, reposts = 0 } = row;
    const { category, sentiment, urgency } = analysis;
    const engagement = { likes: points, reposts, replies: comments, quotes: 0 };
    const scored = {
      engagement,
      echoes: 0,
      urgency,
      category,
      sentiment,
      source: 1,
      relevance: 1,
      createdAt,
    };
    const { rank } = scoreSignal(scored, score);
    return {
      source: set,
      author,
      title,
      text,
      link: url,
      category,
      words: `${title ?? ''} ${text}`,
      createdAt,
      rank,
    };
  });
  return candidates.sort((a, b) => a.createdAt - b.createdAt);
}

type Wants = (candidate: Candidate) => boolean;

interface Preference {
  readonly name: string;
  readonly set: 'airline-tweets' | 'hacker-news-stories';
  /** Share of decisions that are mistakes. */
  readonly noise: number;
  make(candidates: readonly Candidate[], random: () => number): Wants;
}

const about = (pattern: RegExp) => () => (candidate: Candidate) => pattern.test(candidate.words);

/** Words drawn at random, until about one post in eight has one of them. */
function anyWords(candidates: readonly Candidate[], random: () => number): Wants {
  const wordSets = candidates.map(({ words }) => new Set(words.toLowerCase().match(/\p{L}{4,}/gu) ?? []));
  const counts = new Map<string, number>();
  for (const set of wordSets) for (const word of set) counts.set(word, (counts.get(word) ?? 0) + 1);
  const usual = [...counts]
    .filter(([, count]) => count > candidates.length * 0.005 && count < candidates.length * 0.05)
    .map(([word]) => word)
    .sort();
  const chosen = new Set<string>();
  const has = (set: ReadonlySet<string>) => [...set].some((word) => chosen.has(word));
  while (wordSets.filter(has).length < candidates.length * 0.12) {
    chosen.add(usual[Math.floor(random() * usual.length)] ?? '');
  }
  const wanted = new Set(candidates.filter((_, index) => has(wordSets[index] ?? new Set())));
  return (candidate) => wanted.has(candidate);
}

const preferences: readonly Preference[] = [
  {
    name: 'airline: baggage, cancellations',
    set: 'airline-tweets',
    noise: 0,
    make: about(/\b(?:bags?|baggage|luggage|suitcases?|cancel\w*)\b/i),
  },
  {
    name: 'airline: people who serve',
    set: 'airline-tweets',
    noise: 0,
    make: about(/\b(?:crew|staff|agents?|attendants?|rude|customer service|pilots?)\b/i),
  },
  {
    name: 'HN: security, databases',
    set: 'hacker-news-stories',
    noise: 0,
    make: about(
      /\b(?:security|vulnerab\w*|exploit\w*|hacked|hackers?|encrypt\w*|crypto|ssl|tls|malware|breach|postgres\w*|mysql|sql|databases?|mongodb|redis|sqlite)\b/i,
    ),
  },
  {
    name: 'HN: programming languages',
    set: 'hacker-news-stories',
    noise: 0,
    make: about(
      /\b(?:rust|golang|go|haskell|python|clojure|javascript|compilers?|lisp|scala|elixir|erlang)\b/i,
    ),
  },
  {
    name: 'HN: by site (GitHub, arXiv)',
    set: 'hacker-news-stories',
    noise: 0,
    make: () => (candidate) =>
      /^https?:\/\/(?:[^/]*\.)?(?:github\.com|github\.io|arxiv\.org)\//.test(candidate.link ?? ''),
  },
  { name: 'airline: random words, 10% noise', set: 'airline-tweets', noise: 0.1, make: anyWords },
  { name: 'HN: random words, 10% noise', set: 'hacker-news-stories', noise: 0.1, make: anyWords },
];

const marks = [0, 20, 50, 100, 200];
const atTop = 7;
const atOnce = 10;
const scrolled = 300;
const poolSize = 6_000;

/** Precision at 20 at each mark: of the order at hand, and the ceiling. */
function simulate(
  preference: Preference,
  all: readonly Candidate[],
  seed: number,
  learns: boolean,
): { at: number[][]; base: number } {
  const random = mulberry32(seed * 7919);
  const end = Math.floor(all.length * (0.5 + 0.5 * random()));
  const pool = all.slice(Math.max(0, end - poolSize), end);
  const wants = preference.make(pool, random);
  const truth = pool.map(wants);
  const decided = new Set<number>();
  const decisions: RelevanceDecision[] = [];
  let factors = new Float64Array(pool.length).fill(1);
  const order = (by: Float64Array | null) =>
    [...pool.keys()]
      .filter((index) => !decided.has(index))
      .map((index) => [index, (pool[index]?.rank ?? 0) + Math.log2(by?.[index] ?? 1)] as const)
      .sort((a, b) => b[1] - a[1])
      .map(([index]) => index);
  const precision = (by: Float64Array | null) =>
    order(by)
      .slice(0, 20)
      .filter((index) => truth[index]).length / 20;
  const knowing = Float64Array.from(truth, (wanted) => (wanted ? 1.5 : 0.5));
  const at: number[][] = [];
  for (;;) {
    if (marks.includes(decisions.length)) at.push([precision(factors), precision(knowing)]);
    if (at.length === marks.length) break;
    const list = order(factors);
    const looked = new Set(list.slice(0, atTop));
    while (looked.size < atOnce) looked.add(list[Math.floor(random() * scrolled)] ?? 0);
    for (const index of looked) {
      decided.add(index);
      const candidate = pool[index];
      if (candidate === undefined) continue;
      const mistaken = random() < preference.noise;
      decisions.push({ ...candidate, signalId: index, kept: (truth[index] ?? false) !== mistaken });
    }
    const model = learns ? learnRelevance(decisions) : null;
    if (model !== null) factors = Float64Array.from(pool, (candidate) => model.factorOf(candidate));
  }
  return { at, base: truth.filter(Boolean).length / pool.length };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const percent = (value: number) => (100 * value).toFixed(0).padStart(3);

const sets = {
  'airline-tweets': await readCandidates('airline-tweets'),
  'hacker-news-stories': await readCandidates('hacker-news-stories'),
};
console.log(`precision at 20, %: learned ± spread over ${seeds} seeds / unlearned order / ceiling`);
console.log(
  `${'after decisions (wanted among all)'.padEnd(40)}${marks.map((mark) => String(mark).padStart(18)).join('')}`,
);
const all: number[][][] = [];
for (const preference of preferences) {
  const run = (learns: boolean) =>
    Array.from({ length: seeds }, (_, seed) => simulate(preference, sets[preference.set], seed + 1, learns));
  const [learned, unlearned] = [run(true), run(false)];
  const cells = marks.map((_, mark) => {
    const of = (runs: typeof learned, which: number) => runs.map(({ at }) => at[mark]?.[which] ?? 0);
    return [of(learned, 0), of(unlearned, 0), of(learned, 1)] as const;
  });
  all.push(cells.map((cell) => cell.map(mean)));
  const base = percent(mean(learned.map((one) => one.base))).trim();
  const printed = cells.map(([ours, theirs, ceiling]) =>
    `${percent(mean(ours))} ±${percent(spread(ours))} /${percent(mean(theirs))} /${percent(mean(ceiling))}`.padStart(
      18,
    ),
  );
  console.log(`${`${preference.name} (${base}%)`.padEnd(40)}${printed.join('')}`);
}
const overall = marks.map((_, mark) =>
  [0, 1, 2].map((which) => mean(all.map((rows) => rows[mark]?.[which] ?? 0))),
);
const printed = overall.map(([ours = 0, theirs = 0, ceiling = 0]) =>
  `${percent(ours)}      /${percent(theirs)} /${percent(ceiling)}`.padStart(18),
);
console.log(`${'mean'.padEnd(40)}${printed.join('')}`);

/** Time of the processor, not of the clock: others may be at work on the machine. */
const cpuMs = () => process.cpuUsage().user / 1000;
const decisions = sets['airline-tweets'].slice(0, 5_000).map(
  (candidate, signalId): RelevanceDecision => ({
    ...candidate,
    signalId,
    kept: /bag|cancel/i.test(candidate.words),
  }),
);
const learning = cpuMs();
const model = learnRelevance(decisions);
const learnedMs = cpuMs() - learning;
const tweets = sets['airline-tweets'];
const asking = cpuMs();
for (const candidate of tweets) model?.factorOf(candidate);
const factorMs = cpuMs() - asking;
const analyzer = createOfflineAnalyzer();
const requests = tweets.map((candidate, signalId) => ({ ...candidate, signalId, kind: 'file', lang: 'en' }));
const analyzing = cpuMs();
await analyzer.analyze(requests, { signal: new AbortController().signal });
const share = factorMs / (cpuMs() - analyzing);
console.log(
  `learning from 5,000 decisions ${Math.round(learnedMs)} ms; one factor ${((factorMs * 1000) / tweets.length).toFixed(1)} µs, ${share.toFixed(2)} of the offline analysis of the same post`,
);
console.log(`airline model in words: ${JSON.stringify(model?.strongest(6))}`);
