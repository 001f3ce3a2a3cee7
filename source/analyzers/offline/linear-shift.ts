import { bucketCount } from './word-features.ts';

/** One lesson: what was said before anything was learned, and what a person said instead. */
export interface Lesson {
  /** Numbers of the features, and what each counts (Euclidean length 1 together). */
  readonly buckets: readonly number[];
  readonly values: readonly number[];
  /** Scores of the answers before learning, in units of log-odds. */
  readonly scores: ArrayLike<number>;
  /** Index of the right answer. */
  readonly truth: number;
}

/** Passes over the lessons, and their step; little depends on them. */
const epochs = 40;
const rate = 0.4;
/** Strength of the belief that nothing needs to be shifted; the words of few lessons move little against it. */
const penalty = 0.02;
/** The belief about answers as a whole is firmer: corrections are about mistakes, so they do not tell how common an answer is. */
const biasPenalty = 0.25;

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
    const squares = new Float32Array(bucketCount * answers).fill(1e-4);
    const biasSquares = new Float64Array(answers).fill(1e-4);
    // Each pass carries its part of the prior, so that many lessons outweigh it.
    const decay = penalty / Math.max(1, lessons.length) ** 0.5;
    const biasDecay = biasPenalty / Math.max(1, lessons.length) ** 0.5;
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      for (const lesson of lessons) shift.#step(lesson, squares, biasSquares, decay, biasDecay);
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

  #step(
    { buckets, values, scores, truth }: Lesson,
    squares: Float32Array,
    biasSquares: Float64Array,
    decay: number,
    biasDecay: number,
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
      const slope = (odds[answer] ?? 0) / total - (answer === truth ? 1 : 0);
      for (let at = 0; at < buckets.length; at += 1) {
        const index = (buckets[at] ?? 0) * this.#answers + answer;
        const weight = this.#weights[index] ?? 0;
        const step = slope * (values[at] ?? 0) + decay * weight;
        const sum = (squares[index] ?? 0) + step * step;
        squares[index] = sum;
        this.#weights[index] = weight - (rate * step) / Math.sqrt(sum);
      }
      const bias = this.#bias[answer] ?? 0;
      const step = slope + biasDecay * bias;
      const sum = (biasSquares[answer] ?? 0) + step * step;
      biasSquares[answer] = sum;
      this.#bias[answer] = bias - (rate * step) / Math.sqrt(sum);
    }
  }
}
