import type { Place } from './key-places.ts';

const dashboard: readonly Place[] = ['dashboard'];

/** Keys of the dashboard, beside those that move in every list. */
export const dashboardBindings = [
  {
    keys: ['enter'],
    action: 'open-behind',
    help: 'the signals behind what is selected, on the signals screen',
    hint: 'signals',
    places: dashboard,
  },
  {
    keys: ['tab'],
    action: 'next-pane',
    help: 'next pane',
    hint: 'pane',
    places: dashboard,
  },
  { keys: ['shift-tab'], action: 'previous-pane', help: 'pane before', places: dashboard },
  {
    keys: ['l', 'right'],
    action: 'later-column',
    help: 'a column of time further right; in a list, the next pane',
    hint: 'time',
    label: 'h/l',
    places: dashboard,
  },
  {
    keys: ['h', 'left'],
    action: 'earlier-column',
    help: 'a column of time further left, then the whole row; in a list, the pane before',
    places: dashboard,
  },
  {
    keys: ['w'],
    action: 'next-window',
    help: 'longer window: 24 hours, 7, 30, 90 days',
    hint: 'window',
    places: dashboard,
  },
  { keys: ['W'], action: 'previous-window', help: 'shorter window', places: dashboard },
  {
    keys: ['['],
    action: 'earlier-window',
    help: 'the window before this one',
    hint: 'earlier/later',
    label: '[/]',
    places: dashboard,
  },
  { keys: [']'], action: 'later-window', help: 'the window after this one', places: dashboard },
  {
    keys: ['n'],
    action: 'newest-window',
    help: 'the window that ends with the newest signal',
    places: dashboard,
  },
  { keys: ['0'], action: 'current-window', help: 'the window that ends now', places: dashboard },
  {
    keys: ['@'],
    action: 'window-until',
    help: 'the window that ends on a day: 2026-11-01',
    places: dashboard,
  },
  {
    keys: ['v'],
    action: 'choose-view',
    help: 'only the signals of a view',
    hint: 'view',
    places: dashboard,
  },
  {
    keys: ['/'],
    action: 'choose-search',
    help: 'only the signals that a search finds; an empty one shows all',
    hint: 'find',
    places: dashboard,
  },
  {
    keys: ['E'],
    action: 'write-report',
    help: 'write a report of the window for a team: HTML, Markdown or JSON',
    places: dashboard,
  },
  { keys: ['R'], action: 'refresh', help: 'read everything again', places: dashboard },
] as const;
