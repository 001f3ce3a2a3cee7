import { type ListCursor, moveTo } from './list-cursor.ts';
import type { SignalWindow } from './signal-window.ts';

/**
 * Where the cursor stands in a list that was read again: on the same signal,
 * or else on the nearest one below that is still there, or above; on the same
 * line of the screen. From the top of the list it scrolls up to what is new.
 */
export function followCursor(
  old: SignalWindow,
  cursor: ListCursor,
  window: SignalWindow,
  height: number,
): ListCursor {
  const line = cursor.index - cursor.top;
  const below = old.rows.slice(cursor.index);
  const above = old.rows.slice(0, cursor.index).reverse();
  const indexes = new Map(window.rows.map((row, index) => [row.id, index]));
  for (const row of [...below, ...above]) {
    const index = indexes.get(row.id);
    if (index === undefined) continue;
    const top = cursor.index === 0 ? 0 : Math.max(0, index - line);
    return moveTo({ index, top }, index, window.rows.length, height);
  }
  return { index: 0, top: 0 };
}
