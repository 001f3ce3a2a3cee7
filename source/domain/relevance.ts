import { nameFeature, type RelevanceSubject, readRelevanceFeatures } from './relevance-features.ts';

/** One signal that the analyst has kept (escalated, resolved, noted, tagged) or dismissed. */
export interface RelevanceDecision extends RelevanceSubject {
  readonly signalId: number;
  readonly kept: boolean;
}

/** Fewer decisions, or fewer of one kind, are no habit: relevance stays 1. */
export const leastDecisions = 20;
export const leastOfAKind = 5;
/** Older decisions than the newest so many are forgotten. */
export const mostDecisions = 5_000;

export const leastRelevance = 0.5;
export const mostRelevance = 1.5;

/** Chosen with bench/relevance.ts; decision 0009 has the comparison. */
const epochs = 60;
const rate = 0.3;
const penalty = 0.002;
/** How steeply a factor leaves 1. The factor moves a signal by 1.6 halvings of its age at most, so it is used decisively. */
const gain = 2;
/** Of the log-odds of dismissing: what is like nothing seen is held for what most of it was. */
const habit = 0.2;

/** What speaks for and against, strongest first, as a person would name it. */
export interface RelevanceWords {
  readonly keeps: readonly string[];
  readonly dismisses: readonly string[];
}

export interface RelevanceModel {
  readonly decisions: number;
  readonly kept: number;
  /** 0.5–1.5 in steps of 0.01; above 1 is like what was kept. */
  factorOf(subject: RelevanceSubject): number;
  /** The words of a subject that moved its factor. */
  wordsOf(subject: RelevanceSubject, most?: number): RelevanceWords;
  /** The strongest words of all. */
  strongest(most: number): RelevanceWords;
}

interface Weight {
  /** How much more often kept than dismissed, as a logarithm, shrunk to 0 where it was seen rarely. */
  readonly ratio: number;
  /** What it adds to the log-odds, before the length of the post is divided out. */
  readonly worth: number;
}

/**
 * Learns what the analyst keeps: logistic regression on the log-count ratios of
 * naive Bayes (Wang and Manning, "Baselines and Bigrams", ACL 2012), trained
 * by AdaGrad. Pure and deterministic: the same set of decisions gives the same
 * model in whatever order they come. Null until there is enough to learn from.
 */
export function learnRelevance(decisions: readonly RelevanceDecision[]): RelevanceModel | null {
  const kept = decisions.filter((decision) => decision.kept).length;
  const dismissed = decisions.length - kept;
  if (decisions.length < leastDecisions || kept < leastOfAKind || dismissed < leastOfAKind) return null;
  const ordered = decisions.toSorted((a, b) => a.signalId - b.signalId);
  const { weights, bias } = train(ordered, kept, dismissed);
  const threshold = habit * Math.log(dismissed / kept);
  const weigh = (subject: RelevanceSubject): readonly (readonly [key: string, share: number])[] => {
    let squares = 0;
    const known: [string, number][] = [];
    for (const key of readRelevanceFeatures(subject)) {
      const weight = weights.get(key);
      if (weight === undefined) continue;
      squares += weight.ratio * weight.ratio;
      known.push([key, weight.worth]);
    }
    const length = Math.sqrt(squares) || 1;
    for (const entry of known) entry[1] /= length;
    return known;
  };
  return {
    decisions: decisions.length,
    kept,
    factorOf(subject) {
      let squares = 0;
      let sum = 0;
      for (const key of readRelevanceFeatures(subject)) {
        const weight = weights.get(key);
        if (weight === undefined) continue;
        squares += weight.ratio * weight.ratio;
        sum += weight.worth;
      }
      return factorFor(bias + sum / (Math.sqrt(squares) || 1) - threshold);
    },
    wordsOf: (subject, most = 3) => nameStrongest(weigh(subject), weights, most),
    strongest: (most) =>
      nameStrongest(
        [...weights].map(([key, { worth }]) => [key, worth] as const),
        weights,
        most,
      ),
  };
}

