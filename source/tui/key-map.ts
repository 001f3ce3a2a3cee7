import type { Action, KeyState } from './actions.ts';
import type { KeyName } from './keys.ts';
import { type Place, places, prompts } from './places.ts';

/** A key, what it does and how it is explained: one value, so that they cannot drift apart. */
export interface Binding {
  readonly keys: readonly KeyName[];
  readonly action: Action;
  /** One line for the overlay and the README. */
  readonly help: string;
  /** One or two words for the footer; absent when the footer does not show it. */
  readonly hint?: string;
  /** The keys as the footer names them, when not by the first ("j/k"). */
  readonly label?: string;
  readonly places: readonly Place[];
  /** Where the footer shows it; all of `places` when absent. */
  readonly hintPlaces?: readonly Place[];
  /** Why it means nothing now, in words; null when it applies. */
  readonly refuse?: (state: KeyState) => string | null;
}

const everywhere: readonly Place[] = places;
const list: readonly Place[] = ['harvest', 'signals', 'wizard-sources'];
const scrolled: readonly Place[] = [...list, 'detail', 'help'];
const main: readonly Place[] = ['harvest', 'signals', 'detail'];
const triage: readonly Place[] = ['signals', 'detail'];

const needsRow = (state: KeyState) => (state.hasRow ? null : 'no signal is selected');
const needsLink = (state: KeyState) => needsRow(state) ?? (state.hasLink ? null : 'this signal has no link');

