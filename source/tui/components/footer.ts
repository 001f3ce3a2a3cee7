import type { Place } from '../../domain/key-places.ts';
import type { BoundKey, KeyMap, KeyState } from '../key-map.ts';
import { labelOf } from '../keys.ts';
import { type Line, span, widthOf } from '../text/spans.ts';

/** The keys that apply now, as many as fit; the ways to help and out always do. */
export function footerLine(keyMap: KeyMap, place: Place, state: KeyState, columns: number): Line {
  const hints = keyMap.hintsAt(place, state);
  const always = hints.filter(isWayOut);
  let room = columns - 1 - always.reduce((sum, hint) => sum + widthOf(hintSpans(hint)), 0);
  const shown = hints.filter((hint) => {
    if (isWayOut(hint)) return true;
    const width = widthOf(hintSpans(hint));
    if (width > room) return false;
    room -= width;
    return true;
  });
  return [span(' '), ...shown.flatMap(hintSpans)];
}

function isWayOut({ action }: BoundKey): boolean {
  return action === 'help' || action === 'quit' || action === 'back' || action === 'answer-no';
}

function hintSpans({ keys, label, hint = '' }: BoundKey): Line {
  return [span(label ?? labelOf(keys[0] ?? ''), 'strong'), span(` ${hint}  `, 'quiet')];
}
