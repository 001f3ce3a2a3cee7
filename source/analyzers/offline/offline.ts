import type { AnalysisDraft } from '../../domain/analysis.ts';
import { type CategoryId, categoryIds } from '../../domain/taxonomy.ts';
import type { AnalysisRequest, Analyzer } from '../../ports/analyzer.ts';
import type { CategoryScore, Classifier, Features } from './classifier.ts';
import { explainVerdict } from './explain.ts';
import { guessLanguage, isDetectable, loadDetector } from './language.ts';
import { createLexiconClassifier } from './lexicon-classifier.ts';
import { hasLexicon } from './lexicon-index.ts';
import { type Reading, readText } from './reading.ts';
import { readMood } from './sentiment.ts';
import { readTags } from './tags.ts';
import { readUrgency } from './urgency.ts';

export interface OfflineOptions {
  /** Says which category; word lists when not given. */
  readonly classifier?: Classifier;
  readonly batchSize?: number;
}

/** The least evidence that decides; below it a post is `other`. */
const leastScore = 1.2;
/** What remains of the confidence in a language that has no word list. */
const unreadConfidence = 0.6;

/**
 * The analyzer that needs no network, no key and no model: word lists with
 * context for the category, a polarity list for the mood. Pure: the same post
 * gets the same analysis. Never throws for any text, and its time is linear in
 * at most `readLimit` characters of a post.
 */
export function createOfflineAnalyzer(options: OfflineOptions = {}): Analyzer {
  const classifier = options.classifier ?? createLexiconClassifier();
  return {
    name: 'offline',
    batchSize: options.batchSize ?? 200,
    async analyze(batch, { signal }) {
      signal.throwIfAborted();
      const results = [];
      for (const request of batch) {
        results.push({
          signalId: request.signalId,
          analysis: analyzePost(await readFeatures(request), classifier),
        });
      }
      return results;
    },
  };
}

async function readFeatures(request: AnalysisRequest): Promise<Features> {
  const reading = readText(request.title, request.text);
  return { reading, kind: request.kind, lang: await languageOf(request, reading) };
}

async function languageOf(request: AnalysisRequest, reading: Reading): Promise<string | null> {
  if (request.lang !== null && /^[a-z]{2}/i.test(request.lang) && request.lang !== 'und') {
    return request.lang.slice(0, 2).toLowerCase();
  }
  const text = request.title === null ? request.text : `${request.title} ${request.text}`;
  const guess = guessLanguage(reading, text);
  if (guess !== null || !isDetectable(reading)) return guess;
  const detect = await loadDetector();
  return detect(reading.words.join(' '));
}

function analyzePost(features: Features, classifier: Classifier): AnalysisDraft {
  const ranked = [...classifier.classify(features)].filter((score) => score.score > 0).sort(byScore);
  const [first, second] = ranked;
  const decided = first !== undefined && first.score >= leastScore ? first : null;
  const runnerUp = (decided === null ? first : second) ?? null;
  const unread = features.lang !== null && !hasLexicon(features.lang) ? features.lang : null;
  const category = decided?.category ?? 'other';
  const confidence = confidenceOf(decided, runnerUp) * (unread === null ? 1 : unreadConfidence);
  const mood = readMood(features, category, confidence);
  return {
    category,
    sentiment: mood.sentiment,
    urgency: readUrgency(features, category, confidence, mood),
    tags: readTags(features),
    reasoning: explainVerdict({
      category,
      decided,
      runnerUp,
      weaker: Math.max(0, ranked.length - 1),
      unread,
    }),
    confidence: Math.round(confidence * 100) / 100,
  };
}

/** Most evidence first; the taxonomy's order, most pressing first, breaks ties. */
function byScore(a: CategoryScore, b: CategoryScore): number {
  return b.score - a.score || rankOf(a.category) - rankOf(b.category);
}

function rankOf(category: CategoryId): number {
  return categoryIds.indexOf(category);
}

/** 0 to 0.95: how much evidence there is, and by how much it leads. For `other`, how little there is of anything else. */
function confidenceOf(decided: CategoryScore | null, runnerUp: CategoryScore | null): number {
  if (decided === null) return 0.6 - 0.35 * Math.min(1, (runnerUp?.score ?? 0) / leastScore);
  const amount = 1 - Math.exp(-decided.score / 2);
  const lead = (decided.score - (runnerUp?.score ?? 0)) / decided.score;
  return Math.min(0.95, 0.25 + 0.7 * amount * (0.35 + 0.65 * lead));
}
