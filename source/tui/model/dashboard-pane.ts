import type { Insight, Span, Trend } from '../../domain/insight.ts';
import { type InsightTerm, narrowSearch } from '../../domain/insight-search.ts';
import type { SourceHealth } from '../../harvester/harvester.ts';
import type { Tone } from '../theme.ts';
import type { DashboardTimings } from './dashboard-timings.ts';

export const paneIds = [
  'volume',
  'days',
  'categories',
  'sentiment',
  'spikes',
  'terms',
  'sources',
  'authors',
  'tags',
  'triage',
  'health',
  'spend',
  'timings',
] as const;
export type PaneId = (typeof paneIds)[number];

/** A line of a pane. Each has a search for the signals behind it; null where there are none. */
export type PaneRow =
  /** Counts over time; a column of it can be selected too. */
  | {
      readonly kind: 'time';
      readonly label: string;
      readonly trend: Trend;
      readonly shade: 'spark' | 'heat';
      /** What narrows the search beside the time. */
      readonly terms: readonly InsightTerm[];
      /** Where spikes are marked. */
      readonly marks: readonly Span[];
      readonly search: string;
    }
  /** A count beside others of its kind. */
  | {
      readonly kind: 'count';
      readonly label: string;
      readonly count: number;
      /** The largest of its kind. */
      readonly most: number;
      readonly before: number | null;
      readonly search: string;
    }
  | {
      readonly kind: 'words';
      readonly label: string;
      readonly value: string;
      readonly tone: Tone;
      readonly search: string | null;
    };

export interface Pane {
  readonly id: PaneId;
  readonly title: string;
  readonly rows: readonly PaneRow[];
  /** What stands there while there are no rows. */
  readonly empty: string;
}

export interface DashboardFigures {
  readonly insight: Insight;
  readonly sources: readonly SourceHealth[];
  readonly timings: DashboardTimings;
  /** The search of the view. */
  readonly search: string;
  readonly now: number;
}

/** Counts over time, with the search for them. */
export function timeRow(
  { insight, search }: DashboardFigures,
  label: string,
  trend: Trend,
  terms: readonly InsightTerm[] = [],
  { shade = 'spark', marks = [] }: { shade?: 'spark' | 'heat'; marks?: readonly Span[] } = {},
): PaneRow {
  const own = narrowSearch(search, terms, insight.span);
  return { kind: 'time', label, trend, shade, terms, marks, search: own };
}
