import type { Action } from '../../domain/key-bindings.ts';
import { bodyRows } from '../layout.ts';
import type { ScreenId } from '../places.ts';
import type { App, ExitReason } from './app.ts';
import { dashboardActions } from './dashboard-actions.ts';
import { askFeedback, leaveFeedback } from './feedback-actions.ts';
import { listActions, refresh } from './list-actions.ts';
import { type Motion, motions, stepOf } from './list-cursor.ts';
import { logActions, readLogs } from './log-actions.ts';
import { openPalette } from './palette-entries.ts';
import {
  emptyPrompt,
  eraseBack,
  eraseForward,
  eraseLine,
  eraseWord,
  moveCursor,
  type Prompt,
} from './prompt.ts';
import { undoOnRetention } from './restore-actions.ts';
import { cancelJob, forgetUndo, readAgain, retentionActions } from './retention-actions.ts';
import {
  askAssignee,
  askNote,
  askTags,
  confirmSplit,
  decide,
  merge,
  openCorrection,
  openSnooze,
  openSplit,
  openUrgency,
  repeat,
} from './triage-actions.ts';
import { closeWeights, confirmWeights, openWeights } from './weights-actions.ts';

/** Two presses of ctrl-c within this time quit. */
const twiceMs = 2000;

type AppActions = Partial<Record<Action, (app: App) => void>>;

const moving: AppActions = Object.fromEntries(
  motions.map((motion) => [motion, (app: App) => move(app, motion)]),
);

/** What each action of the key map does to the program. */
export const appActions: AppActions = {
  ...moving,
  ...listActions,
  ...retentionActions,
  ...dashboardActions,
  ...logActions,
  'start-harvest': (app) => void app.harvest.start(),
  'cancel-harvest': cancelHarvest,
  'open-detail': (app) => app.update({ detailOpen: true, detailTop: 0 }),
  dismiss: (app) => decide(app, { action: 'status', status: 'dismissed' }),
  escalate: (app) => decide(app, { action: 'status', status: 'escalated' }),
  resolve: (app) => decide(app, { action: 'status', status: 'resolved' }),
  'to-inbox': (app) => decide(app, { action: 'status', status: 'inbox' }),
  snooze: openSnooze,
  assign: askAssignee,
  tag: askTags,
  note: askNote,
  correct: openCorrection,
  urgency: openUrgency,
  merge,
  split: openSplit,
  repeat,
  weights: openWeights,
  'raise-weight': (app) => app.weights.step(1),
  'lower-weight': (app) => app.weights.step(-1),
  'reset-weight': (app) => app.weights.reset(),
  undo: (app) => {
    if (onRetention(app)) undoOnRetention(app);
    else if (app.place() === 'errors') void app.logs.errors.reopen().catch(() => undefined);
    else app.triage.undo();
  },
  refresh: (app) => {
    if (app.read().screen === 'logs') readLogs(app);
    else if (app.place() === 'dashboard') void app.dashboard.renew();
    else void (onRetention(app) ? readAgain(app) : refresh(app));
  },
  redo: (app) => app.triage.redo(),
  'show-harvest': (app) => leaveFor(app, 'harvest'),
  'show-signals': showSignals,
  feedback: askFeedback,
  'send-with': (app) => app.feedback.answer(true),
  'send-without': (app) => app.feedback.answer(false),
  palette: (app) => openPalette(app, 'command'),
  help: (app) => openPalette(app, 'help'),
  back: (app) => void ((onRetention(app) && cancelJob(app)) || stepBack(app)),
  quit,
  interrupt,
  suspend: (app) => app.terminal.suspend(),
  'answer-yes': answerYes,
  'answer-no': (app) => app.update({ question: null }),
  submit,
  toggle: (app) => app.split.toggle(),
  complete: (app) => {
    if (app.place() === 'search') void app.holdingKeys(() => app.search.complete());
    else app.prompt.complete();
  },
  'erase-back': (app) => edit(app, eraseBack),
  'erase-forward': (app) => edit(app, eraseForward),
  'erase-line': (app) => edit(app, eraseLine),
  'erase-word': (app) => edit(app, eraseWord),
  'cursor-left': (app) => edit(app, (prompt) => moveCursor(prompt, -1)),
  'cursor-right': (app) => edit(app, (prompt) => moveCursor(prompt, 1)),
  'cursor-start': (app) => edit(app, (prompt) => moveCursor(prompt, Number.NEGATIVE_INFINITY)),
  'cursor-end': (app) => edit(app, (prompt) => moveCursor(prompt, Number.POSITIVE_INFINITY)),
};

