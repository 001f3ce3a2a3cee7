import type { Action } from '../actions.ts';
import { bodyRows } from '../layout.ts';
import { screens } from '../places.ts';
import type { App, ExitReason } from './app.ts';
import { type Motion, motions, stepOf } from './list-cursor.ts';
import { sayError } from './messages.ts';

/** Two presses of ctrl-c within this time quit. */
const twiceMs = 2000;

type AppActions = Partial<Record<Action, (app: App) => void>>;

const moving: AppActions = Object.fromEntries(
  motions.map((motion) => [motion, (app: App) => move(app, motion)]),
);

/** What each action of the key map does to the program. */
export const appActions: AppActions = {
  ...moving,
  'start-harvest': (app) => void app.harvest.start(),
  'cancel-harvest': cancelHarvest,
  'open-detail': (app) => app.update({ detailOpen: true, detailTop: 0 }),
  'next-signal': (app) => void app.list.move(1),
  'previous-signal': (app) => void app.list.move(-1),
  'next-undecided': (app) => seekUndecided(app, 1),
  'previous-undecided': (app) => seekUndecided(app, -1),
  'open-link': (app) => void openLink(app),
  dismiss: (app) => app.triage.decide('dismissed'),
  escalate: (app) => app.triage.decide('escalated'),
  'to-inbox': (app) => app.triage.decide('inbox'),
  undo: (app) => app.triage.undo(),
  'cycle-filter': (app) => {
    void app.list.cycleFilter(app.triage.settled());
    app.say(`showing: ${app.list.read().filter}`);
  },
  refresh: (app) => void refresh(app),
  'show-harvest': (app) => app.update({ screen: 'harvest' }),
  'show-signals': showSignals,
  help: (app) => app.update(app.read().help === null ? { help: app.place(), helpTop: 0 } : { help: null }),
  back: (app) => void stepBack(app),
  quit,
  interrupt,
  suspend: (app) => app.terminal.suspend(),
  'answer-yes': (app) => leave(app, 'quit'),
  'answer-no': (app) => app.update({ question: null }),
};

function move(app: App, motion: Motion): void {
  const { size, detailTop, helpTop } = app.read();
  const place = app.place();
  const page = stepOf(motion, bodyRows(size));
  if (place === 'harvest') app.harvest.move(stepOf(motion, app.harvest.height));
  else if (place === 'signals') void app.list.move(stepOf(motion, app.list.height));
  else if (place === 'detail') app.update({ detailTop: scroll(detailTop + page, app.scrollLimit.detail) });
  else if (place === 'help') app.update({ helpTop: scroll(helpTop + page, app.scrollLimit.help) });
}

function scroll(top: number, limit: number): number {
  return Math.min(limit, Math.max(0, top));
}

function seekUndecided(app: App, direction: 1 | -1): void {
  if (!app.list.seek(direction, (row) => row.status === 'inbox')) {
    app.say(direction === 1 ? 'no undecided signal below' : 'no undecided signal above');
  }
}

async function openLink(app: App): Promise<void> {
  const url = app.list.row?.url;
  if (url == null) return;
  try {
    const refusal = await app.openLink(url);
    app.say(refusal === null ? `opened ${url}` : `${refusal}: ${url}`);
  } catch (error) {
    sayError(app.say, 'the link could not be opened', error);
  }
}

async function refresh(app: App): Promise<void> {
  const above = app.list.read().cursor.index;
  app.detail.forget();
  await app.list.refresh(app.triage.settled());
  const came = app.list.read().cursor.index - above;
  if (app.list.read().phase === 'ready')
    app.say(came > 0 ? `read again: ${came} new above, g goes there` : 'read again');
}

function showSignals(app: App): void {
  app.update({ screen: 'signals', detailOpen: false });
  app.detail.forget();
  void app.list.visit(app.triage.settled());
}

/** One layer back; false when there was none. */
function stepBack(app: App): boolean {
  const { help, detailOpen, screen, message } = app.read();
  if (help !== null) app.update({ help: null });
  else if (detailOpen && screen === 'signals') app.update({ detailOpen: false });
  else if (message !== null) {
    app.update({ message: null });
    return false;
  } else return false;
  return true;
}

function quit(app: App): void {
  if (stepBack(app)) return;
  if (app.harvest.running) app.update({ question: 'quit' });
  else leave(app, 'quit');
}

function cancelHarvest(app: App): void {
  if (app.harvest.cancel()) app.say('cancelling: what is stored stays');
}

function interrupt(app: App): void {
  const twice = app.now() - app.interruptedAt < twiceMs;
  app.interruptedAt = app.now();
  if (twice) leave(app, 'interrupted');
  else if (app.harvest.cancel()) app.say('cancelling the harvest; ctrl-c again quits', { tone: 'warning' });
  else app.say('ctrl-c again quits; so does q', { tone: 'warning' });
}

function leave(app: App, reason: ExitReason): void {
  app.harvest.cancel();
  app.terminal.exit(reason);
}

/** The number and the name of a screen, as the header shows them. */
export function titleOf(id: (typeof screens)[number]['id']): string {
  const screen = screens.find((each) => each.id === id);
  return screen === undefined ? '' : `${screen.key} ${screen.name}`;
}
