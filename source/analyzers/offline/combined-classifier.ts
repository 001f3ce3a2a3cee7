import type { CategoryId } from '../../domain/taxonomy.ts';
import { type CategoryScore, type Classifier, type Features, leastScore } from './classifier.ts';
import { createLexiconClassifier } from './lexicon-classifier.ts';
import { wordPolarity } from './sentiment.ts';
import { type CategoryVote, categoryVotes, type TrainedModel } from './trained-model.ts';
import type { WordFeatures } from './word-features.ts';

/** What one unit of the model's log-odds is worth beside the word lists. */
const voteWorth = 1.25;
/** No vote is worth more, however sure: the model saw five projects and a shop of apps. */
const strongestVote = 3;

/**
 * What a category scores beside lists and vote: with evidence of its list or in
 * a long post, and in a short one by the model alone. With `voteWorth`, chosen
 * by cross-validation across sources; the second column is lower than that
 * would have it, for no source holds chatter about nothing (decision 0006).
 */
const undecidedScore: Readonly<Record<CategoryVote, { readonly listed: number; readonly bare: number }>> = {
  bug: { listed: 0.8, bare: 0.4 },
  feature: { listed: 0.75, bare: 0.4 },
  question: { listed: 0.95, bare: 0.2 },
  praise: { listed: 0.45, bare: 0.3 },
};

/** In a short post, a list that decides by itself is not outvoted by a shade: a question mark stands in many a complaint. */
const decidedLift = 0.35;

/** Outage, security and churn have no vote: where their lists decide, they are lifted as the others are, in a short post higher. */
const unvotedLift = { short: 1.5, long: 0.8 };

/** A post of more words holds words of every list, and the model weighs the whole. */
const shortWords = 40;

/** A short post to somebody by name ("@acme where is my order") is of a kind that no source holds. */
const addressedWords = 60;

/** What evidence that was outvoted still scores, so that a reason can name it. */
const leastEvidence = 0.05;

const mostWords = 3;

/** The word lists' scores, moved by the model's votes where the model can read the post. */
export function createCombinedClassifier(model: TrainedModel): Classifier {
  const lexicon = createLexiconClassifier();
  return {
    classify(features) {
      const scores = lexicon.classify(features);
      const { learnable } = features;
      return learnable !== null && hasVotes(features) ? combine(scores, features, learnable, model) : scores;
    },
  };
}

/** Whether the model has a say in the category of a post: where it was trained on posts of that kind. */
export function hasVotes({ learnable, reading }: Features): boolean {
  return learnable !== null && (reading.mentions === 0 || reading.words.length > addressedWords);
}

function combine(
  scores: readonly CategoryScore[],
  features: Features,
  learnable: WordFeatures,
  model: TrainedModel,
): CategoryScore[] {
  const votes = model.categoryVotes(learnable);
  const listed = new Map(scores.map((score) => [score.category, score]));
  const combined: CategoryScore[] = [];
  const isShort = features.reading.words.length <= shortWords;
  const lift = isShort ? unvotedLift.short : unvotedLift.long;
  const { positive, negative } = wordPolarity(features);
  // "Still broken, thanks": the model knows thanks from praise alone.
  const isSour = negative > positive || (negative > 0 && hasComplaint(scores));
  for (const category of categoryVotes) {
    const found = listed.get(category);
    if (category === 'praise' && isSour) {
      if (found !== undefined) combined.push(found);
      continue;
    }
    const voted = scoreOf(category, found, isShort) + voteWorth * bounded(votes.get(category) ?? 0);
    const score = found === undefined ? voted : Math.max(voted, leastEvidence);
    const learned = wordsFor(category, features, learnable, model);
    if (score > 0 && (found !== undefined || learned.length > 0)) {
      combined.push({ category, score, evidence: found?.evidence ?? [], learned });
    }
  }
  for (const score of scores) {
    if (isVoted(score.category)) continue;
    combined.push(score.score >= leastScore ? { ...score, score: score.score + lift } : score);
  }
  return combined;
}

function hasComplaint(scores: readonly CategoryScore[]): boolean {
  return scores.some(({ category, score }) => category !== 'praise' && score >= leastScore);
}

function scoreOf(category: CategoryVote, found: CategoryScore | undefined, isShort: boolean): number {
  const { listed, bare } = undecidedScore[category];
  if (found === undefined) return isShort ? bare : listed;
  const isLifted = isShort && found.score >= leastScore && category !== 'question';
  return found.score + listed + (isLifted ? decidedLift : 0);
}

/** Nearly `vote` when small, never beyond `strongestVote`. */
function bounded(vote: number): number {
  return strongestVote * Math.tanh(vote / strongestVote);
}

function isVoted(category: CategoryId): boolean {
  return (categoryVotes as readonly string[]).includes(category);
}

function wordsFor(
  category: CategoryVote,
  { reading }: Features,
  learnable: WordFeatures,
  model: TrainedModel,
): string[] {
  const words: string[] = [];
  for (const { word } of model.strongestWords(category, learnable)) {
    const surface = reading.surfaces[word] ?? '';
    if (!/^\p{L}/u.test(surface) || words.includes(surface)) continue;
    words.push(surface);
    if (words.length === mostWords) break;
  }
  return words;
}
