import type { KeyState } from '../actions.ts';
import { type Binding, hintsAt } from '../key-map.ts';
import { labelOf } from '../keys.ts';
import type { Place } from '../places.ts';
import { type Line, span, widthOf } from '../text/spans.ts';

/** The keys that apply now, as many as fit; the ways to help and out always do. */
export function footerLine(place: Place, state: KeyState, columns: number): Line {
  const hints = hintsAt(place, state);
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

function isWayOut({ action }: Binding): boolean {
  return action === 'help' || action === 'quit' || action === 'back' || action === 'answer-no';
}

function hintSpans({ keys, label, hint = '' }: Binding): Line {
  return [span(label ?? labelOf(keys[0] ?? ''), 'strong'), span(` ${hint}  `, 'quiet')];
}
