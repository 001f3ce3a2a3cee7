import { type Sentiment, sentiments } from '../../domain/analysis.ts';
import type { Label } from '../../domain/label.ts';
import { type CategoryId, categoryIds } from '../../domain/taxonomy.ts';
import { type CategoryScore, type Features, leastScore } from './classifier.ts';
import { type Lesson, LinearShift } from './linear-shift.ts';
import type { TrainedModel } from './trained-model.ts';
import { readWordFeatures, type WordFeatures } from './word-features.ts';

/** What the analyzer says of a post by itself. */
export interface Untaught {
  readonly scores: readonly CategoryScore[];
  readonly sentiment: Sentiment;
  readonly urgency: number;
}

/** A post as the analyzer reads it; with a label, or one to say the same of as before. */
export interface Case {
  readonly features: Features;
  readonly label: Label | null;
  readonly untaught: Untaught;
}

/** Log-odds of one unit of a category's score, of the sentiment that was read, and of one step of urgency. */
const scoreOdds = 0.8;
const sentimentOdds = 1.5;
const urgencyOdds = 0.9;
const urgencies = [0, 1, 2, 3, 4, 5] as const;
/** What an uncorrected post counts beside a label. */
const usualWeight = 0.25;
const mostWords = 3;

/** What was learned from the analyst's labels: shifts of what the analyzer says by itself. */
export class Corrections {
  readonly #model: TrainedModel | null;
  readonly #category: LinearShift | null;
  readonly #sentiment: LinearShift | null;
  readonly #urgency: LinearShift | null;

