import type { ScoreSettings } from '../../../source/domain/score.ts';
import { rankForSalience } from '../../../source/domain/score.ts';
import type { SignalDetail } from '../../../source/domain/signal.ts';
import { categoryBoosts, defaultTaxonomy } from '../../../source/domain/taxonomy.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';
import { createScoring, liveScoring } from '../../../source/harvester/scoring.ts';

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
    store: {
      scoredSignals: async () => ({
        all: true,
        signals: signals.map((signal) => ({
          signalId: signal.id,
          source: signal.source,
          createdAt: signal.createdAt,
          echoes: signal.echoes,
          engagement: signal.engagement,
          category: signal.category ?? 'other',
          sentiment: signal.sentiment ?? 'neutral',
          urgency: signal.urgency ?? 0,
          rank: rankForSalience(signal.salience ?? 1, now(), memorySettings),
          relevance: 1,
          title: signal.title,
          text: signal.text,
        })),
      }),
    },
  });
}
