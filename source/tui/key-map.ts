import type { Binding, KeyName } from '../domain/key-binding.ts';
import { type Action, bindings as defaults } from '../domain/key-bindings.ts';
import { chooseKeys, type KeyChoices } from '../domain/key-choices.ts';
import { type Place, places } from '../domain/key-places.ts';

/** What decides whether a key means something now. */
export interface KeyState {
  readonly running: boolean;
  /** The list has a row under the cursor. */
  readonly hasRow: boolean;
  /** That row leads somewhere. */
  readonly hasLink: boolean;
  /** Signals that are marked; any number above 1 when the count is not known. */
  readonly marked: number;
  /** Echoes of the signal under the cursor. */
  readonly echoes: number;
  /** The list shows what a search found. */
  readonly searching: boolean;
  /** What is being done with snapshots, in words; null when nothing is. */
  readonly job: string | null;
  /** That exchanges the store, so nothing else may be done meanwhile. */
  readonly exclusive: boolean;
  readonly snapshots: number;
  /** Signals that have had their time; null while nobody knows. */
  readonly dueSignals: number | null;
}

export const noKeyState: KeyState = {
  running: false,
  hasRow: false,
  hasLink: false,
  marked: 0,
  echoes: 0,
  searching: false,
  job: null,
  exclusive: false,
  snapshots: 0,
  dueSignals: null,
};

/** A binding of the program, with an action that it has. */
export type BoundKey = Binding & { readonly action: Action };

export type KeyMeaning =
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'refused'; readonly reason: string };

type Refusal = (state: KeyState) => string | null;

const needsRow: Refusal = ({ hasRow, marked }) => (hasRow || marked > 0 ? null : 'no signal is selected');
const needsSearch: Refusal = (state) =>
  state.searching ? needsRow(state) : 'nothing is searched for: / searches';
const needsLink: Refusal = (state) => needsRow(state) ?? (state.hasLink ? null : 'this signal has no link');

const needsRest: Refusal = ({ job }) => (job === null ? null : `${job} comes first; esc cancels it`);
const needsSnapshot: Refusal = (state) =>
  needsRest(state) ?? (state.snapshots > 0 ? null : 'there is no snapshot yet: n makes one');
const needsStore: Refusal = ({ job, exclusive }) => (exclusive ? `${job} comes first; esc cancels it` : null);

/** Why an action means nothing now, in words. */
const refusals: Partial<Readonly<Record<Action, Refusal>>> = {
  'start-harvest': (state) =>
    state.running ? 'a harvest is already running; c cancels it' : needsStore(state),
  'show-harvest': needsStore,
  'show-signals': needsStore,
  'show-dashboard': needsStore,
  feedback: needsStore,
  'show-logs': needsStore,
  'cancel-harvest': ({ running }) => (running ? null : 'no harvest is running'),
  'open-detail': needsRow,
  dismiss: needsRow,
  escalate: needsRow,
  resolve: needsRow,
  'to-inbox': needsRow,
  snooze: needsRow,
  assign: needsRow,
  tag: needsRow,
  correct: needsRow,
  urgency: needsRow,
  note: needsRow,
  repeat: needsRow,
  mark: needsRow,
  'mark-range': needsRow,
  'mark-all': needsRow,
  merge: (state) =>
    needsRow(state) ?? (state.marked > 0 ? null : 'mark the signals first that are to join this one (space)'),
  split: (state) => needsRow(state) ?? (state.echoes > 0 ? null : 'this signal has no echoes to split off'),
  'open-link': needsLink,
  'copy-link': needsRow,
  'copy-text': needsRow,
  export: needsRow,
  'next-hit': needsSearch,
  'previous-hit': needsSearch,
  'next-undecided': needsRow,
  'previous-undecided': needsRow,
  'cancel-job': ({ job }) => (job === null ? 'nothing is running here' : null),
  'create-snapshot': needsRest,
  'verify-snapshot': needsSnapshot,
  'verify-all': needsSnapshot,
  'diff-snapshot': needsSnapshot,
  'remove-snapshot': needsSnapshot,
  'tag-snapshot': needsSnapshot,
  'restore-snapshot': (state) =>
    needsSnapshot(state) ?? (state.running ? 'a harvest is running: restore when it has ended' : null),
  'apply-rules': needsSnapshot,
  'remove-signals': (state) => {
    if (state.dueSignals === null) return needsRest(state) ?? 'the signals are still being counted';
    return needsRest(state) ?? (state.dueSignals > 0 ? null : 'no signal has had its time');
  },
};

/** The keys of the program as this person has them. */
export class KeyMap {
  readonly bindings: readonly BoundKey[];
  readonly #byPlace: ReadonlyMap<Place, readonly BoundKey[]>;

  constructor(choices: KeyChoices = {}) {
    this.bindings =
      Object.keys(choices).length === 0 ? (defaults as readonly BoundKey[]) : chooseKeys(choices);
    this.#byPlace = new Map(
      places.map((place) => [place, this.bindings.filter((binding) => binding.places.includes(place))]),
    );
  }

  /** What a key means at a place; null when it is not bound there. */
  actionFor(key: KeyName, place: Place, state: KeyState): KeyMeaning | null {
    const binding = this.at(place).find(({ keys }) => keys.includes(key));
    if (binding === undefined) return null;
    const reason = refusalOf(binding.action, state);
    return reason === null ? { kind: 'action', action: binding.action } : { kind: 'refused', reason };
  }

  at(place: Place): readonly BoundKey[] {
    return this.#byPlace.get(place) ?? [];
  }

  /** The bindings that the footer offers: those with a hint that have a key and apply now. */
  hintsAt(place: Place, state: KeyState): readonly BoundKey[] {
    return this.at(place).filter(
      ({ hint, hintPlaces, action, keys }) =>
        hint !== undefined &&
        keys.length > 0 &&
        (hintPlaces ?? places).includes(place) &&
        refusalOf(action, state) === null,
    );
  }
}

export const defaultKeyMap = new KeyMap();

export function refusalOf(action: Action, state: KeyState): string | null {
  return refusals[action]?.(state) ?? null;
}
