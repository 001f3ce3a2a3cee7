import type { Exclude } from '../domain/exclude.ts';
import type { RunProgress, StageName } from '../domain/run.ts';
import type { SpendCaps } from '../domain/spend.ts';
import type { Clock } from '../ports/clock.ts';
import type { Flags } from '../ports/flags.ts';
import type { PipelineStore } from '../ports/pipeline-store.ts';
import type { Source } from '../ports/source.ts';
import type { Timings } from '../ports/timings.ts';
import type { AnalysisChain } from './analyze.ts';
import type { GroupSettings } from './group.ts';
import type { NotifyReport } from './notify.ts';
import type { Relevance } from './relevance.ts';
import type { ScoreRules } from './score.ts';

/** What a run is made of. */
export interface HarvestParts {
  readonly store: PipelineStore;
  readonly clock: Clock;
  readonly chain: AnalysisChain;
  /** As they stood when the run began. */
  readonly flags: Flags;
  readonly grouping: GroupSettings;
  readonly scoring: ScoreRules;
  /** Learned from the analyst; without it every signal is as relevant as another. */
  readonly relevance?: Relevance;
  /** Sources fetched at the same time. */
  readonly concurrency: number;
  readonly maxPostsPerSource: number;
  /** What of a source's posts is left out. */
  excludeFor(source: string): Exclude;
  readonly spendCaps: SpendCaps;
  /** Told how long each batch takes; absent where nobody asks. */
  readonly timings?: Timings;
  /** The last stage; absent where nobody is to be told. */
  readonly notify?:
    | ((watch: {
        readonly signal: AbortSignal;
        readonly onWarning: (warning: string) => void;
        readonly onProgress: (done: number, total: number) => void;
      }) => Promise<NotifyReport>)
    | undefined;
}

export interface HarvestRequest {
  readonly sources: readonly Source[];
  readonly stages: readonly StageName[];
  readonly rescore: boolean;
  /** A backfill: every source reads from this time on. Milliseconds, UTC. */
  readonly since?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
}
