import type { Binding } from './key-binding.ts';
import { dashboardBindings } from './key-bindings-dashboard.ts';
import { feedbackBindings } from './key-bindings-feedback.ts';
import { layerBindings } from './key-bindings-layers.ts';
import { logBindings, logPlaces } from './key-bindings-logs.ts';
import { retentionBindings } from './key-bindings-retention.ts';
import { triageBindings } from './key-bindings-triage.ts';
import { type Place, places } from './key-places.ts';

const list: readonly Place[] = ['harvest', 'signals', 'dashboard', 'retention', 'wizard-sources'];
const scrolled: readonly Place[] = [
  ...list,
  'detail',
  'split',
  'diff',
  'weights',
  'diagnostics',
  ...logPlaces,
];
const main: readonly Place[] = [
  'harvest',
  'signals',
  'detail',
  'dashboard',
  'retention',
  'diff',
  ...logPlaces,
];

/** Every key of the program, in the order in which the footer and the overlay show them. */
export const bindings = [
  {
    keys: ['h', 'enter'],
    action: 'start-harvest',
    help: 'harvest all sources now',
    hint: 'harvest',
    places: ['harvest'],
  },
  {
    keys: ['c'],
    action: 'cancel-harvest',
    help: 'cancel the running harvest; what is stored stays',
    hint: 'cancel',
    places: ['harvest'],
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
  ...triageBindings,
  ...dashboardBindings,
  ...retentionBindings,
  ...logBindings,
  { keys: ['ctrl-d'], action: 'half-page-down', help: 'half a page down', places: scrolled },
  { keys: ['ctrl-u'], action: 'half-page-up', help: 'half a page up', places: scrolled },
  { keys: ['pagedown', 'ctrl-f'], action: 'page-down', help: 'a page down', places: scrolled },
  { keys: ['pageup', 'ctrl-b'], action: 'page-up', help: 'a page up', places: scrolled },
  { keys: ['g', 'home'], action: 'go-first', help: 'first row or line', places: scrolled },
  { keys: ['G', 'end'], action: 'go-last', help: 'last row or line', places: scrolled },
  ...layerBindings,
  {
    keys: ['1'],
    action: 'show-harvest',
    help: 'screen 1: harvest',
    hint: 'screens',
    label: '1-5',
    places: main,
  },
  {
    keys: ['2'],
    action: 'show-signals',
    help: 'screen 2: signals',
    places: main,
  },
  {
    keys: ['3'],
    action: 'show-dashboard',
    help: 'screen 3: the dashboard, what was said and how triage keeps up',
    places: main,
  },
  {
    keys: ['4'],
    action: 'show-retention',
    help: 'screen 4: retention, with the snapshots',
    places: main,
  },
  {
    keys: ['5'],
    action: 'show-logs',
    help: 'screen 5: the log and the errors of the program',
    places: main,
  },
  ...feedbackBindings,
  { keys: [':'], action: 'palette', help: 'do anything by its name', hint: 'command', places: main },
  {
    keys: ['?'],
    action: 'help',
    help: 'all keys; type to find one, Enter does it',
    hint: 'keys',
    places: main,
  },
  {
    keys: ['esc'],
    action: 'back',
    help: 'one layer back; never quits the program',
    hint: 'back',
    hintPlaces: [
      'detail',
      'diff',
      'record',
      'split',
      'weights',
      'diagnostics',
      'menu',
      'prompt',
      'search',
      'palette',
    ],
    places: [...main, 'split', 'weights', 'diagnostics', 'menu', 'prompt', 'search', 'palette'],
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
    help: 'back, or quit (asks while something runs)',
    hint: 'quit',
    places: [...main, 'split', 'weights', 'diagnostics'],
    hintPlaces: main,
  },
  {
    keys: ['ctrl-c'],
    action: 'interrupt',
    help: 'cancel what runs; twice quits',
    places,
  },
  {
    keys: ['ctrl-z'],
    action: 'suspend',
    help: 'suspend the program; fg brings it back',
    places,
  },
] as const satisfies readonly Binding[];

/** Everything that a key can do; one name for the key map, the configuration and what carries it out. */
export type Action = (typeof bindings)[number]['action'];

/** Every action once, in the order of the key map. */
export const actions: readonly Action[] = [...new Set(bindings.map(({ action }) => action))];
