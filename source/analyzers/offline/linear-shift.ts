import { bucketCount } from './word-features.ts';

/** One lesson: what was said before anything was learned, and what should be said. */
export interface Lesson {
  /** Numbers of the features, and what each counts (Euclidean length 1 together). */
  readonly buckets: readonly number[];
  readonly values: readonly number[];
  /** Scores of the answers before learning, in units of log-odds. */
  readonly scores: ArrayLike<number>;
  /** How likely each answer is in truth; together 1. */
  readonly target: ArrayLike<number>;
  /** How much the lesson counts; 1 is what a person said. */
  readonly weight: number;
}

/** Passes over the lessons, and their first step; little depends on them. */
const epochs = 40;
const rate = 0.5;
/** Variance of what a feature may be worth, as believed before any lesson: one lesson moves posts in so far as they resemble it. */
const variance = 6;
/** And of an answer as a whole, much less: corrections are about mistakes, so they do not tell how common an answer is. */
const biasVariance = 0.05;

/**
 * What is added to the scores of some answers: a linear function of the
 * features of a post, learned by multinomial logistic regression around the
 * scores as they were (a Gaussian prior that nothing shifts). Without lessons
 * it is 0 everywhere, and far from every lesson it stays near 0.
 */
export class LinearShift {
  readonly #answers: number;
  readonly #weights: Float32Array;
  readonly #bias: Float64Array;

  constructor(answers: number) {
    this.#answers = answers;
    this.#weights = new Float32Array(bucketCount * answers);
    this.#bias = new Float64Array(answers);
  }

  /** Deterministic: the same lessons in the same order give the same shift. */
  static learn(answers: number, lessons: readonly Lesson[]): LinearShift {
    const shift = new LinearShift(answers);
    // The belief about a feature is shared out over the lessons that have it.
    const seen = new Float32Array(bucketCount);
    for (const { buckets } of lessons) for (const bucket of buckets) seen[bucket] = (seen[bucket] ?? 0) + 1;
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      const step = rate / (1 + epoch / 8);
      for (const lesson of lessons) shift.#learn(lesson, step, seen, lessons.length);
    }
    return shift;
  }

  /** One number an answer, to be added to its score. */
  of(buckets: readonly number[], values: readonly number[]): Float64Array {
    const shifts = Float64Array.from(this.#bias);
    for (let at = 0; at < buckets.length; at += 1) {
      const base = (buckets[at] ?? 0) * this.#answers;
      const value = values[at] ?? 0;
      for (let answer = 0; answer < this.#answers; answer += 1) {
        shifts[answer] = (shifts[answer] ?? 0) + (this.#weights[base + answer] ?? 0) * value;
      }
    }
    return shifts;
  }

  weightOf(bucket: number, answer: number): number {
    return this.#weights[bucket * this.#answers + answer] ?? 0;
  }

  #learn(
    { buckets, values, scores, target, weight: part }: Lesson,
    rate: number,
    seen: Float32Array,
    lessons: number,
  ): void {
    const odds = this.of(buckets, values);
    let most = -Infinity;
    for (let answer = 0; answer < this.#answers; answer += 1) {
      odds[answer] = (odds[answer] ?? 0) + (scores[answer] ?? 0);
      most = Math.max(most, odds[answer] ?? 0);
    }
    let total = 0;
    for (let answer = 0; answer < this.#answers; answer += 1) {
      odds[answer] = Math.exp((odds[answer] ?? 0) - most);
      total += odds[answer] ?? 0;
    }
    for (let answer = 0; answer < this.#answers; answer += 1) {
      const slope = part * ((odds[answer] ?? 0) / total - (target[answer] ?? 0));
      for (let at = 0; at < buckets.length; at += 1) {
        const bucket = buckets[at] ?? 0;
        const index = bucket * this.#answers + answer;
        const weight = this.#weights[index] ?? 0;
        const belief = weight / (variance * (seen[bucket] ?? 1));
        this.#weights[index] = weight - rate * (slope * (values[at] ?? 0) + belief);
      }
      const bias = this.#bias[answer] ?? 0;
      this.#bias[answer] =
        bias - rate * Math.min(1, biasVariance) * (slope + bias / (biasVariance * lessons));
    }
  }
}
