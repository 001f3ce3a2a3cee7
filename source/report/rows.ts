import type { Insight, Leader } from '../domain/insight.ts';
import { formatChange, formatShare, hasPast } from './figures.ts';

type Row = readonly [name: string, ...figures: (string | number)[]];

/** A table before it is drawn: its heads, and rows that begin with a name. */
export interface NamedRows {
  readonly heads: readonly string[];
  readonly rows: readonly Row[];
}

/** How many signals each category has, and how that changed. */
export function categoryRows(insight: Insight): NamedRows {
  const compares = hasPast(insight);
  const shown = insight.categories.filter(({ total, before }) => total > 0 || before > 0);
  return {
    heads: ['Category', 'New signals', 'Share', ...(compares ? ['Before', 'Change'] : [])],
    rows: shown.map(({ category, total, before }) => [
      category,
      total,
      formatShare(insight.signals.total === 0 ? 0 : total / insight.signals.total),
      ...(compares ? [before, formatChange(total, before)] : []),
    ]),
  };
}

/** What is counted by name. */
export function leaderRows(insight: Insight, head: string, leaders: readonly Leader[]): NamedRows {
  const compares = hasPast(insight);
  return {
    heads: [head, 'Signals', ...(compares ? ['Before', 'Change'] : [])],
    rows: leaders.map(({ name, count, before }) => [
      name,
      count,
      ...(compares ? [before, formatChange(count, before)] : []),
    ]),
  };
}
