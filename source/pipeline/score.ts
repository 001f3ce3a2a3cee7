import { sentiments } from '../domain/analysis.ts';
import { type ScoreSettings, scoreSignal } from '../domain/score.ts';
import type { Clock } from '../ports/clock.ts';
import type { PipelineStore } from '../ports/pipeline-store.ts';
import type { Relevance } from './relevance.ts';

export interface ScoreRules {
  readonly settings: ScoreSettings;
  /** Boost by source name; a source that is not named counts 1. */
  readonly sourceWeights: Readonly<Record<string, number>>;
}

const batchSize = 500;

/**
 * Scores one batch of what is due; returns the ids of the signals that got a score.
 * Without `relevance`, every signal keeps the one that it was scored with last.
 */
export async function scoreBatch(
  { store, clock, relevance }: { store: PipelineStore; clock: Clock; relevance?: Relevance },
  { settings, sourceWeights }: ScoreRules,
): Promise<readonly number[]> {
  const due = await store.unscored(batchSize);
  if (due.length === 0) return [];
  const factors = await relevance?.factorsOf(due.map(({ signalId }) => signalId));
  const scores = due.map(({ signalId, sentiment, ...request }) => {
    const score = scoreSignal(
      {
        ...request,
        sentiment: sentiments.find((each) => each === sentiment) ?? 'neutral',
        source: sourceWeights[request.source] ?? 1,
        relevance: factors === undefined ? request.relevance : (factors.get(signalId) ?? 1),
      },
      settings,
    );
    return { signalId, rank: score.rank, factors: score.factors };
  });
  await store.saveScores(scores, clock.now());
  return scores.map(({ signalId }) => signalId);
}

/** What decides whether stored scores are still those of the settings. Stable for equal rules. */
export function scoreRulesKey({ settings, sourceWeights }: ScoreRules): string {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, each]) => [name, sorted(each)]),
        )
      : value;
  return JSON.stringify(sorted({ settings, sourceWeights }));
}
