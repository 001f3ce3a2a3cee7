import type { Classifier } from '../../source/analyzers/offline/classifier.ts';
import { createCombinedClassifier, hasVotes } from '../../source/analyzers/offline/combined-classifier.ts';
import { confidenceAt, curveName } from '../../source/analyzers/offline/confidence.ts';
import { createLexiconClassifier } from '../../source/analyzers/offline/lexicon-classifier.ts';
import { toFeatures } from '../../source/analyzers/offline/offline.ts';
import { readText } from '../../source/analyzers/offline/reading.ts';
import { readMood } from '../../source/analyzers/offline/sentiment.ts';
import {
  type Curve,
  categoryVotes,
  moodVotes,
  TrainedModel,
} from '../../source/analyzers/offline/trained-model.ts';
import { reachVerdict } from '../../source/analyzers/offline/verdict.ts';
import { measureReliability, type ReliabilityBin } from '../../source/domain/evaluation.ts';
import type { Labelled } from './labelled-sets.ts';
import { foldsOf } from './logistic.ts';
import { trainWeights } from './train-weights.ts';

/** One labelled post with what was said of it. */
export interface Said {
  readonly truth: string;
  /** The answer in the words of the set: a category that it does not label is its `other`, or `none`. */
  readonly answer: string;
  readonly curve: string;
  readonly margin: number;
  /** False where the set cannot tell whether the answer is right. */
  readonly judged: boolean;
}

export type Method = 'lists' | 'model' | 'combined';

/** Everything that the answers of a set can be, and what stands for the rest. */
export function answersOf(rows: readonly Labelled[]): { labels: ReadonlySet<string>; rest: string } {
  const labels = new Set(rows.map((row) => row.label));
  return { labels, rest: ['other', 'not'].find((label) => labels.has(label)) ?? 'none' };
}

/** What a method says of the categories of posts, by a model trained elsewhere. */
export function sayCategories(
  rows: readonly Labelled[],
  set: { readonly labels: ReadonlySet<string>; readonly rest: string },
  method: Method,
  model: TrainedModel | null,
): Said[] {
  const classifier =
    method === 'combined' && model !== null ? createCombinedClassifier(model) : createLexiconClassifier();
  return rows.map((row) => {
    const features = toFeatures(readText(null, row.text), 'file', 'en', model !== null);
    if (method === 'model' && model !== null && features.learnable !== null) {
      const votes = [...model.categoryVotes(features.learnable)].filter(([name]) => set.labels.has(name));
      const [best] = votes.sort((a, b) => b[1] - a[1]);
      const certain = best !== undefined && (best[1] > 0 || set.rest === 'none');
      return said(row, certain ? best[0] : set.rest, '', 0, true);
    }
    const verdict = reachVerdict((classifier as Classifier).classify(features));
    const answer = set.labels.has(verdict.category) ? verdict.category : set.rest;
    const judged = set.labels.has(verdict.category) || set.rest === 'other' || isVoted(verdict.category);
    return said(row, answer, curveName(verdict, hasVotes(features)), verdict.margin, judged);
  });
}

const said = (row: Labelled, answer: string, curve: string, margin: number, judged: boolean): Said => ({
  truth: row.label,
  answer,
  curve,
  margin,
  judged,
});

/** The same for the mood. */
export function sayMoods(rows: readonly Labelled[], method: Method, model: TrainedModel | null): Said[] {
  const classifier = createLexiconClassifier();
  return rows.map((row) => {
    const features = toFeatures(readText(null, row.text), 'file', 'en', model !== null);
    if (method === 'model' && model !== null && features.learnable !== null) {
      const votes = model.moodVotes(features.learnable);
      const side = moodVotes.reduce((a, b) => ((votes.get(a) ?? 0) >= (votes.get(b) ?? 0) ? a : b));
      return said(row, (votes.get(side) ?? 0) > 0 ? side : 'neutral', '', 0, true);
    }
    const { category } = reachVerdict(classifier.classify(features));
    const mood = readMood(features, category, 0.6, method === 'combined' ? model : null);
    return said(row, mood.sentiment, '', 0, true);
  });
}

/** Trains without some rows and asks about them. */
export interface Split {
  readonly train: readonly Labelled[];
  readonly test: readonly Labelled[];
}

/** Each row is tested once by a model that has seen the other folds, and all of `always`. */
export function crossValidation(rows: readonly Labelled[], always: readonly Labelled[], folds = 5): Split[] {
  const fold = foldsOf(rows.length, folds);
  return Array.from({ length: folds }, (_, held) => ({
    train: [...always, ...rows.filter((_, index) => fold[index] !== held)],
    test: rows.filter((_, index) => fold[index] === held),
  }));
}

/** Each group of rows (a repository, a project) is tested by a model that has seen the others. */
export function leaveOneGroupOut(rows: readonly Labelled[], always: readonly Labelled[]): Split[] {
  return [...new Set(rows.map((row) => row.group))].map((group) => ({
    train: [...always, ...rows.filter((row) => row.group !== group)],
    test: rows.filter((row) => row.group === group),
  }));
}

/** Models for the splits of a category task, trained once for all methods. */
export function trainSplits(
  splits: readonly Split[],
  task: 'category' | 'mood',
): { readonly model: TrainedModel; readonly test: readonly Labelled[] }[] {
  return splits.map(({ train, test }) => ({ model: modelOf(train, task), test }));
}

export function modelOf(rows: readonly Labelled[], task: 'category' | 'mood'): TrainedModel {
  const weights = task === 'category' ? trainWeights(rows, []) : trainWeights([], rows);
  return new TrainedModel({ ...weights, confidence: {} });
}

/** A set of issues labels no praise, but an issue called praise is surely called wrong. */
function isVoted(label: string): boolean {
  return (categoryVotes as readonly string[]).includes(label);
}

/**
 * Isotonic regression of "was right" on the margin (pool adjacent violators;
 * Ayer and others, 1955), as points of a curve that a table can hold.
 */
export function fitCurve(rows: readonly Said[]): Curve {
  const leastInPool = 40;
  const sorted = rows.filter((row) => row.judged).sort((a, b) => a.margin - b.margin);
  let pools: { margin: number; right: number; count: number }[] = [];
  for (let at = 0; at < sorted.length; at += leastInPool) {
    const chunk = sorted.slice(at, at + leastInPool);
    const pool = {
      margin: chunk.reduce((sum, row) => sum + row.margin, 0),
      right: chunk.filter((row) => row.answer === row.truth).length,
      count: chunk.length,
    };
    pools.push(pool);
    for (;;) {
      const [before, last] = pools.slice(-2);
      if (before === undefined || last === undefined) break;
      if (before.right / before.count < last.right / last.count) break;
      const merged = {
        margin: before.margin + last.margin,
        right: before.right + last.right,
        count: before.count + last.count,
      };
      pools = [...pools.slice(0, -2), merged];
    }
  }
  return pools.map(({ margin, right, count }) => [
    Number((margin / count).toFixed(3)),
    // One success and one failure are added: nothing is certain.
    Number(((right + 1) / (count + 2)).toFixed(3)),
  ]);
}

/** Ten bins of stated confidence, with the share that was right. */
export function reliability(
  rows: readonly Said[],
  curves: ReadonlyMap<string, Curve>,
): readonly ReliabilityBin[] {
  return measureReliability(
    rows
      .filter((row) => row.judged)
      .map((row) => ({ ...row, confidence: confidenceAt(curves.get(row.curve), row.margin) })),
  );
}
