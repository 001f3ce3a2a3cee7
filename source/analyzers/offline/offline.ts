import type { AnalysisDraft } from '../../domain/analysis.ts';
import type { AnalysisRequest, Analyzer } from '../../ports/analyzer.ts';
import type { Classifier, Features } from './classifier.ts';
import { createCombinedClassifier, hasVotes } from './combined-classifier.ts';
import { confidenceAt, curveName, parseCurve } from './confidence.ts';
import { isHeadline } from './context.ts';
import { explainVerdict } from './explain.ts';
import { guessLanguage, isDetectable, loadDetector } from './language.ts';
import { createLexiconClassifier } from './lexicon-classifier.ts';
import { hasLexicon, lexiconFor } from './lexicon-index.ts';
import { type Reading, readText } from './reading.ts';
import { readMood } from './sentiment.ts';
import { readTags } from './tags.ts';
import { type Curve, TrainedModel, type WeightsFile } from './trained-model.ts';
import { readUrgency } from './urgency.ts';
import { reachVerdict } from './verdict.ts';
import weights from './weights.json' with { type: 'json' };
import { readWordFeatures } from './word-features.ts';

export interface OfflineOptions {
  /** The trained weights; those that ship when not given, the word lists alone when null. */
  readonly weights?: WeightsFile | null;
  readonly batchSize?: number;
}

/** What remains of the confidence in a language that has a word list: its words were tested by hand, not on labelled posts. */
const listedConfidence = 0.85;
/** And in one that has none. */
const unreadConfidence = 0.6;

interface Tools {
  readonly model: TrainedModel | null;
  readonly classifier: Classifier;
  readonly curves: ReadonlyMap<string, Curve>;
}

const shippedWeights: WeightsFile = weights;
/** Decoded when first needed, once. */
let shippedModel: TrainedModel | null = null;

function toolsOf(options: OfflineOptions): Tools {
  const file = options.weights === undefined ? shippedWeights : options.weights;
  const { confidence } = file ?? shippedWeights;
  const curves = new Map(Object.entries(confidence).map(([name, text]) => [name, parseCurve(text)]));
  if (file === null) return { model: null, classifier: createLexiconClassifier(), curves };
  const model = file === shippedWeights ? loadShippedModel() : new TrainedModel(file);
  return { model, classifier: createCombinedClassifier(model), curves };
}

function loadShippedModel(): TrainedModel {
  shippedModel ??= new TrainedModel(shippedWeights);
  return shippedModel;
}

/**
 * The analyzer that needs no network, no key and no paid model: word lists with
 * context and a small trained classifier. Pure: the same post gets the same
 * analysis. Never throws for any text, and its time is linear in at most
 * `readLimit` characters of a post.
 */
export function createOfflineAnalyzer(options: OfflineOptions = {}): Analyzer {
  const tools = toolsOf(options);
  return {
    name: 'offline',
    batchSize: options.batchSize ?? 200,
    async analyze(batch, { signal }) {
      signal.throwIfAborted();
      const results = [];
      for (const request of batch) {
        results.push({
          signalId: request.signalId,
          analysis: analyzePost(await readFeatures(request, tools.model !== null), tools),
        });
      }
      return results;
    },
  };
}

async function readFeatures(request: AnalysisRequest, learns: boolean): Promise<Features> {
  const reading = readText(request.title, request.text);
  return toFeatures(reading, request.kind, await languageOf(request, reading), learns);
}

/** The features of a reading; without those for the model when `learns` is false. */
export function toFeatures(reading: Reading, kind: string, lang: string | null, learns: boolean): Features {
  const features = { reading, kind, lang, learnable: null };
  if (!learns || (lang !== null && lang !== 'en') || isHeadline(features, lexiconFor(lang))) return features;
  return { ...features, learnable: readWordFeatures(reading) };
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

function analyzePost(features: Features, { model, classifier, curves }: Tools): AnalysisDraft {
  const verdict = reachVerdict(classifier.classify(features));
  const { category } = verdict;
  const unread = features.lang !== null && !hasLexicon(features.lang) ? features.lang : null;
  const confidence =
    confidenceAt(curves.get(curveName(verdict, hasVotes(features))), verdict.margin) *
    languageShare(features.lang);
  // What the model alone calls praise it has called so by the words of the mood: they are not counted twice.
  const lean = verdict.decided !== null && verdict.decided.evidence.length > 0 ? confidence : 0;
  const mood = readMood(features, category, lean, model);
  return {
    category,
    sentiment: mood.sentiment,
    urgency: readUrgency(features, category, confidence, mood),
    tags: readTags(features),
    reasoning: explainVerdict(verdict, unread),
    confidence: Math.round(confidence * 100) / 100,
  };
}

function languageShare(lang: string | null): number {
  if (lang === null || lang === 'en') return 1;
  return hasLexicon(lang) ? listedConfidence : unreadConfidence;
}
