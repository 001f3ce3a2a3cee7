import { sentiments } from '../../../source/domain/analysis.ts';
import { type ScoreSettings, scoreSignal } from '../../../source/domain/score.ts';
import type { SignalDetail } from '../../../source/domain/signal.ts';
import { categoryBoosts, defaultTaxonomy } from '../../../source/domain/taxonomy.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';
import { createScoring, liveScoring } from '../../../source/harvester/scoring.ts';
import type { ScoredSignal } from '../../../source/ports/pipeline-store.ts';

export const memorySettings: ScoreSettings = {
  base: 1,
  likes: 1,
  reposts: 3,
  replies: 2,
  quotes: 2.5,
  echoes: 3,
  urgency: 4,
  cap: 100,
  halfLifeHours: 24,
  categories: categoryBoosts(defaultTaxonomy),
  sentiments: { negative: 1.2, neutral: 0.9, positive: 1 },
};

/** The weights of the score over the signals of a memory; saving writes no file. */
export function memoryScoring(signals: readonly SignalDetail[], now: () => number): Harvester['scoring'] {
  return createScoring({
    clock: { now },
    scoring: liveScoring({ settings: memorySettings, sourceWeights: {} }),
    saveScore: async () => '/home/ann/config.yaml',
    store: { scoredSignals: async () => ({ all: true, signals: signals.map(scored).sort(byRank) }) },
  });
}

/** With the rank that these weights give. */
function scored(signal: SignalDetail): ScoredSignal {
  const input = {
    createdAt: signal.createdAt,
    echoes: signal.echoes,
    engagement: signal.engagement,
    category: signal.category ?? 'other',
    sentiment: sentiments.find((each) => each === signal.sentiment) ?? 'neutral',
    urgency: signal.urgency ?? 0,
    relevance: 1,
  };
  const { rank } = scoreSignal({ ...input, source: 1 }, memorySettings);
  const { id: signalId, source, title, text } = signal;
  return { ...input, signalId, source, title, text, rank };
}

function byRank(a: ScoredSignal, b: ScoredSignal): number {
  return b.rank - a.rank || b.signalId - a.signalId;
}
