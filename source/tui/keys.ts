import type { Key } from 'ink';
import type { KeyName } from '../domain/key-binding.ts';
import { graphemes } from './text/fit-text.ts';

const named = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, KeyName])[];

/**
 * The keys of one call of `useInput`, in the order in which they were pressed.
 * Over a slow line several keys arrive at once ("jj", "2\rj"), and control
 * characters among them come raw.
 */
export function keysOf(input: string, key: Key): KeyName[] {
  if (key.eventType === 'release') return [];
  if (key.escape) return key.meta ? ['esc', 'esc'] : ['esc'];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  for (const [field, name] of named) if (key[field]) return [name];
  if (key.ctrl) return input === '' ? [] : [input === ' ' ? 'ctrl-space' : `ctrl-${input.toLowerCase()}`];
  if (key.meta && input !== '') return [`alt-${nameOf(input)}`];
  return graphemes(input).map(nameOf);
}

/** The name of one typed character. */
function nameOf(character: string): KeyName {
  if (character === ' ') return 'space';
  if (character === '\r' || character === '\n' || character === '\r\n') return 'enter';
  if (character === '\t') return 'tab';
  if (character === '\x1b') return 'esc';
  if (character === '\x7f' || character === '\b') return 'backspace';
  const code = character.charCodeAt(0);
  if (character.length === 1 && code > 0 && code < 27) return `ctrl-${String.fromCharCode(code + 96)}`;
  return character;
}

/** What an unbound alt-x really was: esc and x, pressed faster than the terminal could tell them apart. */
export function splitAlt(name: KeyName): readonly [KeyName, KeyName] | null {
  return name.startsWith('alt-') && name.length > 4 ? ['esc', name.slice(4)] : null;
}

/** The character that a key types into a prompt; null when it types none. */
export function typedBy(name: KeyName): string | null {
  if (name === 'space') return ' ';
  return graphemes(name).length === 1 ? name : null;
}

const symbols: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  enter: 'Enter',
  esc: 'Esc',
  space: 'Space',
  tab: 'Tab',
};

/** A key as a person reads it. */
export function labelOf(name: KeyName): string {
  return symbols[name] ?? name;
}
