import { type Score, type ScoreInput, type ScoreSettings, salienceAt, scoreSignal } from './score.ts';

/** A scored signal: all that its score is made of, and the rank that it has. */
export interface PreviewedSignal extends ScoreInput {
  readonly signalId: number;
  readonly rank: number;
}

/** Where a signal would stand. */
export interface PreviewPlace {
  readonly signalId: number;
  /** 1 is the first of the list. */
  readonly place: number;
  /** Where it stands now; null when that is beyond what was counted. */
  readonly placeBefore: number | null;
  /** 0–cap, now. */
  readonly salience: number;
  readonly salienceBefore: number;
}

export interface PreviewOrder {
  /** The first of the new order, best first. */
  readonly top: readonly PreviewPlace[];
  /** Those of the present first that are not among the new first, in the present order. */
  readonly left: readonly PreviewPlace[];
}

/**
 * The order that other settings would give, beside the present one. Pure.
 *
 * @param signals in the present order
 * @param counted so many of them are the first of the list; the present place of later ones is not known
 */
export function previewOrder(
  signals: readonly PreviewedSignal[],
  settings: { readonly before: ScoreSettings; readonly after: ScoreSettings },
  { now, limit, counted }: { readonly now: number; readonly limit: number; readonly counted: number },
): PreviewOrder {
  const scored = signals.map((signal, index) => ({ signal, index, ...rankOf(signal, settings.after) }));
  // Ties as in the list: the signal that was opened last comes first.
  scored.sort((a, b) => b.rank - a.rank || b.signal.signalId - a.signal.signalId);
  const placed = scored.map(
    ({ signal, index, rank }, at): PreviewPlace => ({
      signalId: signal.signalId,
      place: at + 1,
      placeBefore: index < counted ? index + 1 : null,
      salience: salienceAt(rank, now, settings.after),
      salienceBefore: salienceAt(signal.rank, now, settings.before),
    }),
  );
  const left = placed
    .slice(limit)
    .filter(({ placeBefore }) => placeBefore !== null && placeBefore <= limit)
    .sort((a, b) => (a.placeBefore ?? 0) - (b.placeBefore ?? 0));
  return { top: placed.slice(0, limit), left };
}

function rankOf(signal: PreviewedSignal, settings: ScoreSettings): Pick<Score, 'rank'> {
  return scoreSignal(signal, settings);
}
