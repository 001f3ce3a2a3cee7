import { sentiments } from '../domain/analysis.ts';
import type { ScoreSettings } from '../domain/score.ts';
import { type PreviewedSignal, type PreviewPlace, previewOrder } from '../domain/score-preview.ts';
import {
  changeScoreSettings,
  effectiveChange,
  findChangeProblem,
  listScoreSettings,
  reverseChange,
  type ScoreChange,
  type ScoreSetting,
} from '../domain/score-settings.ts';
import { UserError } from '../errors.ts';
import type { ScoreRules } from '../pipeline/score.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeskStore } from '../ports/desk-store.ts';
import type { ScoredSignal } from '../ports/pipeline-store.ts';

export interface PreviewRow extends PreviewPlace {
  readonly title: string | null;
  /** The beginning of it. */
  readonly text: string;
  readonly category: string;
  readonly source: string;
  /** Milliseconds, UTC. */
  readonly createdAt: number;
}

/** What other weights would make of the inbox. Nothing is written. */
export interface ScoringPreview {
  /** The first of the new order. */
  readonly top: readonly PreviewRow[];
  /** Those of the present first that would no longer be among them, in the present order. */
  readonly left: readonly PreviewRow[];
  /** Signals that were looked at, and whether they are the whole inbox. */
  readonly lookedAt: number;
  readonly all: boolean;
}

export interface SavedScoring {
  /** The configuration file that was changed. */
  readonly path: string;
  /** What was changed, with the values before and after. */
  readonly before: ScoreChange;
  readonly after: ScoreChange;
}

/** The weights of the score. */
export interface Scoring {
  /** Every setting that can be changed, with its present value. */
  settings(): Promise<readonly ScoreSetting[]>;
  /**
   * The first `limit` of the inbox with other weights. Relevance and sources
   * count as they do now. What is looked at is read once and kept for some
   * minutes; `refresh` reads it anew.
   *
   * @throws UserError `invalid-setting`
   */
  preview(
    change: ScoreChange,
    options: { readonly limit: number; readonly refresh?: boolean },
  ): Promise<ScoringPreview>;
  /**
   * Writes the change to the configuration file; this program goes by it from
   * then on. Stored scores follow with the next run that scores.
   *
   * @throws UserError `invalid-setting`, `no-change`, `no-config`, `setting-overridden`, `config-…`
   */
  save(change: ScoreChange): Promise<SavedScoring>;
  /** Goes by these settings, which another thread has saved. */
  adopt(settings: ScoreSettings): Promise<void>;
}

export interface ScoringParts {
  readonly store: Pick<DeskStore, 'scoredSignals'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly scoring: LiveScoring;
  /** Writes to the configuration file and returns its path. */
  saveScore(change: ScoreChange): Promise<string>;
}

/** The rules by which everything is scored: whoever holds them sees a change at once. */
export interface LiveScoring extends ScoreRules {
  readonly settings: ScoreSettings;
  adopt(settings: ScoreSettings): void;
}

export function liveScoring({ settings, sourceWeights }: ScoreRules): LiveScoring {
  const live = {
    settings,
    sourceWeights,
    adopt: (changed: ScoreSettings) => {
      live.settings = changed;
    },
  };
  return live;
}

/** The first of the inbox that are looked at for certain. */
const mostLookedAt = 2000;
const keptForMs = 5 * 60_000;

interface Looked {
  readonly readAt: number;
  readonly byId: ReadonlyMap<number, ScoredSignal>;
  readonly inputs: readonly PreviewedSignal[];
  readonly all: boolean;
}

export function createScoring({ store, clock, scoring, saveScore }: ScoringParts): Scoring {
  let looked: Looked | null = null;

  const look = async (): Promise<Looked> => {
    const categories = Object.keys(scoring.settings.categories);
    const { signals, all } = await store.scoredSignals(mostLookedAt, categories);
    const inputs = signals.map((signal) => ({
      ...signal,
      sentiment: sentiments.find((each) => each === signal.sentiment) ?? 'neutral',
      source: scoring.sourceWeights[signal.source] ?? 1,
    }));
    return {
      readAt: clock.now(),
      byId: new Map(signals.map((signal) => [signal.signalId, signal])),
      inputs,
      all,
    };
  };

  return {
    settings: async () => listScoreSettings(scoring.settings),
    preview: async (change, { limit, refresh = false }) => {
      refuse(scoring.settings, change);
      const now = clock.now();
      if (refresh || looked === null || now - looked.readAt > keptForMs) looked = await look();
      const { inputs, byId, all } = looked;
      const settings = { before: scoring.settings, after: changeScoreSettings(scoring.settings, change) };
      const counted = all ? inputs.length : Math.min(inputs.length, mostLookedAt);
      const { top, left } = previewOrder(inputs, settings, { now, limit, counted });
      const rowOf = (place: PreviewPlace): PreviewRow => {
        const signal = byId.get(place.signalId);
        if (signal === undefined) throw new Error(`signal ${place.signalId} was placed but not looked at`);
        const { title, text, category, source, createdAt } = signal;
        return { ...place, title, text, category, source, createdAt };
      };
      return { top: top.map(rowOf), left: left.map(rowOf), lookedAt: inputs.length, all };
    },
    save: async (change) => {
      refuse(scoring.settings, change);
      const { settings } = scoring;
      const after = effectiveChange(settings, change);
      if (Object.keys(after).length === 0) {
        throw new UserError('no-change', 'That is what the weights are already.', {
          fix: 'Give at least one of them another value.',
        });
      }
      const before = reverseChange(settings, after);
      const path = await saveScore(after);
      scoring.adopt(changeScoreSettings(settings, after));
      looked = null;
      return { path, before, after };
    },
    adopt: async (settings) => {
      scoring.adopt(settings);
      looked = null;
    },
  };
}

function refuse(settings: ScoreSettings, change: ScoreChange): void {
  const problem = findChangeProblem(settings, change);
  if (problem === null) return;
  throw new UserError('invalid-setting', problem.message, { fix: problem.fix });
}
