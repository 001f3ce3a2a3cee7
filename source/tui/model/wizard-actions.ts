import type { Action } from '../../domain/key-bindings.ts';
import { motions, stepOf } from './list-cursor.ts';
import { emptyPrompt, eraseBack, eraseForward, eraseLine, eraseWord, moveCursor } from './prompt.ts';
import type { Wizard } from './wizard.ts';

type WizardActions = Partial<Record<Action, (wizard: Wizard) => void>>;

/** What each action of the key map does in the wizard. */
export const wizardActions: WizardActions = {
  ...Object.fromEntries(
    motions.map((motion) => [motion, (wizard: Wizard) => wizard.move(stepOf(motion, wizard.rows))]),
  ),
  submit,
  toggle,
  'add-source': (wizard) => ask(wizard, 0),
  'change-topic': (wizard) => wizard.update({ step: 'topic' }),
  'next-question': (wizard) => ask(wizard, (wizard.read().asked + 1) % Math.max(1, wizard.questions.length)),
  'erase-back': (wizard) => wizard.edit(eraseBack),
  'erase-forward': (wizard) => wizard.edit(eraseForward),
  'erase-line': (wizard) => wizard.edit(eraseLine),
  'erase-word': (wizard) => wizard.edit(eraseWord),
  'cursor-left': (wizard) => wizard.edit((prompt) => moveCursor(prompt, -1)),
  'cursor-right': (wizard) => wizard.edit((prompt) => moveCursor(prompt, 1)),
  'cursor-start': (wizard) => wizard.edit((prompt) => moveCursor(prompt, Number.NEGATIVE_INFINITY)),
  'cursor-end': (wizard) => wizard.edit((prompt) => moveCursor(prompt, Number.POSITIVE_INFINITY)),
  back: (wizard) => {
    if (wizard.read().step === 'answer') wizard.closeAnswer();
    else wizard.terminal.exit('quit');
  },
  interrupt: (wizard) => wizard.terminal.exit('interrupted'),
  suspend: (wizard) => wizard.terminal.suspend(),
};

function submit(wizard: Wizard): void {
  const { step, cursor, candidates } = wizard.read();
  if (step === 'topic') wizard.propose();
  else if (step === 'answer') void wizard.addAnswer();
  else if (step === 'saved') wizard.terminal.exit('quit');
  else if (cursor.index >= candidates.length) ask(wizard, cursor.index - candidates.length);
  else void wizard.save();
}

function toggle(wizard: Wizard): void {
  const { cursor, candidates } = wizard.read();
  if (cursor.index >= candidates.length) ask(wizard, cursor.index - candidates.length);
  wizard.update({
    candidates: candidates.map((each, index) =>
      index === cursor.index ? { ...each, kept: !each.kept } : each,
    ),
  });
}

function ask(wizard: Wizard, asked: number): void {
  if (wizard.questions.length === 0 || wizard.read().busy) return;
  wizard.update({ step: 'answer', asked, answer: emptyPrompt, error: null });
}
