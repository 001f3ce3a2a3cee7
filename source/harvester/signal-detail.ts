import { explainScore } from '../domain/explain.ts';
import { salienceAt } from '../domain/score.ts';
import type { SignalDetail } from '../domain/signal.ts';
import type { Relevance } from '../pipeline/relevance.ts';
import type { ScoreRules } from '../pipeline/score.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';

const msPerHour = 3_600_000;

export interface SignalDetailParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly scoring: ScoreRules;
  readonly relevance: Relevance;
}

/** Reads a signal with its posts, notes and journal, and says what its score is made of. */
export function createSignalDetail({ store, clock, scoring, relevance }: SignalDetailParts) {
  return async (id: number): Promise<SignalDetail | null> => {
    const stored = await store.signal(id);
    if (stored === null) return null;
    const salience = stored.rank === null ? null : salienceAt(stored.rank, clock.now(), scoring.settings);
    const lead = stored.posts[0];
    const words = (stored.factors?.relevance ?? 1) === 1 ? null : await relevance.wordsOf(id);
    const explanation =
      stored.factors === null || salience === null
        ? null
        : explainScore({
            ...stored,
            factors: stored.factors,
            salience,
            relevanceWords: words,
            ageHours: Math.max(0, clock.now() - stored.createdAt) / msPerHour,
          });
    return {
      ...stored,
      salience,
      lang: lead?.lang ?? null,
      engagement: totalEngagement(stored.posts),
      parentUrl: lead?.parentUrl ?? null,
      parentText: lead?.parentText ?? null,
      explanation,
    };
  };
}

function totalEngagement(posts: SignalDetail['posts']): SignalDetail['engagement'] {
  const total = (count: 'likes' | 'reposts' | 'replies' | 'quotes') =>
    posts.reduce((sum, { engagement }) => sum + engagement[count], 0);
  return {
    likes: total('likes'),
    reposts: total('reposts'),
    replies: total('replies'),
    quotes: total('quotes'),
  };
}
