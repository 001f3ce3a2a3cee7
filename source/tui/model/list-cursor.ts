/** Where a list stands: the selected row and the first row on screen. */
export interface ListCursor {
  readonly index: number;
  readonly top: number;
}

/** The cursor on `index` (clamped), scrolled as little as needed to show it within `height` rows. */
export function moveTo(cursor: ListCursor, index: number, rows: number, height: number): ListCursor {
  const last = Math.max(0, rows - 1);
  const bounded = Math.min(last, Math.max(0, index));
  const room = Math.max(1, height);
  const lowest = Math.max(0, rows - room);
  const top = Math.min(Math.max(cursor.top, bounded - room + 1, 0), bounded, Math.max(lowest, 0));
  return bounded === cursor.index && top === cursor.top ? cursor : { index: bounded, top };
}

/** Rows that a motion goes; positive is down. `Infinity` goes to the end. */
export function stepOf(motion: Motion, height: number): number {
  const page = Math.max(1, height - 1);
  const half = Math.max(1, Math.floor(height / 2));
  const steps: Readonly<Record<Motion, number>> = {
    'move-down': 1,
    'move-up': -1,
    'half-page-down': half,
    'half-page-up': -half,
    'page-down': page,
    'page-up': -page,
    'go-first': Number.NEGATIVE_INFINITY,
    'go-last': Number.POSITIVE_INFINITY,
  };
  return steps[motion];
}

export const motions = [
  'move-down',
  'move-up',
  'half-page-down',
  'half-page-up',
  'page-down',
  'page-up',
  'go-first',
  'go-last',
] as const;

export type Motion = (typeof motions)[number];
