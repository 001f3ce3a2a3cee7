import type { KeyName } from '../../domain/key-binding.ts';
import type { Action } from '../../domain/key-bindings.ts';
import { type Place, typed as typedAt } from '../../domain/key-places.ts';
import type { KeyMap, KeyState } from '../key-map.ts';
import { splitAlt, typedBy } from '../keys.ts';
import type { Say } from './messages.ts';

/** Something that keys are sent to. */
export interface KeyTarget {
  readonly keyMap: KeyMap;
  /** Takes a key that has to wait for an answer which the keys before it asked for. */
  holds?(key: KeyName): boolean;
  place(): Place;
  keyState(): KeyState;
  perform(action: Action): void;
  /** A character for the prompt. */
  type(text: string): void;
  /** Pasted text, which is never read as keys. */
  paste(text: string): void;
  readonly say: Say;
}

/** Sends one key where it belongs now. A key that means nothing does nothing; one that is refused says why. */
export function pressKey(target: KeyTarget, key: KeyName): void {
  if (target.holds?.(key) === true) return;
  const place = target.place();
  const meaning = target.keyMap.actionFor(key, place, target.keyState());
  if (meaning?.kind === 'action') target.perform(meaning.action);
  else if (meaning?.kind === 'refused') target.say(meaning.reason);
  else pressUnbound(target, key, place);
}

function pressUnbound(target: KeyTarget, key: KeyName, place: Place): void {
  const typed = typedAt.includes(place) ? typedBy(key) : null;
  if (typed !== null) target.type(typed);
  for (const part of splitAlt(key) ?? []) pressKey(target, part);
}
