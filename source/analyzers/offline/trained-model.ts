import { bucketCount, type WordFeatures } from './word-features.ts';

/** What the model has an opinion of: four categories, and the two sides of the mood. */
export const categoryVotes = ['bug', 'feature', 'question', 'praise'] as const;
export const moodVotes = ['positive', 'negative'] as const;
export type CategoryVote = (typeof categoryVotes)[number];

/** Confidence by margin: straight lines between points, ascending in both. */
export type Curve = readonly (readonly [margin: number, confidence: number])[];

/** The weights as they are kept in a file. Written by scripts/train-offline.ts, never by hand. */
export interface WeightsFile {
  /** Number of the features; a file for another number is not for this program. */
  readonly buckets: number;
  readonly answers: Readonly<Record<string, AnswerFile>>;
  readonly rarity: Readonly<Record<'category' | 'mood', RarityFile>>;
  /** Curves as text, `margin:confidence` apart by spaces. */
  readonly confidence: Readonly<Record<string, string>>;
}

/** Log-odds of one answer: `bias + scale * sum(weights)`, 8 bits a weight, base64. */
export interface AnswerFile {
  readonly bias: number;
  readonly scale: number;
  readonly weights: string;
}

/** How rare each feature was in training: `scale * bytes`, base64. */
export interface RarityFile {
  readonly scale: number;
  readonly bytes: string;
}

interface Answer {
  readonly bias: number;
  readonly scale: number;
  readonly weights: Int8Array;
}

interface Task {
  readonly answers: ReadonlyMap<string, Answer>;
  readonly rarity: Uint8Array;
  readonly rarityScale: number;
}

/** A word's part in a vote. */
export interface Contribution {
  /** Index of the word in the reading. */
  readonly word: number;
  readonly value: number;
}

/**
 * A linear model over the words of a post. Log-odds are those of a balanced
 * world: 0 is "as likely as not had all categories been equally common". A post
 * full of words that were not in the training data comes out near 0.
 */
export class TrainedModel {
  private readonly category: Task;
  private readonly mood: Task;

  constructor(file: WeightsFile) {
    if (file.buckets !== bucketCount) {
      throw new Error(`weights for ${file.buckets} features, but the analyzer has ${bucketCount}`);
    }
    this.category = decodeTask(file, categoryVotes, file.rarity.category);
    this.mood = decodeTask(file, moodVotes, file.rarity.mood);
  }

  categoryVotes(features: WordFeatures): ReadonlyMap<string, number> {
    return vote(this.category, features);
  }

  moodVotes(features: WordFeatures): ReadonlyMap<string, number> {
    return vote(this.mood, features);
  }

  /** How rare a feature is in posts about products; what was never seen is as rare as can be. */
  rarityOf(bucket: number): number {
    return this.category.rarity[bucket] ?? 0;
  }

  /** The words that spoke for a category, strongest first. */
  strongestWords(category: CategoryVote, features: WordFeatures): Contribution[] {
    const answer = this.category.answers.get(category);
    if (answer === undefined) return [];
    const byWord = new Map<number, number>();
    features.buckets.forEach((bucket, index) => {
      const word = features.owners[index] ?? -1;
      const weight = answer.weights[bucket] ?? 0;
      if (word >= 0 && weight !== 0) byWord.set(word, (byWord.get(word) ?? 0) + weight);
    });
    const unit = answer.scale / lengthOf(this.category, features);
    return [...byWord]
      .filter(([, value]) => value > 0)
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .map(([word, value]) => ({ word, value: value * unit }));
  }
}

function vote(task: Task, features: WordFeatures): ReadonlyMap<string, number> {
  const length = lengthOf(task, features);
  const votes = new Map<string, number>();
  for (const [name, { bias, scale, weights }] of task.answers) {
    let sum = 0;
    for (const bucket of features.buckets) sum += weights[bucket] ?? 0;
    votes.set(name, bias + (sum * scale) / length);
  }
  return votes;
}

/** Euclidean length of a post whose features weigh by their rarity: a long post does not shout a short one down. */
function lengthOf(task: Task, features: WordFeatures): number {
  let squares = 0;
  for (const bucket of features.buckets) {
    const rarity = task.rarity[bucket] ?? 0;
    squares += rarity * rarity;
  }
  return Math.max(1e-9, Math.sqrt(squares) * task.rarityScale);
}

function decodeTask(file: WeightsFile, names: readonly string[], rarity: RarityFile): Task {
  const answers = names.map((name): [string, Answer] => {
    const answer = file.answers[name];
    if (answer === undefined) throw new Error(`the weights have no answer "${name}"`);
    const bytes = decode(answer.weights);
    return [name, { bias: answer.bias, scale: answer.scale, weights: new Int8Array(bytes.buffer) }];
  });
  return { answers: new Map(answers), rarity: decode(rarity.bytes), rarityScale: rarity.scale };
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  if (bytes.length !== bucketCount) throw new Error(`${bytes.length} weights instead of ${bucketCount}`);
  return bytes;
}
