import type { Analysis } from '../domain/analysis.ts';
import { AnalyzerTally } from '../domain/analyzer-tally.ts';
import { addModelSpend, type ModelSpend } from '../domain/spend.ts';
import { WarningList } from '../domain/warning-list.ts';
import type { ChainWatch } from '../pipeline/analyze.ts';
import type { AnalyzedSignal } from '../ports/desk-store.ts';
import type { ReanalysisProgress, ReanalysisReport } from './analysis-desk.ts';

/** What of an analysis can be compared at a glance. */
export interface AnalysisFace {
  readonly category: string;
  readonly sentiment: string;
  readonly urgency: number;
  readonly confidence: number;
  readonly analyzer: string;
}

export interface AnalysisChange {
  readonly signalId: number;
  /** Title or text of the lead post, cut. */
  readonly about: string;
  /** Null when the signal had no analysis. */
  readonly before: AnalysisFace | null;
  readonly after: AnalysisFace;
}

/** So many signals went from one category to another. */
export interface CategoryMove {
  /** Null when they had none. */
  readonly before: string | null;
  readonly after: string;
  readonly signals: number;
}

type Answer = { readonly signalId: number; readonly analysis: Omit<Analysis, 'analyzedAt'> };

const longestAbout = 200;

/** Compares new analyses with those that stand, and counts. */
export class ReanalysisTally {
  saved = 0;
  interrupted = false;
  readonly #order: readonly string[];
  readonly #only: string | null;
  readonly #limit: number;
  readonly #counts = { signals: 0, changed: 0, same: 0, left: 0, unanswered: 0 };
  readonly #kinds = { changedCategory: 0, changedSentiment: 0, changedUrgency: 0 };
  readonly #moves = new Map<string, CategoryMove>();
  readonly #changes: AnalysisChange[] = [];
  readonly #analyzers = new AnalyzerTally();
  readonly #warnings = new WarningList();
  #models: readonly ModelSpend[] = [];

  /** `order` is that of the chain; `only` the one analyzer that was asked for. Up to `limit` changes are kept. */
  constructor(order: readonly string[], only: string | null, limit: number) {
    this.#order = order;
    this.#only = only;
    this.#limit = limit;
  }

  /** What the chain tells while it works. */
  get chainWatch(): Omit<ChainWatch, 'signal'> {
    return {
      onWarning: (warning) => this.#warnings.add(warning),
      onLoss: (words, posts) => this.#warnings.count(words, posts),
      onUse: (use) => {
        this.#models = addModelSpend([...this.#models, use]);
      },
      onFailure: (name, error) => this.#analyzers.fail(name, error),
    };
  }

  /** Counts a page and returns the answers that may replace what stands. */
  add(page: readonly AnalyzedSignal[], answers: readonly Answer[]): readonly Answer[] {
    const bySignal = new Map(answers.map((answer) => [answer.signalId, answer]));
    const accepted: Answer[] = [];
    for (const signal of page) {
      this.#counts.signals += 1;
      const answer = bySignal.get(signal.request.signalId);
      if (answer === undefined) this.#counts.unanswered += 1;
      else if (this.#isFallback(signal.analysis, answer.analysis.analyzer)) this.#counts.left += 1;
      else {
        accepted.push(answer);
        this.#analyzers.add(answer.analysis.analyzer);
        this.#compare(signal, answer.analysis);
      }
    }
    return accepted;
  }

  get progress(): ReanalysisProgress {
    return { done: this.#counts.signals, changed: this.#counts.changed };
  }

  report(): ReanalysisReport {
    return {
      ...this.#counts,
      ...this.#kinds,
      moves: [...this.#moves.values()].sort((a, b) => b.signals - a.signals),
      changes: this.#changes,
      saved: this.saved,
      analyzers: this.#analyzers.list(),
      models: this.#models,
      warnings: this.#warnings.list(),
      interrupted: this.interrupted,
    };
  }

  /** A model that is out of money must not hand its work of yesterday to the word lists. */
  #isFallback(before: Analysis | null, analyzer: string): boolean {
    if (before === null || this.#only !== null || before.analyzer === analyzer) return false;
    // The offline analyzer stands in also where the chain does not name it, and is the last choice then.
    const order = [...this.#order, 'offline'];
    return order.indexOf(before.analyzer) < order.indexOf(analyzer);
  }

  #compare({ request, analysis }: AnalyzedSignal, after: Answer['analysis']): void {
    const category = analysis?.category !== after.category;
    const sentiment = analysis?.sentiment !== after.sentiment;
    const urgency = analysis?.urgency !== after.urgency;
    if (!category && !sentiment && !urgency) {
      this.#counts.same += 1;
      return;
    }
    this.#counts.changed += 1;
    if (category) this.#countMove(analysis?.category ?? null, after.category);
    if (sentiment) this.#kinds.changedSentiment += 1;
    if (urgency) this.#kinds.changedUrgency += 1;
    if (this.#changes.length >= this.#limit) return;
    this.#changes.push({
      signalId: request.signalId,
      about: (request.title || request.text).slice(0, longestAbout),
      before: analysis === null ? null : faceOf(analysis),
      after: faceOf(after),
    });
  }

  #countMove(before: string | null, after: string): void {
    this.#kinds.changedCategory += 1;
    const key = `${before ?? ''}\0${after}`;
    this.#moves.set(key, { before, after, signals: (this.#moves.get(key)?.signals ?? 0) + 1 });
  }
}

function faceOf({ category, sentiment, urgency, confidence, analyzer }: Answer['analysis']): AnalysisFace {
  return { category, sentiment, urgency, confidence, analyzer };
}
