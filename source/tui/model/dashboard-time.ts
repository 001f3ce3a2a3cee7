import type { Insight, Span } from '../../domain/insight.ts';

/** A stretch of the window that is drawn as one column: one bucket or some in a row. */
export interface TimeColumn extends Span {
  readonly first: number;
  /** Excluded. */
  readonly last: number;
}

/** Columns of time in a width: how many, and how many cells each has. */
export interface TimeScale {
  readonly columns: readonly TimeColumn[];
  readonly cells: number;
}

/** So many hours make columns that do not straddle days. */
const hourGroups = [1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 96];
const mostCells = 4;

/** The buckets of an insight in at most `width` cells: put together where there are too many, widened where there are few. */
export function timeScale({ bucketStarts, bucket, span }: Insight, width: number): TimeScale {
  const least = Math.max(1, Math.ceil(bucketStarts.length / Math.max(1, width)));
  const size = bucket === 'hour' ? (hourGroups.find((each) => each >= least) ?? least) : least;
  const columns: TimeColumn[] = [];
  for (let first = 0; first < bucketStarts.length; first += size) {
    const last = Math.min(bucketStarts.length, first + size);
    columns.push({
      first,
      last,
      since: bucketStarts[first] ?? span.since,
      until: bucketStarts[last] ?? span.until,
    });
  }
  return {
    columns,
    cells: Math.max(1, Math.min(mostCells, Math.floor(width / Math.max(1, columns.length)))),
  };
}

/** Counts by bucket as counts by column. */
export function byColumn(buckets: readonly number[], { columns }: TimeScale): readonly number[] {
  return columns.map(({ first, last }) => buckets.slice(first, last).reduce((sum, count) => sum + count, 0));
}

/** Which column a time lies in; null when in none. */
export function columnAt({ columns }: TimeScale, at: number): number | null {
  const index = columns.findIndex(({ since, until }) => at >= since && at < until);
  return index < 0 ? null : index;
}
