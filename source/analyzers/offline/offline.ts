import type { AnalysisDraft, Sentiment } from '../../domain/analysis.ts';
import type { Label } from '../../domain/label.ts';
import { categoryIds } from '../../domain/taxonomy.ts';
import type { AnalysisRequest, Analyzer } from '../../ports/analyzer.ts';
import type { Teacher, Teaching } from '../../ports/teacher.ts';
import type { CategoryScore, Classifier, Features } from './classifier.ts';
import { createCombinedClassifier, hasVotes } from './combined-classifier.ts';
import { confidenceAt, curveName, parseCurve } from './confidence.ts';
import { isHeadline } from './context.ts';
import { type Case, Corrections } from './corrections.ts';
import { explainLearned, explainVerdict } from './explain.ts';
import { guessLanguage, isDetectable, loadDetector } from './language.ts';
import { createLexiconClassifier } from './lexicon-classifier.ts';
import { hasLexicon, lexiconFor } from './lexicon-index.ts';
import { type Reading, readText } from './reading.ts';
import { readMood } from './sentiment.ts';
import { readTags } from './tags.ts';
import { type Curve, TrainedModel, type WeightsFile } from './trained-model.ts';
import { readUrgency } from './urgency.ts';
import { reachVerdict, type Verdict } from './verdict.ts';
import weights from './weights.json' with { type: 'json' };
import { readWordFeatures } from './word-features.ts';

