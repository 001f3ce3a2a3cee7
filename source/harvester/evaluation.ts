import { sentiments } from '../domain/analysis.ts';
import type { AnalyzerName } from '../domain/analyzer-names.ts';
import {
  calibrationError,
  foldOf,
  type Judged,
  type LabelQuality,
  meanAbsoluteError,
  measureQuality,
  measureReliability,
  type ReliabilityBin,
} from '../domain/evaluation.ts';
import { type Label, mostLabels } from '../domain/label.ts';
import { categoryIds } from '../domain/taxonomy.ts';
import { UserError } from '../errors.ts';
import type { AnalysisRequest, AnalysisResult } from '../ports/analyzer.ts';
import type { LearningStore } from '../ports/learning.ts';
import type { Teaching } from '../ports/teacher.ts';
import type { Watch } from './harvester.ts';
import { mostUsual } from './teacher.ts';

/** What a set says of a post that is none of the categories it knows. */
export const noneOfThem = 'none';

/** A labelled post from elsewhere. */
export interface EvaluationRow {
  readonly text: string;
  readonly title: string | null;
  readonly kind: string;
  readonly lang: string | null;
  /** `noneOfThem` for a post that is none of `known`. */
  readonly category: string | null;
  readonly sentiment: string | null;
  readonly urgency: number | null;
  /** Categories that its set tells apart; an answer outside them is its `other` if it has one, else `noneOfThem`. Null: all of them. */
  readonly known: readonly string[] | null;
}

export interface EvaluationRequest {
  readonly analyzers: readonly AnalyzerName[];
  /** Beside the analyst's own labels. */
  readonly rows: readonly EvaluationRow[];
  /** Whether the analyst's own labels are judged. */
  readonly ownLabels: boolean;
  /** Posts at most; spread evenly over all there are. Null is no limit. */
  readonly limit: number | null;
}

