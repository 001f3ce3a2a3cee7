import type { Binding } from './key-binding.ts';
import type { Place } from './key-places.ts';

const retention: readonly Place[] = ['retention'];

/** The keys of screen 4. */
export const retentionBindings = [
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
] as const satisfies readonly Binding[];