function move(app: App, motion: Motion): void {
  const { size, detailTop } = app.read();
  const page = stepOf(motion, bodyRows(size));
  const place = app.place();
  if (place === 'harvest') app.harvest.move(stepOf(motion, app.harvest.height));
  else if (place === 'signals') void app.list.move(stepOf(motion, app.list.height));
  else if (place === 'detail') app.update({ detailTop: scroll(detailTop + page, app.scrollLimit.detail) });
  else if (place === 'dashboard') app.dashboard.move(stepOf(motion, app.dashboard.height));
  else if (place === 'retention') app.snapshots.move(stepOf(motion, app.snapshots.height));
  else if (place === 'diff')
    app.snapshots.scrollDiff(scroll(app.snapshots.read().diffTop + page, app.scrollLimit.diff));
  else if (place === 'diagnostics')
    app.feedback.scroll(scroll(app.feedback.read().top + page, app.scrollLimit.diagnostics));
  else if (place === 'logs' || place === 'errors') app.logs.list.move(stepOf(motion, app.logs.list.height));
  else if (place === 'record') app.logs.scroll(app.logs.read().recordTop + page);
  else if (place === 'split') app.split.move(stepOf(motion, app.split.height));
  else if (place === 'weights') app.weights.move(motion);
  else if (place === 'menu') app.menu.move(page);
  else if (place === 'palette') app.palette.move(page);
}

function scroll(top: number, limit: number): number {
  return Math.min(limit, Math.max(0, top));
}

function edit(app: App, change: (prompt: Prompt) => Prompt): void {
  if (app.place() === 'prompt') app.prompt.edit(change);
  if (app.place() === 'search') app.search.edit(change);
  if (app.place() === 'palette') app.palette.edit(change);
}

function submit(app: App): void {
  const place = app.place();
  if (place === 'prompt') app.prompt.submit();
  else if (place === 'search') void app.holdingKeys(() => app.search.submit());
  else if (place === 'menu') app.menu.submit();
  else if (place === 'palette') app.palette.submit();
  else if (place === 'split') confirmSplit(app);
  else if (place === 'weights') confirmWeights(app);
}

function leaveFor(app: App, screen: ScreenId): void {
  if (app.read().screen === 'retention') forgetUndo(app);
  app.update({ screen });
}

function showSignals(app: App): void {
  leaveFor(app, 'signals');
  app.update({ detailOpen: false });
  app.detail.forget();
  void app.list.visit(app.triage.settled());
}

/** The screen itself, with nothing over it. */
function onRetention(app: App): boolean {
  return app.place() === 'retention';
}

/** One layer back; false when there was none. */
function stepBack(app: App): boolean {
  const { detailOpen, screen, message } = app.read();
  const place = app.place();
  if (place === 'prompt') app.prompt.close();
  else if (place === 'search') app.search.cancel();
  else if (place === 'menu') app.menu.close();
  else if (place === 'palette') clearPalette(app);
  else if (place === 'split') app.split.close();
  else if (place === 'weights') closeWeights(app);
  else if (place === 'diagnostics') leaveFeedback(app);
  else if (place === 'diff') app.snapshots.showDiff(null);
  else if (place === 'record') app.logs.open(null);
  else if (place === 'retention' && app.snapshots.read().report !== null) {
    app.snapshots.tell(null);
    app.update({ message: null });
  } else if (detailOpen && screen === 'signals') app.update({ detailOpen: false });
  else if (screen === 'signals' && app.marks.any) {
    app.marks.clear();
    app.say('no signal is marked any more');
  } else if (place === 'signals' && app.list.read().search !== '') {
    void app.list.choose({ search: '', view: null, filter: 'inbox' }, app.triage.settled());
    app.say('the search is over: the inbox again');
  } else if (message !== null) {
    app.update({ message: null });
    return false;
  } else return false;
  return true;
}

/** What was typed first, then the palette itself. */
function clearPalette({ palette }: App): void {
  if (palette.read().prompt.characters.length > 0) palette.edit(() => emptyPrompt);
  else palette.close();
}

function quit(app: App): void {
  // Marks are no layer to q: who quits has done with them.
  const here = app.place() === 'signals';
  if (here) app.marks.clear();
  if (!here && stepBack(app)) return;
  const { job } = app.jobs.read();
  const what = app.harvest.running ? 'A harvest is running' : `The program is ${job?.title ?? ''}`;
  const question = { text: `${what}. Stop it and quit?`, yes: () => leave(app, 'quit') };
  if (app.harvest.running || job !== null) app.update({ question });
  else leave(app, 'quit');
}

function answerYes(app: App): void {
  const { question } = app.read();
  // Closed first: what is done may ask the next question.
  app.update({ question: null });
  question?.yes();
}

function cancelHarvest(app: App): void {
  if (app.harvest.cancel()) app.say('cancelling: what is stored stays');
}

function interrupt(app: App): void {
  const twice = app.now() - app.interruptedAt < twiceMs;
  app.interruptedAt = app.now();
  if (twice) leave(app, 'interrupted');
  else if (app.weights.cancel()) app.say('stopping the scoring; ctrl-c again quits', { tone: 'warning' });
  else if (app.harvest.cancel()) app.say('cancelling the harvest; ctrl-c again quits', { tone: 'warning' });
  else if (cancelJob(app)) app.say('cancelling; ctrl-c again quits', { tone: 'warning' });
  else app.say('ctrl-c again quits; so does q', { tone: 'warning' });
}

function leave(app: App, reason: ExitReason): void {
  app.harvest.cancel();
  app.jobs.cancel();
  app.terminal.exit(reason);
}
