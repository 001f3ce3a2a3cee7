import { dashboardBindings } from './key-bindings-dashboard.ts';
import { type Place, places, prompts } from './key-places.ts';

/** `j`, `G`, `space`, `enter`, `esc`, `up`, `ctrl-d`, `alt-x` … or any typed character. */
export type KeyName = string;

/** A key, what it does and how it is explained: one value, so that they cannot drift apart. */
export interface Binding {
  readonly keys: readonly KeyName[];
  readonly action: string;
  /** One line for the overlay and the README. */
  readonly help: string;
  /** One or two words for the footer; absent when the footer does not show it. */
  readonly hint?: string;
  /** The keys as the footer names them, when not by the first ("j/k"). */
  readonly label?: string;
  readonly places: readonly Place[];
  /** Where the footer shows it; all of `places` when absent. */
  readonly hintPlaces?: readonly Place[];
}

const list: readonly Place[] = ['harvest', 'signals', 'dashboard', 'retention', 'wizard-sources'];
const scrolled: readonly Place[] = [...list, 'detail', 'split', 'diff', 'weights'];
const main: readonly Place[] = ['harvest', 'signals', 'detail', 'dashboard', 'retention', 'diff'];
const triage: readonly Place[] = ['signals', 'detail'];
const retention: readonly Place[] = ['retention'];

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

  {
    keys: ['space', 'x'],
    action: 'mark',
    help: 'mark the signal, or take the mark away, and go to the next',
    hint: 'mark',
    places: ['signals'],
  },
  {
    keys: ['d'],
    action: 'dismiss',
    help: 'dismiss the signal and go to the next',
    hint: 'dismiss',
    places: triage,
  },
  {
    keys: ['e'],
    action: 'escalate',
    help: 'escalate the signal and go to the next',
    hint: 'escalate',
    places: triage,
  },
  {
    keys: ['s'],
    action: 'snooze',
    help: 'snooze: until a time, more echoes, a new source or a spike',
    hint: 'snooze',
    places: triage,
  },
  {
    keys: ['u'],
    action: 'undo',
    help: 'take back the last decision, also after a restart',
    hint: 'undo',
    places: triage,
  },
  {
    keys: ['r'],
    action: 'resolve',
    help: 'resolve the signal and go to the next',
    hint: 'resolve',
    places: triage,
  },
  { keys: ['i'], action: 'to-inbox', help: 'put the signal back into the inbox', places: triage },
  { keys: ['ctrl-r'], action: 'redo', help: 'do again what was taken back', places: triage },
  { keys: ['.'], action: 'repeat', help: 'the last decision again, on what is here', places: triage },
  {
    keys: ['V'],
    action: 'mark-range',
    help: 'mark a range: V at one end, move, V at the other',
    places: ['signals'],
  },
  {
    keys: ['*'],
    action: 'mark-all',
    help: 'mark all that match, also those not on screen',
    places: ['signals'],
  },
  {
    keys: ['/'],
    action: 'search',
    help: 'search, live: category:bug -is:echo "exact words"',
    hint: 'find',
    places: ['signals'],
  },
  { keys: ['n'], action: 'next-hit', help: 'next signal that the search found', places: triage },
  { keys: ['p'], action: 'previous-hit', help: 'previous signal that the search found', places: triage },
  {
    keys: ['v'],
    action: 'views',
    help: 'views: searches with a name; save, rename and remove them',
    hint: 'views',
    places: ['signals'],
  },
  {
    keys: ['t'],
    action: 'tag',
    help: 'tag: "login -ios" adds one and takes one away',
    hint: 'tag',
    places: triage,
  },
  {
    keys: ['a'],
    action: 'assign',
    help: 'assign to somebody, to me, or to nobody',
    hint: 'assign',
    places: triage,
  },
  {
    keys: ['c'],
    action: 'correct',
    help: 'correct the category, the sentiment or the urgency',
    hint: 'category',
    places: triage,
  },
  { keys: ['!'], action: 'urgency', help: 'correct the urgency, 0 to 5', places: triage },
  { keys: ['N'], action: 'note', help: 'write a note', hint: 'note', places: triage },
  {
    keys: ['m'],
    action: 'merge',
    help: 'merge the marked signals into the one under the cursor',
    places: ['signals'],
  },
  {
    keys: ['M'],
    action: 'split',
    help: 'split off echoes that are about something else',
    places: ['detail'],
  },
  { keys: ['o'], action: 'open-link', help: 'open the link in the browser', hint: 'link', places: triage },
  {
    keys: ['y'],
    action: 'copy-link',
    help: 'copy the link, or the text where there is none',
    places: triage,
  },
  { keys: ['Y'], action: 'copy-text', help: 'copy the text', places: triage },
  { keys: ['E'], action: 'export', help: 'export what is shown to a file', places: ['signals'] },
  {
    keys: ['f'],
    action: 'cycle-filter',
    help: 'next filter: inbox, escalated, snoozed, resolved, dismissed, all',
    hint: 'filter',
    places: ['signals'],
  },
  {
    keys: ['S'],
    action: 'cycle-order',
    help: 'next order: score, newest, oldest, most echoes, most urgent',
    places: ['signals'],
  },
  {
    keys: ['R'],
    action: 'refresh',
    help: 'read again: decided rows leave, new ones appear',
    places: ['signals'],
  },
  {
    keys: ['w'],
    action: 'weights',
    help: 'weights of the score: change them and see the first 50 move',
    places: ['signals'],
  },
  {
    keys: ['enter'],
    action: 'open-detail',
    help: 'the whole signal: text, score, analysis, echoes, notes',
    hint: 'open',
    places: ['signals'],
  },
  { keys: [']'], action: 'next-undecided', help: 'next signal without a decision', places: triage },
  { keys: ['['], action: 'previous-undecided', help: 'previous signal without a decision', places: triage },
  { keys: ['right', 'J'], action: 'next-signal', help: 'next signal', hint: 'next', places: ['detail'] },
  { keys: ['left', 'K'], action: 'previous-signal', help: 'previous signal', places: ['detail'] },
  ...dashboardBindings,
  {
    keys: ['c'],
    action: 'cancel-job',
    help: 'cancel what is running; it leaves nothing half done',
    hint: 'cancel',
    places: retention,
  },
  {
    keys: ['right', 'tab'],
    action: 'next-rule',
    help: 'choose the next rule',
    hint: 'rule',
    label: '←→',
    places: retention,
  },
  { keys: ['left', 'shift-tab'], action: 'previous-rule', help: 'choose the rule before', places: retention },
  {
    keys: ['+', '='],
    action: 'keep-more',
    help: 'the chosen rule keeps more; the plan is drawn again',
    hint: 'more/less',
    label: '+/-',
    places: retention,
  },
  {
    keys: ['-', '_'],
    action: 'keep-fewer',
    help: 'the chosen rule keeps fewer; the plan is drawn again',
    places: retention,
  },
  {
    keys: ['n'],
    action: 'create-snapshot',
    help: 'make a snapshot, with tags if you like',
    hint: 'new',
    places: retention,
  },
  {
    keys: ['v'],
    action: 'verify-snapshot',
    help: 'verify the snapshot: every byte is read',
    hint: 'verify',
    places: retention,
  },
  {
    keys: ['r'],
    action: 'restore-snapshot',
    help: 'restore the snapshot: the whole store, signals only, or to another file',
    hint: 'restore',
    places: retention,
  },
  {
    keys: ['d'],
    action: 'diff-snapshot',
    help: 'compare the snapshot with now or with another',
    hint: 'diff',
    places: retention,
  },
  {
    keys: ['X'],
    action: 'apply-rules',
    help: 'remove what the rules would remove (asks first; cannot be taken back)',
    hint: 'apply',
    places: retention,
  },
  {
    keys: ['x', 'delete'],
    action: 'remove-snapshot',
    help: 'remove the snapshot (asks first; cannot be taken back)',
    hint: 'remove',
    places: retention,
  },
  { keys: ['V'], action: 'verify-all', help: 'verify all snapshots', places: retention },
  { keys: ['t'], action: 'tag-snapshot', help: 'change the tags of the snapshot', places: retention },
  {
    keys: ['S'],
    action: 'remove-signals',
    help: 'remove signals that have had their time (asks first; makes a snapshot)',
    hint: 'signals',
    places: retention,
  },
  { keys: ['0'], action: 'reset-rules', help: 'the rules of the configuration again', places: retention },
  {
    keys: ['u'],
    action: 'undo',
    help: 'take back the last restore or change of tags of this session (asks before a restore)',
    places: retention,
  },
  {
    keys: ['R'],
    action: 'refresh',
    help: 'read the snapshots and count the signals again',
    places: retention,
  },
  { keys: ['ctrl-d'], action: 'half-page-down', help: 'half a page down', places: scrolled },
  { keys: ['ctrl-u'], action: 'half-page-up', help: 'half a page up', places: scrolled },
  { keys: ['pagedown', 'ctrl-f'], action: 'page-down', help: 'a page down', places: scrolled },
  { keys: ['pageup', 'ctrl-b'], action: 'page-up', help: 'a page up', places: scrolled },
  { keys: ['g', 'home'], action: 'go-first', help: 'first row or line', places: scrolled },
  { keys: ['G', 'end'], action: 'go-last', help: 'last row or line', places: scrolled },

  {
    keys: ['down', 'ctrl-n'],
    action: 'move-down',
    help: 'next entry',
    hint: 'choose',
    label: '↑↓',
    places: ['menu', 'palette'],
  },
  { keys: ['up', 'ctrl-p'], action: 'move-up', help: 'previous entry', places: ['menu', 'palette'] },
  { keys: ['pagedown'], action: 'page-down', help: 'a page down', places: ['menu', 'palette'] },
  { keys: ['pageup'], action: 'page-up', help: 'a page up', places: ['menu', 'palette'] },

  {
    keys: ['space', 'x'],
    action: 'toggle',
    help: 'choose the post or leave it',
    hint: 'choose',
    places: ['split'],
  },
  {
    keys: ['+', '=', 'right'],
    action: 'raise-weight',
    help: 'more of this weight; a typed number sets it',
    hint: 'change',
    label: '+/-/0-9',
    places: ['weights'],
  },
  { keys: ['-', 'left'], action: 'lower-weight', help: 'less of this weight', places: ['weights'] },
  {
    keys: ['r', 'backspace'],
    action: 'reset-weight',
    help: 'this weight as it is saved',
    hint: 'as saved',
    places: ['weights'],
  },
  {
    keys: ['enter', 'w'],
    action: 'submit',
    help: 'save the weights and score everything again',
    hint: 'save',
    places: ['weights'],
  },
  {
    keys: ['enter'],
    action: 'submit',
    help: 'split off what is chosen',
    hint: 'split off',
    places: ['split'],
  },
  { keys: ['enter'], action: 'submit', help: 'do it', hint: 'do it', places: ['menu', 'palette'] },
  { keys: ['enter'], action: 'submit', help: 'done', hint: 'done', places: ['prompt', 'search'] },
  {
    keys: ['tab'],
    action: 'complete',
    help: 'complete what is being typed',
    hint: 'complete',
    places: ['prompt', 'search'],
  },

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
    hintPlaces: ['harvest', 'retention'],
  },
  {
    keys: ['3'],
    action: 'show-dashboard',
    help: 'screen 3: the dashboard, what was said and how triage keeps up',
    hint: 'dashboard',
    places: main,
    hintPlaces: ['harvest'],
  },
  {
    keys: ['4'],
    action: 'show-retention',
    help: 'screen 4: retention, with the snapshots',
    hint: 'retention',
    places: main,
    hintPlaces: ['harvest'],
  },
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
    hintPlaces: ['detail', 'diff', 'split', 'weights', 'menu', 'prompt', 'search', 'palette'],
    places: [...main, 'split', 'weights', 'menu', 'prompt', 'search', 'palette'],
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
    places: [...main, 'split', 'weights'],
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