export interface TaskQuality {
  readonly n: number;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly perLabel: Readonly<Record<string, LabelQuality>>;
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface AnalyzerEvaluation {
  /** "offline, taught" and "offline, untaught" where there are labels to learn from. */
  readonly analyzer: string;
  /** Posts asked about, and those that got no answer: these count as wrong. */
  readonly asked: number;
  readonly unanswered: number;
  /** Null where nothing of the kind was labelled. */
  readonly category: TaskQuality | null;
  readonly reliability: readonly ReliabilityBin[];
  /** Mean distance of stated confidence from the share that was right. */
  readonly calibrationError: number | null;
  readonly sentiment: TaskQuality | null;
  /** Mean absolute error, in steps of 0 to 5. */
  readonly urgencyError: number | null;
  readonly seconds: number;
  readonly requests: number;
  readonly tokens: number;
  readonly usd: number;
  readonly warnings: readonly string[];
}

export interface Evaluation {
  readonly posts: number;
  readonly ownLabels: number;
  readonly folds: number;
  readonly analyzers: readonly AnalyzerEvaluation[];
}

/** What asking an analyzer costs, from above; zero where it is free. */
export interface AnalysisEstimate {
  readonly requests: number;
  readonly tokens: number;
  readonly usd: number;
}

export interface EvaluationEstimate {
  readonly posts: number;
  readonly analyzers: readonly (AnalysisEstimate & { readonly analyzer: AnalyzerName })[];
  readonly totalUsd: number;
  /** What the caps of models leave; null without a cap. */
  readonly leftUsd: number | null;
}

export interface EvaluationSubject {
  /** What the request would cost. Asks nobody. */
  estimate(request: EvaluationRequest): Promise<EvaluationEstimate>;
  /** Asks the analyzers, within the caps of models. Writes nothing but what it cost. `onProgress` gets lines for a person. */
  run(request: EvaluationRequest, watch?: Watch<string>): Promise<Evaluation>;
}

/** An analyzer opened to be judged, with its books. */
export interface JudgedAnalyzer {
  analyze(
    batch: readonly AnalysisRequest[],
    options: { readonly signal: AbortSignal; readonly onWarning: (warning: string) => void },
  ): Promise<readonly AnalysisResult[]>;
  /** So far. */
  used(): AnalysisEstimate;
}

export interface EvaluationParts {
  readonly store: LearningStore;
  /** What the caps of models leave now; null without a cap. */
  leftUsd(): Promise<number | null>;
  /** `teaching` is what the offline analyzer learns; the others are not taught. The money is that of one run. */
  open(name: AnalyzerName, teaching: Teaching): JudgedAnalyzer;
  /** Called before the first analyzer of an evaluation is opened: caps of a run start anew. */
  begin(): Promise<void>;
  /** Answers that are kept from before cost nothing. */
  estimate(name: AnalyzerName, batch: readonly AnalysisRequest[]): Promise<AnalysisEstimate>;
  /** Whether the offline analyzer learns from labels at all. */
  readonly learns: boolean;
}

export const folds = 5;
const batchSize = 200;

export function createEvaluation(parts: EvaluationParts): EvaluationSubject {
  return {
    estimate: async (request) => {
      const { rows } = await gather(parts, request);
      const requests = rows.map(toRequest);
      const analyzers = await Promise.all(
        request.analyzers.map(async (analyzer) => ({
          analyzer,
          ...(await parts.estimate(analyzer, requests)),
        })),
      );
      const totalUsd = analyzers.reduce((total, { usd }) => total + usd, 0);
      return { posts: rows.length, analyzers, totalUsd, leftUsd: await parts.leftUsd() };
    },
    run: async (request, watch) => {
      const { rows, labels } = await gather(parts, request);
      await parts.begin();
      const analyzers: AnalyzerEvaluation[] = [];
      for (const name of request.analyzers) {
        const learns = name === 'offline' && labels.length > 0;
        if (learns)
          analyzers.push(await judge(parts, { name, title: 'offline, taught', labels }, rows, watch));
        const title = learns ? 'offline, untaught' : name;
        analyzers.push(await judge(parts, { name, title, labels: [] }, rows, watch));
      }
      return { posts: rows.length, ownLabels: request.ownLabels ? labels.length : 0, folds, analyzers };
    },
  };
}

async function gather(
  { store, learns }: EvaluationParts,
  { rows, ownLabels, limit }: EvaluationRequest,
): Promise<{ rows: readonly EvaluationRow[]; labels: readonly Label[] }> {
  const { correctionsAt } = await store.learningResets();
  const labels = await store.labels({ limit: mostLabels, after: 0 });
  const own = ownLabels ? labels.map((label): EvaluationRow => ({ ...label, known: null })) : [];
  const all = [...own, ...rows];
  if (all.length === 0) {
    throw new UserError(
      'nothing-labelled',
      'There is nothing to judge by: no label of yours and no file of labelled posts.',
      {
        fix: 'Correct some signals in triage, bring labels in with "signal-harvester labels import FILE", or give --data FILE.',
      },
    );
  }
  return { rows: spread(all, limit), labels: learns ? labels.filter(({ at }) => at > correctionsAt) : [] };
}

/** At most `limit` rows, evenly from all over the list: files are often sorted by label. */
function spread<Row>(rows: readonly Row[], limit: number | null): readonly Row[] {
  if (limit === null || rows.length <= limit) return rows;
  return Array.from({ length: limit }, (_, index) => rows[Math.floor((index * rows.length) / limit)] as Row);
}

/**
 * One analyzer over all rows. What was learned from labels is never judged on
 * them: a row is asked of an analyzer that was taught by the other folds alone.
 */
async function judge(
  parts: EvaluationParts,
  asked: { readonly name: AnalyzerName; readonly title: string; readonly labels: readonly Label[] },
  rows: readonly EvaluationRow[],
  watch: Watch<string> | undefined,
): Promise<AnalyzerEvaluation> {
  const signal = watch?.signal ?? new AbortController().signal;
  const warnings = new Set<string>();
  const answers = new Map<number, AnalysisResult['analysis']>();
  const used = { requests: 0, tokens: 0, usd: 0 };
  const started = performance.now();
  const isTaught = asked.labels.length > 0;
  const usual = isTaught ? await parts.store.usualPosts(mostUsual) : [];
  for (let fold = 0; fold < (isTaught ? folds : 1); fold += 1) {
    const taughtBy = asked.labels.filter((label) => foldOf(label.text, folds) !== fold);
    const held = [...rows.keys()].filter((at) => !isTaught || foldOf(rows[at]?.text ?? '', folds) === fold);
    const analyzer = parts.open(asked.name, { labels: taughtBy, usual });
    for (let from = 0; from < held.length; from += batchSize) {
      signal.throwIfAborted();
      const batch = held.slice(from, from + batchSize).map((at) => toRequest(rows[at] as EvaluationRow, at));
      const results = await analyzer.analyze(batch, {
        signal,
        onWarning: (warning) => warnings.add(warning),
      });
      for (const { signalId, analysis } of results) answers.set(signalId, analysis);
      watch?.onProgress?.(`${asked.title}: ${answers.size} of ${rows.length}`);
      await new Promise(setImmediate);
    }
    const { requests, tokens, usd } = analyzer.used();
    used.requests += requests;
    used.tokens += tokens;
    used.usd += usd;
  }
  const seconds = (performance.now() - started) / 1000;
  const measured = measure(rows, answers);
  const unanswered = rows.length - answers.size;
  return {
    analyzer: asked.title,
    asked: rows.length,
    unanswered,
    ...measured,
    seconds,
    ...used,
    warnings: [...warnings],
  };
}

function measure(rows: readonly EvaluationRow[], answers: ReadonlyMap<number, AnalysisResult['analysis']>) {
  const categories: Judged[] = [];
  const moods: Judged[] = [];
  const urgencies: { truth: number; answer: number }[] = [];
  for (const [at, row] of rows.entries()) {
    const answer = answers.get(at);
    const stated = answer === undefined ? {} : { confidence: answer.confidence };
    if (row.category !== null) {
      const said = answer === undefined ? '(no answer)' : inWordsOf(row, answer.category);
      categories.push({ truth: row.category, answer: said, ...stated });
    }
    if (row.sentiment !== null)
      moods.push({ truth: row.sentiment, answer: answer?.sentiment ?? '(no answer)' });
    if (row.urgency !== null && answer !== undefined) {
      urgencies.push({ truth: row.urgency, answer: answer.urgency });
    }
  }
  const reliability = measureReliability(categories);
  return {
    category: qualityOf(categories, categoryIds),
    reliability,
    calibrationError: calibrationError(reliability),
    sentiment: qualityOf(moods, sentiments),
    urgencyError: meanAbsoluteError(urgencies),
  };
}

function inWordsOf({ known }: EvaluationRow, category: string): string {
  if (known === null || known.includes(category)) return category;
  return known.includes('other') ? 'other' : noneOfThem;
}

/** As plain data, in the order of the taxonomy; null for nothing. */
function qualityOf(rows: readonly Judged[], order: readonly string[]): TaskQuality | null {
  if (rows.length === 0) return null;
  const { n, accuracy, macroF1, perLabel, confusion } = measureQuality(rows);
  const place = (label: string) => (order.includes(label) ? order.indexOf(label) : order.length);
  const sorted = <Value>(entries: Iterable<[string, Value]>) =>
    [...entries].sort((a, b) => place(a[0]) - place(b[0]) || (a[0] < b[0] ? -1 : 1));
  return {
    n,
    accuracy,
    macroF1,
    perLabel: Object.fromEntries(sorted(perLabel)),
    confusion: Object.fromEntries(
      sorted(confusion).map(([truth, said]) => [truth, Object.fromEntries(sorted(said))]),
    ),
  };
}

function toRequest({ kind, title, text, lang }: EvaluationRow, signalId: number): AnalysisRequest {
  return { signalId, kind, author: null, title, text, lang };
}
