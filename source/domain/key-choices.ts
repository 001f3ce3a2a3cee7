import type { Binding, KeyName } from './key-binding.ts';
import { type Action, actions, bindings } from './key-bindings.ts';
import { prompts } from './key-places.ts';

/** Keys of a person's own, by action; they replace those that an action has. */
export type KeyChoices = Readonly<Record<string, readonly KeyName[]>>;

/** Something that is wrong with chosen keys. */
export interface KeyProblem {
  /** As it was written. */
  readonly action: string;
  readonly kind: 'unknown-action' | 'unknown-key' | 'conflict' | 'typed' | 'needed';
  /** The key at fault; null when it is none. */
  readonly key: KeyName | null;
  readonly message: string;
}

export const keyNames = [
  'enter',
  'esc',
  'space',
  'tab',
  'shift-tab',
  'backspace',
  'delete',
  'up',
  'down',
  'left',
  'right',
  'pageup',
  'pagedown',
  'home',
  'end',
] as const;

const named: ReadonlySet<string> = new Set(keyNames);

/** Without these a layer, or the program, could not be left. */
const needed: readonly Action[] = ['answer-yes', 'answer-no', 'back', 'interrupt', 'submit', 'quit'];

/** The key map with the choices laid over it; actions that are not named keep their keys. */
export function chooseKeys(choices: KeyChoices): readonly (Binding & { readonly action: Action })[] {
  return bindings.map((binding: Binding & { readonly action: Action }) => {
    const keys = Object.hasOwn(choices, binding.action) ? choices[binding.action] : undefined;
    if (keys === undefined) return binding;
    const { label: _, ...rest } = binding;
    // A motion of the lists may have a letter of one's own; where text is typed it keeps its other keys.
    const usable = isPromptOnly(binding) ? keys.filter((key) => !typesText(key)) : keys;
    return { ...rest, keys: usable.length === 0 && keys.length > 0 ? binding.keys : usable };
  });
}

/** Everything that is wrong with the choices; empty when they can be used. */
export function checkKeys(choices: KeyChoices): readonly KeyProblem[] {
  const problems: KeyProblem[] = [];
  for (const [action, keys] of Object.entries(choices)) {
    if (!(actions as readonly string[]).includes(action)) {
      problems.push({ action, kind: 'unknown-action', key: null, message: `there is no action ${action}` });
      continue;
    }
    if (keys.length === 0 && (needed as readonly string[]).includes(action)) {
      const message = `${action} needs a key: without one there would be no way out`;
      problems.push({ action, kind: 'needed', key: null, message });
    }
    for (const key of keys.filter((each) => !isKey(each))) {
      const message = `"${key}" is no key; a key is one character, ctrl-x, alt-x or one of ${keyNames.join(', ')}`;
      problems.push({ action, kind: 'unknown-key', key, message });
    }
  }
  return problems.length > 0 ? problems : findClashes(choices);
}

/** Keys that would do two things at one place, or that a prompt would take for text. */
function findClashes(choices: KeyChoices): readonly KeyProblem[] {
  const problems = new Map<string, KeyProblem>();
  const owners = new Map<string, string>();
  for (const { keys, action, places } of chooseKeys(choices)) {
    for (const key of keys) {
      // The wizard keeps its usual keys.
      for (const place of places.filter((each) => !each.startsWith('wizard-'))) {
        const spot = `${place} ${key}`;
        const other = owners.get(spot);
        owners.set(spot, action);
        if (other !== undefined && other !== action) {
          const chosen = Object.hasOwn(choices, action) ? action : other;
          const message = `${key} is both ${other} and ${action} (at: ${place}); give one of them another key`;
          const known = `${[other, action].sort().join(' ')} ${key}`;
          if (!problems.has(known)) problems.set(known, { action: chosen, kind: 'conflict', key, message });
        }
        if (prompts.includes(place) && typesText(key) && Object.hasOwn(choices, action)) {
          const message = `${key} types a character at: ${place}, so ${action} cannot have it`;
          problems.set(`${action} ${key}`, { action, kind: 'typed', key, message });
        }
      }
    }
  }
  for (const action of Object.keys(choices)) {
    const own = bindings.filter((binding) => binding.action === action);
    const typed = choices[action]?.find(typesText);
    if (typed === undefined || !own.every(isPromptOnly)) continue;
    const message = `${typed} types a character where ${action} works, so ${action} cannot have it`;
    problems.set(`${action} ${typed}`, { action, kind: 'typed', key: typed, message });
  }
  return [...problems.values()];
}

function isPromptOnly({ places }: Binding): boolean {
  return places.every((place) => prompts.includes(place));
}

function isKey(key: KeyName): boolean {
  if (named.has(key)) return true;
  const bare = key.replace(/^(?:ctrl|alt)-(?=.)/, '');
  return (
    bare !== ' ' &&
    (bare === key || bare === 'space' || isCharacter(bare)) &&
    (bare !== key || isCharacter(key))
  );
}

function typesText(key: KeyName): boolean {
  return key === 'space' || (!named.has(key) && isCharacter(key));
}

function isCharacter(text: string): boolean {
  if (text.trim() === '') return false;
  // A segmenter takes as long to make as everything else in this file together, and most keys are one letter.
  if (text.length === 1) return true;
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length === 1;
}