export interface OfflineOptions {
  /** The trained weights; those that ship when not given, the word lists alone when null. */
  readonly weights?: WeightsFile | null;
  readonly batchSize?: number;
  /** Whose labels are learned from; nobody's when not given. */
  readonly teacher?: Teacher | undefined;
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
 * context and a small trained classifier, shifted by what the analyst corrected.
 * The same post and the same labels give the same analysis. Never throws for any text, and its time is linear in at most
 * `readLimit` characters of a post.
 */
export function createOfflineAnalyzer(options: OfflineOptions = {}): Analyzer {
  const tools = toolsOf(options);
  const lessons = createLessons(options.teacher, tools);
  return {
    name: 'offline',
    batchSize: options.batchSize ?? 400,
    async analyze(batch, { signal }) {
      signal.throwIfAborted();
      const corrections = await lessons();
      const results = [];
      for (const request of batch) {
        results.push({
          signalId: request.signalId,
          analysis: analyzePost(await readFeatures(request, tools.model !== null), tools, corrections),
        });
      }
      return results;
    },
  };
}

/** Learns when the labels have changed, and only then. */
function createLessons(teacher: Teacher | undefined, tools: Tools): () => Promise<Corrections | null> {
  let learned: { readonly from: Teaching; readonly corrections: Corrections | null } | null = null;
  return async () => {
    const teaching = await teacher?.teaching();
    if (teaching === undefined) return null;
    if (learned?.from !== teaching) {
      const corrections = teaching.labels.length === 0 ? null : await learnFrom(teaching, tools);
      learned = { from: teaching, corrections };
    }
    return learned.corrections;
  };
}

/** The words that labels teach, by category, strongest first. Category of labels alone. */
export async function learnedWords(
  teaching: Teaching,
  most: number,
): Promise<readonly { readonly category: string; readonly words: readonly string[] }[]> {
  const tools = toolsOf({});
  const cases = await readCases(teaching, tools);
  const corrections = new Corrections(cases, tools.model);
  return categoryIds
    .map((category) => ({ category, words: corrections.strongestWords(category, cases, most) }))
    .filter(({ words }) => words.length > 0);
}

async function learnFrom(teaching: Teaching, tools: Tools): Promise<Corrections> {
  return new Corrections(await readCases(teaching, tools), tools.model);
}

async function readCases({ labels, usual }: Teaching, tools: Tools): Promise<readonly Case[]> {
  const cases: Case[] = [];
  const read = async (post: Teaching['usual'][number], label: Label | null) => {
    const features = await readFeatures(post, tools.model !== null);
    const scores = tools.classifier.classify(features);
    const { sentiment, urgency } = judge(features, scores, tools, null, label?.category ?? null);
    cases.push({ features, label, untaught: { scores, sentiment, urgency } });
  };
  for (const label of labels) await read({ ...label, signalId: label.id }, label);
  for (const post of usual) await read(post, null);
  return cases;
}

async function readFeatures(
  request: Pick<AnalysisRequest, 'title' | 'text' | 'lang' | 'kind'>,
  learns: boolean,
): Promise<Features> {
  const reading = readText(request.title, request.text);
  return toFeatures(reading, request.kind, await languageOf(request, reading), learns);
}

/** The features of a reading; without those for the model when `learns` is false. */
export function toFeatures(reading: Reading, kind: string, lang: string | null, learns: boolean): Features {
  const features = { reading, kind, lang, learnable: null };
  if (!learns || (lang !== null && lang !== 'en') || isHeadline(features, lexiconFor(lang))) return features;
  return { ...features, learnable: readWordFeatures(reading) };
}

async function languageOf(
  request: Pick<AnalysisRequest, 'title' | 'text' | 'lang'>,
  reading: Reading,
): Promise<string | null> {
  if (request.lang !== null && /^[a-z]{2}/i.test(request.lang) && request.lang !== 'und') {
    return request.lang.slice(0, 2).toLowerCase();
  }
  const text = request.title === null ? request.text : `${request.title} ${request.text}`;
  const guess = guessLanguage(reading, text);
  if (guess !== null || !isDetectable(reading)) return guess;
  const detect = await loadDetector();
  return detect(reading.words.join(' '));
}

interface Judgement {
  readonly verdict: Verdict;
  readonly confidence: number;
  readonly sentiment: Sentiment;
  readonly urgency: number;
}

/** `category` is that of a person, where one has said it: the mood and the urgency follow from it. */
function judge(
  features: Features,
  scores: readonly CategoryScore[],
  { model, curves }: Tools,
  corrections: Corrections | null,
  category: string | null = null,
): Judgement {
  const verdict = reachVerdict(scores);
  const confidence =
    confidenceAt(curves.get(curveName(verdict, hasVotes(features))), verdict.margin) *
    languageShare(features.lang);
  // What the model alone calls praise it has called so by the words of the mood: they are not counted twice.
  const lean = verdict.decided !== null && verdict.decided.evidence.length > 0 ? confidence : 0;
  const about = categoryIds.find((id) => id === category) ?? verdict.category;
  const mood = readMood(features, about, lean, model);
  const sentiment = corrections?.sentiment(features, mood.sentiment) ?? mood.sentiment;
  const urgency = readUrgency(features, about, confidence, { ...mood, sentiment });
  return { verdict, confidence, sentiment, urgency: corrections?.urgency(features, urgency) ?? urgency };
}

function analyzePost(features: Features, tools: Tools, corrections: Corrections | null): AnalysisDraft {
  const scores = tools.classifier.classify(features);
  const shifted = corrections?.categories(features, scores) ?? scores;
  const { verdict, confidence, sentiment, urgency } = judge(features, shifted, tools, corrections);
  const unread = features.lang !== null && !hasLexicon(features.lang) ? features.lang : null;
  const reasoning = explainVerdict(verdict, unread);
  return {
    category: verdict.category,
    sentiment,
    urgency,
    tags: readTags(features),
    reasoning:
      corrections === null
        ? reasoning
        : explainLearned(reasoning, judge(features, scores, tools, null), {
            category: verdict.category,
            sentiment,
            urgency,
            words: (from) => corrections.words(features, verdict.category, from),
          }),
    confidence: Math.round(confidence * 100) / 100,
  };
}

function languageShare(lang: string | null): number {
  if (lang === null || lang === 'en') return 1;
  return hasLexicon(lang) ? listedConfidence : unreadConfidence;
}