  /** Deterministic: the same labels in whatever order, with the same usual posts, give the same corrections. */
  constructor(cases: readonly Case[], model: TrainedModel | null) {
    this.#model = model;
    const labelled = cases.filter(({ label }) => label !== null).toSorted(compareCases);
    const usual = cases.filter(({ label }) => label === null);
    const learn = (
      answers: number,
      scoresOf: (untaught: Untaught) => readonly number[],
      truthOf: (label: Label) => number,
    ) => {
      if (!labelled.some(({ label }) => label !== null && truthOf(label) >= 0)) return null;
      const lessons = [...usual, ...labelled].flatMap(({ features, label, untaught }): Lesson[] => {
        const scores = scoresOf(untaught);
        const truth = label === null ? null : truthOf(label);
        if (truth !== null && truth < 0) return [];
        const target = truth === null ? softmax(scores) : scores.map((_, index) => (index === truth ? 1 : 0));
        return [{ ...this.#read(features), scores, target, weight: truth === null ? usualWeight : 1 }];
      });
      return LinearShift.learn(answers, lessons);
    };
    this.#category = learn(
      categoryIds.length,
      ({ scores }) => categoryOdds(scores),
      ({ category }) => categoryIds.indexOf(category as CategoryId),
    );
    this.#sentiment = learn(
      sentiments.length,
      ({ sentiment }) => sentiments.map((each) => (each === sentiment ? sentimentOdds : 0)),
      ({ sentiment }) => sentiments.indexOf(sentiment as Sentiment),
    );
    this.#urgency = learn(
      urgencies.length,
      ({ urgency }) => urgencies.map((each) => -urgencyOdds * Math.abs(each - urgency)),
      ({ urgency }) => urgency ?? -1,
    );
  }

  /** The scores of the categories, shifted; `other`, which has no score, shifts the bar under all of them. */
  categories(features: Features, scores: readonly CategoryScore[]): readonly CategoryScore[] {
    if (this.#category === null) return scores;
    const { buckets, values } = this.#read(features);
    const shifts = this.#category.of(buckets, values);
    const bar = shifts[categoryIds.indexOf('other')] ?? 0;
    const before = new Map(scores.map((score) => [score.category, score]));
    return categoryIds.flatMap((category, index): CategoryScore[] => {
      if (category === 'other') return [];
      const found = before.get(category);
      const score = (found?.score ?? 0) + ((shifts[index] ?? 0) - bar) / scoreOdds;
      // What nothing in the post speaks for is no runner-up for a shade of a shift.
      if (score <= (found === undefined ? leastScore / 2 : 0)) return [];
      return [found === undefined ? { category, score, evidence: [] } : { ...found, score }];
    });
  }

  sentiment(features: Features, untaught: Sentiment): Sentiment {
    if (this.#sentiment === null) return untaught;
    const { buckets, values } = this.#read(features);
    const odds = this.#sentiment.of(buckets, values);
    return (
      sentiments[strongest(odds, (index) => (sentiments[index] === untaught ? sentimentOdds : 0))] ?? untaught
    );
  }

  urgency(features: Features, untaught: number): number {
    if (this.#urgency === null) return untaught;
    const { buckets, values } = this.#read(features);
    const odds = this.#urgency.of(buckets, values);
    return strongest(odds, (index) => -urgencyOdds * Math.abs(index - untaught));
  }

  /** The words of a post that were learned to speak for one category rather than another, strongest first. */
  words(features: Features, to: CategoryId, from: CategoryId): readonly string[] {
    const shift = this.#category;
    if (shift === null) return [];
    const { buckets, values, owners } = this.#read(features);
    const [gained, lost] = [categoryIds.indexOf(to), categoryIds.indexOf(from)];
    const worth = new Map<string, number>();
    buckets.forEach((bucket, at) => {
      const surface = features.reading.surfaces[owners[at] ?? -1] ?? '';
      if (!/^\p{L}{3}/u.test(surface)) return;
      const value = (shift.weightOf(bucket, gained) - shift.weightOf(bucket, lost)) * (values[at] ?? 0);
      worth.set(surface, (worth.get(surface) ?? 0) + value);
    });
    return [...worth]
      .filter(([, value]) => value > 0)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, mostWords)
      .map(([word]) => word);
  }

  /** The words of labelled posts that speak most for a category, whoever labelled them so. */
  strongestWords(category: CategoryId, cases: readonly Case[], most: number): readonly string[] {
    const shift = this.#category;
    if (shift === null) return [];
    const answer = categoryIds.indexOf(category);
    const worth = new Map<string, number>();
    for (const { features } of cases.filter((each) => each.label?.category === category)) {
      const { buckets, owners, values } = this.#read(features);
      const words = new Map<string, number>();
      buckets.forEach((bucket, at) => {
        const word = features.reading.words[owners[at] ?? -1] ?? '';
        if (!/^\p{L}{3}/u.test(word)) return;
        words.set(word, (words.get(word) ?? 0) + shift.weightOf(bucket, answer) * (values[at] ?? 0));
      });
      // Summed over posts: a word that taught often says more than one that taught once.
      for (const [word, value] of words) worth.set(word, (worth.get(word) ?? 0) + value);
    }
    return [...worth]
      .filter(([, value]) => value > 0)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, most)
      .map(([word]) => word);
  }

  #read(features: Features): WordFeatures & { readonly values: readonly number[] } {
    // Also where the trained model has no say (headlines, other languages): the analyst's words count everywhere.
    const read = features.learnable ?? readWordFeatures(features.reading);
    const raw = read.buckets.map((bucket) => this.#model?.rarityOf(bucket) ?? 1);
    const length = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0)) || 1;
    return { ...read, values: raw.map((value) => value / length) };
  }
}

function categoryOdds(scores: readonly CategoryScore[]): readonly number[] {
  const byCategory = new Map(scores.map(({ category, score }) => [category, score]));
  return categoryIds.map((category) =>
    category === 'other' ? leastScore * scoreOdds : (byCategory.get(category) ?? 0) * scoreOdds,
  );
}

/** The first of the highest. */
function strongest(odds: Float64Array, addedTo: (index: number) => number): number {
  let best = 0;
  let most = -Infinity;
  odds.forEach((value, index) => {
    const total = value + addedTo(index);
    if (total <= most) return;
    most = total;
    best = index;
  });
  return best;
}

function softmax(scores: readonly number[]): readonly number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/** By time, then by what they say. */
function compareCases({ label: a }: Case, { label: b }: Case): number {
  if (a === null || b === null) return 0;
  return a.at - b.at || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0) || a.id - b.id;
}
