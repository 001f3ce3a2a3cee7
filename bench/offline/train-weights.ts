import { readText } from '../../source/analyzers/offline/reading.ts';
import {
  type AnswerFile,
  categoryVotes,
  moodVotes,
  type RarityFile,
  type WeightsFile,
} from '../../source/analyzers/offline/trained-model.ts';
import { bucketCount, readWordFeatures } from '../../source/analyzers/offline/word-features.ts';
import type { Labelled } from './labelled-sets.ts';
import { type Example, trainLogistic } from './logistic.ts';

/** L2 penalty and passes over the data; chosen by cross-validation, and little depends on them. */
const penalty = 2e-4;
const epochs = 15;
/** A feature of a single post is an accident. */
const leastPosts = 2;
/** A rare answer counts more, so that the odds are those of a balanced world; but no post counts more than this. */
const mostWeight = 3;

/** The answers that each set teaches: a set says nothing of a category that it does not label. */
const taughtBy: Readonly<Record<string, readonly string[]>> = {
  'category-github-issues': ['bug', 'feature', 'question'],
  'category-app-reviews-maalej': ['bug', 'feature', 'praise'],
};

interface Post {
  readonly row: Labelled;
  readonly buckets: readonly number[];
}

/** The weights learned from labelled posts, without the confidence curves. Deterministic. */
export function trainWeights(
  categoryRows: readonly Labelled[],
  moodRows: readonly Labelled[],
): Omit<WeightsFile, 'confidence'> {
  const category = trainTask(categoryRows, categoryVotes, (set) => taughtBy[set] ?? []);
  const mood = trainTask(moodRows, moodVotes, () => moodVotes);
  return {
    buckets: bucketCount,
    answers: { ...category.answers, ...mood.answers },
    rarity: { category: category.rarity, mood: mood.rarity },
  };
}

function trainTask(
  rows: readonly Labelled[],
  answers: readonly string[],
  taught: (set: string) => readonly string[],
): { answers: Record<string, AnswerFile>; rarity: RarityFile } {
  const posts = rows.map((row) => ({ row, buckets: readPost(row.text) }));
  const seen = countPosts(posts);
  const { rarity, levels } = measureRarity(seen, rows.length);
  const known = (bucket: number) => (seen[bucket] ?? 0) >= leastPosts;
  const values = posts.map(({ buckets }) => unitValues(buckets, levels));
  const sources = [...new Set(rows.map((row) => row.group))];
  const trained = answers.map((answer): [string, AnswerFile] => {
    const weigh = weightsBySet(rows, answer);
    const examples = posts.flatMap(({ row, buckets }, index): Example[] => {
      if (!taught(row.set).includes(answer)) return [];
      const kept = buckets.map((bucket, at) => (known(bucket) ? at : -1)).filter((at) => at >= 0);
      return [
        {
          features: kept.map((at) => buckets[at] ?? 0),
          values: kept.map((at) => values[index]?.[at] ?? 0),
          isYes: row.label === answer,
          weight: weigh(row),
          source: sources.indexOf(row.group),
        },
      ];
    });
    if (examples.length === 0) return [answer, quantize(new Float64Array(bucketCount), 0)];
    const options = { featureCount: bucketCount, sourceCount: sources.length, penalty, epochs };
    const { weights, bias } = trainLogistic(examples, options);
    // The rarity is multiplied in, so that a post is scored by sums of weights alone.
    const folded = weights.map((weight, bucket) => weight * (levels[bucket] ?? 0));
    return [answer, quantize(folded, bias)];
  });
  return { answers: Object.fromEntries(trained), rarity };
}

const readPost = (text: string) => readWordFeatures(readText(null, text)).buckets;

function countPosts(posts: readonly Post[]): Uint32Array {
  const seen = new Uint32Array(bucketCount);
  for (const { buckets } of posts) for (const bucket of buckets) seen[bucket] = (seen[bucket] ?? 0) + 1;
  return seen;
}

/** Inverse document frequency in 8 bits. A feature of too few posts is as rare as can be. */
function measureRarity(seen: Uint32Array, count: number): { rarity: RarityFile; levels: Float64Array } {
  const scale = Math.log(1 + count) / 255;
  const bytes = Uint8Array.from(seen, (posts) => {
    const rarity = Math.log((1 + count) / (1 + (posts < leastPosts ? 0 : posts)));
    return Math.max(0, Math.min(255, Math.round(rarity / scale)));
  });
  const rounded = round(scale);
  return {
    rarity: { scale: rounded, bytes: Buffer.from(bytes).toString('base64') },
    levels: Float64Array.from(bytes, (byte) => byte * rounded),
  };
}

function unitValues(buckets: readonly number[], levels: Float64Array): number[] {
  const values = buckets.map((bucket) => levels[bucket] ?? 0);
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
  return values.map((value) => value / length);
}

/** Within each set, yes and no weigh alike. */
function weightsBySet(rows: readonly Labelled[], answer: string): (row: Labelled) => number {
  const counts = new Map<string, { yes: number; no: number }>();
  for (const row of rows) {
    const count = counts.get(row.set) ?? { yes: 0, no: 0 };
    if (row.label === answer) count.yes += 1;
    else count.no += 1;
    counts.set(row.set, count);
  }
  return (row) => {
    const { yes, no } = counts.get(row.set) ?? { yes: 1, no: 1 };
    return Math.min(mostWeight, (yes + no) / 2 / Math.max(1, row.label === answer ? yes : no));
  };
}

/** Eight bits a weight: -127 to 127 times one scale. */
function quantize(weights: Float64Array, bias: number): AnswerFile {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
  const scale = round(largest / 127);
  const bytes = Int8Array.from(weights, (weight) =>
    Math.max(-127, Math.min(127, Math.round(weight / scale))),
  );
  return { bias: round(bias), scale, weights: Buffer.from(bytes.buffer).toString('base64') };
}

/** Nine digits: more than the last bits of a sum deserve. */
function round(value: number): number {
  return Number(value.toPrecision(9));
}
