import type { AnalysisDraft, ModelMark } from '../domain/analysis.ts';
import type { AnalysisRequest } from '../ports/analyzer.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeptAnswer, ModelLedger } from '../ports/ledger.ts';
import { acceptAnalysis } from './accept-analysis.ts';
import { answerKey } from './prompt.ts';

const msPerDay = 86_400_000;

/** Signals that a model would see as the same post, and its answer if it gave one before. */
export interface PostGroup {
  readonly key: string;
  /** The first stands for all. */
  readonly requests: readonly [AnalysisRequest, ...AnalysisRequest[]];
  readonly known: AnalysisDraft | null;
}

/** What one model answered before, so that an unchanged post is never paid for twice. */
export interface AnswerMemory {
  /** `fresh` looks nothing up; equal posts are still one group. */
  recall(batch: readonly AnalysisRequest[], fresh: boolean): Promise<readonly PostGroup[]>;
  /** The answers in the form in which they are kept; none when nothing is kept. */
  toKeep(
    asked: readonly AnalysisRequest[],
    drafts: ReadonlyMap<number, AnalysisDraft>,
  ): readonly KeptAnswer[];
}

export function createAnswerMemory(
  mark: ModelMark,
  settings: {
    readonly ledger: ModelLedger;
    readonly clock: Clock;
    readonly categories: ReadonlySet<string>;
    readonly cacheDays: number;
  },
): AnswerMemory {
  const { ledger, clock, categories, cacheDays } = settings;
  return {
    async recall(batch, fresh) {
      const groups = Map.groupBy(batch, (request) => answerKey(mark, request));
      const looks = !fresh && cacheDays > 0;
      const since = clock.now() - cacheDays * msPerDay;
      const kept = looks ? await ledger.keptAnswers([...groups.keys()], since) : new Map();
      return [...groups].flatMap(([key, [first, ...twins]]) => {
        if (first === undefined) return [];
        return [{ key, requests: [first, ...twins], known: acceptAnalysis(kept.get(key), categories) }];
      });
    },
    toKeep(asked, drafts) {
      if (cacheDays === 0) return [];
      return asked.flatMap((request) => {
        const draft = drafts.get(request.signalId);
        return draft === undefined ? [] : [{ key: answerKey(mark, request), draft }];
      });
    },
  };
}
