import type { AnalyzerProgress } from '../domain/run.ts';
import type { ModelSpend, SpendCaps } from '../domain/spend.ts';
import type { AnalysisChain } from '../pipeline/analyze.ts';
import { type ScoreRules, scoreBatch } from '../pipeline/score.ts';
import type { Analyzer, AnalyzerEstimate } from '../ports/analyzer.ts';
import type { Clock } from '../ports/clock.ts';
import type { AnalyzedSignal } from '../ports/desk-store.ts';
import type { Flags } from '../ports/flags.ts';
import type { Store } from '../ports/store.ts';
import { estimateAnalysis } from './estimate-analysis.ts';
import type { SignalQuery, Watch } from './harvester.ts';
import { matchingSignals, type ReadQuery } from './matching-signals.ts';
import { type AnalysisChange, type CategoryMove, ReanalysisTally } from './reanalysis-tally.ts';

/** Signals whose analysis is looked at again. */
export interface AnalysisSelection {
  readonly query: SignalQuery;
  /** Only those whose analysis this analyzer made. */
  readonly madeBy?: string;
}

export interface AnalysisEstimateRequest {
  /** What waits for its first analysis when absent. */
  readonly selection?: AnalysisSelection;
  readonly analyzer?: string;
  readonly fresh?: boolean;
}

export interface ModelEstimate extends AnalyzerEstimate {
  readonly analyzer: string;
  /** Service and model: `openai/gpt-5-mini`. */
  readonly model: string;
}

export interface AnalysisEstimate {
  readonly signals: number;
  /** Posts that are still to be grouped, each counted as a signal below: so many at most. */
  readonly ungrouped: number;
  /** Each model of the chain, as if it answered all; in the order in which they are asked. */
  readonly models: readonly ModelEstimate[];
  /** What the caps leave for models now; null without a cap. */
  readonly leftUsd: number | null;
  /** The cap that leaves the least, in words; null without a cap. */
  readonly limit: string | null;
}

export interface ReanalysisRequest extends AnalysisSelection {
  /** One analyzer of the chain instead of all. */
  readonly analyzer?: string;
  /** Ask models again what they answered before. */
  readonly fresh?: boolean;
  /** False computes and compares only. Money is spent either way; the answers are kept. */
  readonly save: boolean;
  /** Changes that are told one by one, at most. */
  readonly limit: number;
}

export interface ReanalysisProgress {
  readonly done: number;
  readonly changed: number;
}

export interface ReanalysisReport {
  /** Signals that were chosen. */
  readonly signals: number;
  readonly changed: number;
  readonly same: number;
  /** Left as they are, since only a fallback answered and a preferred analyzer had made the present analysis. */
  readonly left: number;
  readonly unanswered: number;
  /** Changes of each kind; a signal may count in several. */
  readonly changedCategory: number;
  readonly changedSentiment: number;
  readonly changedUrgency: number;
  /** Changes of the category, most frequent first. */
  readonly moves: readonly CategoryMove[];
  /** The first changes, in order of writing. */
  readonly changes: readonly AnalysisChange[];
  readonly saved: number;
  readonly analyzers: readonly AnalyzerProgress[];
  readonly models: readonly ModelSpend[];
  readonly warnings: readonly string[];
  readonly interrupted: boolean;
}

/** What models cost, with what the caps leave. */
export interface ModelBooks {
  readonly today: readonly ModelSpend[];
  readonly month: readonly ModelSpend[];
  readonly todayUsd: number;
  readonly monthUsd: number;
  /** Null without a cap. */
  readonly leftTodayUsd: number | null;
  readonly leftMonthUsd: number | null;
}

/** Analyses beyond the run: what they would cost, what they cost, and making them again. */
export interface AnalysisDesk {
  /** Asks nobody and writes nothing. */
  estimate(request: AnalysisEstimateRequest): Promise<AnalysisEstimate>;
  /**
   * Analyzes signals again and says what differs. Saves nothing unless asked to.
   * Caps hold, and what models answer is kept: saving after a look costs nothing.
   */
  reanalyze(request: ReanalysisRequest, watch?: Watch<ReanalysisProgress>): Promise<ReanalysisReport>;
  books(): Promise<ModelBooks>;
}

export interface AnalysisDeskParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly scoring: ScoreRules;
  /** In the order of the chain. */
  readonly analyzers: readonly Analyzer[];
  /**
   * The chain that the flags allow, or one analyzer of it.
   *
   * @throws UserError `unknown-analyzer`, `flag-off`
   */
  chainOf(analyzer: string | undefined, flags: Flags): AnalysisChain;
  /** How flags stand now. */
  flags(): Promise<Flags>;
  readonly modelCaps: SpendCaps;
}

const pageSize = 200;

export function createAnalysisDesk(parts: AnalysisDeskParts, read: ReadQuery): AnalysisDesk {
  const { store, clock, modelCaps } = parts;

  async function* chosen({ query, madeBy }: AnalysisSelection): AsyncGenerator<readonly AnalyzedSignal[]> {
    const { filter } = await read(query);
    for await (const ids of matchingSignals(store, filter, pageSize)) {
      const signals = await store.analyzedSignals(ids);
      yield signals.filter(({ analysis }) => madeBy === undefined || analysis?.analyzer === madeBy);
    }
  }

  return {
    estimate: async (request) => {
      const flags = await parts.flags();
      // Refuses a name that the chain does not have.
      parts.chainOf(request.analyzer, flags);
      const analyzers = flags.isOn('model-chain') ? parts.analyzers : [];
      return estimateAnalysis(
        { ...parts, analyzers },
        request,
        request.selection === undefined ? null : chosen(request.selection),
      );
    },

    reanalyze: async (request, watch) => {
      const chain = parts.chainOf(request.analyzer, await parts.flags());
      const names = parts.analyzers.map(({ name }) => name);
      const tally = new ReanalysisTally(names, request.analyzer ?? null, request.limit);
      const signal = watch?.signal ?? new AbortController().signal;
      const options = { signal, fresh: request.fresh, ...tally.chainWatch };
      await chain.begin();
      try {
        for await (const page of chosen(request)) {
          if (page.length === 0) continue;
          const answers = await chain.analyze(
            page.map((each) => each.request),
            options,
          );
          const worthSaving = tally.add(page, answers);
          if (request.save) {
            const analyzedAt = clock.now();
            await store.saveAnalyses(
              worthSaving.map(({ signalId, analysis }) => ({
                signalId,
                analysis: { ...analysis, analyzedAt },
              })),
            );
            tally.saved += worthSaving.length;
          }
          watch?.onProgress?.(tally.progress);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
        tally.interrupted = true;
      }
      if (tally.saved > 0) {
        while ((await scoreBatch(parts, parts.scoring)).length > 0) await new Promise(setImmediate);
      }
      return tally.report();
    },

    books: async () => {
      const now = clock.now();
      const { todayUsd, monthUsd } = await store.modelSpent(now);
      const left = (cap: number | null, spentUsd: number) =>
        cap === null ? null : Math.max(0, cap - spentUsd);
      return {
        ...(await store.modelSpendOf(now)),
        todayUsd,
        monthUsd,
        leftTodayUsd: left(modelCaps.perDayUsd, todayUsd),
        leftMonthUsd: left(modelCaps.perMonthUsd, monthUsd),
      };
    },
  };
}