/** Monotone, 1 at 0, within the bounds for every number. */
function factorFor(odds: number): number {
  const factor = 1 + (mostRelevance - 1) * Math.tanh(gain * odds);
  return Math.round(Math.min(mostRelevance, Math.max(leastRelevance, factor)) * 100) / 100;
}

function nameStrongest(
  shares: readonly (readonly [key: string, share: number])[],
  weights: ReadonlyMap<string, Weight>,
  most: number,
): RelevanceWords {
  const named = (sign: 1 | -1) => {
    const names: string[] = [];
    const ranked = shares
      .filter(([key, share]) => share * sign > 0 && (weights.get(key)?.ratio ?? 0) * sign > 0)
      .toSorted((a, b) => (b[1] - a[1]) * sign || (a[0] < b[0] ? -1 : 1));
    for (const [key] of ranked) {
      if (names.length === most) break;
      const name = nameFeature(key);
      // "checkout fails" says no more beside "checkout".
      if (name !== null && !names.some((other) => name.split(' ').includes(other))) names.push(name);
    }
    return names;
  };
  return { keeps: named(1), dismisses: named(-1) };
}

function train(decisions: readonly RelevanceDecision[], kept: number, dismissed: number) {
  const numbers = new Map<string, number>();
  const posts = decisions.map((decision) =>
    Int32Array.from(readRelevanceFeatures(decision), (key) => {
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return number;
    }),
  );
  const ratios = countRatios(
    posts,
    decisions.map((decision) => decision.kept),
    numbers.size,
  );
  const lengths = posts.map((post) => {
    let squares = 0;
    for (const number of post) squares += (ratios[number] ?? 0) ** 2;
    return Math.sqrt(squares) || 1;
  });
  const weights = new Float64Array(numbers.size);
  const squares = new Float64Array(numbers.size).fill(1e-6);
  let bias = 0;
  let biasSquares = 1e-8;
  // Both kinds weigh alike, however rarely something is kept.
  const weightOf = [decisions.length / 2 / dismissed, decisions.length / 2 / kept] as const;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (const [index, post] of posts.entries()) {
      const sign = decisions[index]?.kept ? 1 : -1;
      const unit = 1 / (lengths[index] ?? 1);
      let odds = bias;
      for (const number of post) odds += (weights[number] ?? 0) * (ratios[number] ?? 0) * unit;
      const slope = (-sign / (1 + Math.exp(sign * odds))) * (sign > 0 ? weightOf[1] : weightOf[0]);
      for (const number of post) {
        const weight = weights[number] ?? 0;
        const step = slope * (ratios[number] ?? 0) * unit + penalty * weight;
        const sum = (squares[number] ?? 0) + step * step;
        squares[number] = sum;
        weights[number] = weight - (rate * step) / Math.sqrt(sum);
      }
      biasSquares += slope * slope;
      bias -= (0.1 * slope) / Math.sqrt(biasSquares);
    }
  }
  const learned = new Map<string, Weight>();
  for (const [key, number] of numbers) {
    const ratio = ratios[number] ?? 0;
    learned.set(key, { ratio, worth: (weights[number] ?? 0) * ratio });
  }
  return { weights: learned, bias };
}

/** log P(feature | kept) / P(feature | dismissed), each shrunk by two imagined posts of the usual mixture. */
function countRatios(
  posts: readonly Int32Array[],
  keptFlags: readonly boolean[],
  features: number,
): Float64Array {
  const inKept = new Float64Array(features);
  const inAll = new Float64Array(features);
  let kept = 0;
  for (const [index, post] of posts.entries()) {
    const isKept = keptFlags[index] === true;
    if (isKept) kept += 1;
    for (const number of post) {
      inAll[number] = (inAll[number] ?? 0) + 1;
      if (isKept) inKept[number] = (inKept[number] ?? 0) + 1;
    }
  }
  const share = kept / posts.length;
  const [ofKept, ofRest] = [2 * share, 2 * (1 - share)];
  return inAll.map((count, number) => {
    const among = inKept[number] ?? 0;
    const keeps = (among + ofKept) / (kept + ofKept);
    const dismisses = (count - among + ofRest) / (posts.length - kept + ofRest);
    return Math.log(keeps / dismisses);
  });
}