/** Every key of the program, in the order in which the footer and the overlay show them. */
export const bindings: readonly Binding[] = [
  {
    keys: ['h', 'enter'],
    action: 'start-harvest',
    help: 'harvest all sources now',
    hint: 'harvest',
    places: ['harvest'],
    refuse: (state) => (state.running ? 'a harvest is already running; c cancels it' : null),
  },
  {
    keys: ['c'],
    action: 'cancel-harvest',
    help: 'cancel the running harvest; what is stored stays',
    hint: 'cancel',
    places: ['harvest'],
    refuse: (state) => (state.running ? null : 'no harvest is running'),
  },
  {
    keys: ['j', 'down'],
    action: 'move-down',
    help: 'one row or line down',
    hint: 'move',
    label: 'j/k',
    places: scrolled,
  },
  { keys: ['k', 'up'], action: 'move-up', help: 'one row or line up', places: scrolled },
  {
    keys: ['enter'],
    action: 'open-detail',
    help: 'the whole signal: text, score, analysis, echoes',
    hint: 'open',
    places: ['signals'],
    refuse: needsRow,
  },
  {
    keys: ['d'],
    action: 'dismiss',
    help: 'dismiss the signal and go to the next',
    hint: 'dismiss',
    places: triage,
    refuse: needsRow,
  },
  {
    keys: ['e'],
    action: 'escalate',
    help: 'escalate the signal and go to the next',
    hint: 'escalate',
    places: triage,
    refuse: needsRow,
  },
  {
    keys: ['i'],
    action: 'to-inbox',
    help: 'put the signal back into the inbox',
    places: triage,
    refuse: needsRow,
  },
  { keys: ['u'], action: 'undo', help: 'take back the last decision', places: triage },
  {
    keys: ['o'],
    action: 'open-link',
    help: 'open the link in the browser',
    hint: 'link',
    places: triage,
    refuse: needsLink,
  },
  {
    keys: ['f'],
    action: 'cycle-filter',
    help: 'next filter: inbox, escalated, dismissed, all',
    hint: 'filter',
    places: ['signals'],
  },
  {
    keys: ['R'],
    action: 'refresh',
    help: 'read again: decided rows leave, new ones appear',
    places: ['signals'],
  },
  {
    keys: [']'],
    action: 'next-undecided',
    help: 'next signal without a decision',
    places: triage,
    refuse: needsRow,
  },
  {
    keys: ['['],
    action: 'previous-undecided',
    help: 'previous signal without a decision',
    places: triage,
    refuse: needsRow,
  },
  { keys: ['right', 'J'], action: 'next-signal', help: 'next signal', hint: 'next', places: ['detail'] },
  { keys: ['left', 'K'], action: 'previous-signal', help: 'previous signal', places: ['detail'] },
  { keys: ['ctrl-d'], action: 'half-page-down', help: 'half a page down', places: scrolled },
  { keys: ['ctrl-u'], action: 'half-page-up', help: 'half a page up', places: scrolled },
  { keys: ['pagedown', 'ctrl-f'], action: 'page-down', help: 'a page down', places: scrolled },
  { keys: ['pageup', 'ctrl-b'], action: 'page-up', help: 'a page up', places: scrolled },
  { keys: ['g', 'home'], action: 'go-first', help: 'first row or line', places: scrolled },
  { keys: ['G', 'end'], action: 'go-last', help: 'last row or line', places: scrolled },

  { keys: ['enter'], action: 'submit', help: 'go on', hint: 'go on', places: ['wizard-topic'] },
  {
    keys: ['enter'],
    action: 'submit',
    help: 'write the configuration',
    hint: 'write config',
    places: ['wizard-sources'],
  },
  { keys: ['enter'], action: 'submit', help: 'add the source', hint: 'add', places: ['wizard-answer'] },
  { keys: ['enter'], action: 'submit', help: 'harvest', hint: 'harvest', places: ['wizard-saved'] },
  {
    keys: ['space'],
    action: 'toggle',
    help: 'keep the source or leave it out',
    hint: 'keep or leave',
    places: ['wizard-sources'],
  },
  {
    keys: ['a'],
    action: 'add-source',
    help: "add a source by its address or a file's path",
    hint: 'add',
    places: ['wizard-sources'],
  },
  {
    keys: ['t'],
    action: 'change-topic',
    help: 'change what is listened for',
    hint: 'topic',
    places: ['wizard-sources'],
  },
  {
    keys: ['tab'],
    action: 'next-question',
    help: 'ask for another kind of source',
    hint: 'other kind',
    places: ['wizard-answer'],
  },
  {
    keys: ['backspace', 'ctrl-h'],
    action: 'erase-back',
    help: 'erase the character before the cursor',
    places: prompts,
  },
  {
    keys: ['delete'],
    action: 'erase-forward',
    help: 'erase the character under the cursor',
    places: prompts,
  },
  { keys: ['ctrl-u'], action: 'erase-line', help: 'erase everything before the cursor', places: prompts },
  { keys: ['ctrl-w'], action: 'erase-word', help: 'erase the word before the cursor', places: prompts },
  { keys: ['left'], action: 'cursor-left', help: 'cursor left', places: prompts },
  { keys: ['right'], action: 'cursor-right', help: 'cursor right', places: prompts },
  { keys: ['home', 'ctrl-a'], action: 'cursor-start', help: 'cursor to the start', places: prompts },
  { keys: ['end', 'ctrl-e'], action: 'cursor-end', help: 'cursor to the end', places: prompts },

  { keys: ['y'], action: 'answer-yes', help: 'yes', hint: 'yes', places: ['question'] },
  { keys: ['n', 'enter', 'q', 'esc'], action: 'answer-no', help: 'no', hint: 'no', places: ['question'] },

  {
    keys: ['1'],
    action: 'show-harvest',
    help: 'screen 1: harvest',
    hint: 'harvest',
    places: main,
    hintPlaces: ['signals'],
  },
  {
    keys: ['2'],
    action: 'show-signals',
    help: 'screen 2: signals',
    hint: 'signals',
    places: main,
    hintPlaces: ['harvest'],
  },
  {
    keys: ['?'],
    action: 'help',
    help: 'all keys',
    hint: 'keys',
    places: [...main, 'help'],
  },
  {
    keys: ['esc'],
    action: 'back',
    help: 'one layer back; never quits the program',
    hint: 'back',
    hintPlaces: ['detail', 'help'],
    places: [...main, 'help'],
  },
  {
    keys: ['esc'],
    action: 'back',
    help: 'leave; nothing has been written',
    hint: 'leave',
    places: ['wizard-topic', 'wizard-sources'],
  },
  { keys: ['esc'], action: 'back', help: 'back to the sources', hint: 'back', places: ['wizard-answer'] },
  { keys: ['esc'], action: 'back', help: 'go on', places: ['wizard-saved'] },
  {
    keys: ['q'],
    action: 'quit',
    help: 'back, or quit (asks while a harvest is running)',
    hint: 'quit',
    places: [...main, 'help'],
  },
  { keys: ['ctrl-c'], action: 'interrupt', help: 'cancel the harvest; twice quits', places: everywhere },
  { keys: ['ctrl-z'], action: 'suspend', help: 'suspend the program; fg brings it back', places: everywhere },
];

export type KeyMeaning =
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'refused'; readonly reason: string };

/** What a key means at a place; null when it is not bound there. */
export function actionFor(key: KeyName, place: Place, state: KeyState): KeyMeaning | null {
  const binding = bindingsAt(place).find(({ keys }) => keys.includes(key));
  if (binding === undefined) return null;
  const reason = binding.refuse?.(state) ?? null;
  return reason === null ? { kind: 'action', action: binding.action } : { kind: 'refused', reason };
}

const byPlace = new Map<Place, readonly Binding[]>(
  places.map((place) => [place, bindings.filter((binding) => binding.places.includes(place))]),
);

export function bindingsAt(place: Place): readonly Binding[] {
  return byPlace.get(place) ?? [];
}

/** The bindings that the footer offers: those with a hint that apply now. */
export function hintsAt(place: Place, state: KeyState): readonly Binding[] {
  return bindingsAt(place).filter(
    ({ hint, hintPlaces, refuse }) =>
      hint !== undefined && (hintPlaces ?? places).includes(place) && (refuse?.(state) ?? null) === null,
  );
}
