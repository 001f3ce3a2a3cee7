import type { AnalysisDraft } from '../../source/domain/analysis.ts';
import type { ModelLedger, ModelUse } from '../../source/ports/ledger.ts';

/** The books in memory; `uses` are the requests that were paid for. */
export function memoryLedger(): ModelLedger & {
  readonly uses: readonly ModelUse[];
  readonly answers: ReadonlyMap<string, AnalysisDraft>;
} {
  const uses: ModelUse[] = [];
  const answers = new Map<string, AnalysisDraft>();
  return {
    uses,
    answers,
    recordModelUse: async (use, kept) => {
      uses.push(use);
      for (const { key, draft } of kept) answers.set(key, draft);
    },
    modelSpent: async () => ({ todayUsd: 0, monthUsd: 0 }),
    modelSpendOf: async () => ({ today: [], month: [] }),
    keptAnswers: async (keys) =>
      new Map(
        keys.flatMap((key) => {
          const draft = answers.get(key);
          return draft === undefined ? [] : [[key, draft] as const];
        }),
      ),
    pruneAnswers: async () => undefined,
  };
}
