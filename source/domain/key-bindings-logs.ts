import type { Binding } from './key-binding.ts';
import type { Place } from './key-places.ts';

/** What screen 5 shows: the log, the errors, or one of either over the whole body. */
export const logPlaces: readonly Place[] = ['logs', 'errors', 'record'];
const panes: readonly Place[] = ['logs', 'errors'];

/** The keys of screen 5. */
export const logBindings = [
  {
    keys: ['tab'],
    action: 'switch-pane',
    help: 'the errors of the program instead of its log, and back',
    hint: 'log/errors',
    places: panes,
  },
  {
    keys: ['enter', 'right', 'l'],
    action: 'open-record',
    help: 'the whole entry, or the error with its stack and what came before it',
    hint: 'open',
    places: panes,
  },
  {
    keys: ['/'],
    action: 'find-in-log',
    help: 'only entries that say something; nothing shows all',
    hint: 'find',
    places: ['logs'],
  },
  {
    keys: ['f'],
    action: 'log-level',
    help: 'next least level: all, info, warn, error',
    hint: 'level',
    places: ['logs'],
  },
  { keys: ['w'], action: 'wrap-log', help: 'wrap long entries, or cut them', hint: 'wrap', places: ['logs'] },
  {
    keys: ['r'],
    action: 'resolve-error',
    help: 'the error is mended; if it comes again it is regressed',
    hint: 'resolve',
    places: ['errors'],
  },
  {
    keys: ['u'],
    action: 'undo',
    help: 'open the error again that was resolved last, or the one under the cursor',
    hint: 'reopen',
    places: ['errors'],
  },
  { keys: ['R'], action: 'refresh', help: 'read the log and the errors again', places: panes },
] as const satisfies readonly Binding[];
