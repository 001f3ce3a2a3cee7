import { nearestTo } from '../domain/nearest-word.ts';
import { UserError } from '../errors.ts';

/** The word that says what a command with several actions shall do; suggests the nearest for one that is none. */
export function chooseAction<Action extends string>(
  command: string,
  word: string | undefined,
  actions: readonly Action[],
): Action {
  const chosen = actions.find((action) => action === word);
  if (chosen !== undefined) return chosen;
  const nearest = word === undefined ? null : nearestTo(word, actions);
  const suggestion = nearest === null ? '.' : `: did you mean "${nearest}"?`;
  throw new UserError('unknown-action', `"${command}" has no action "${word ?? ''}"${suggestion}`, {
    fix: `Use one of ${actions.join(', ')}.`,
  });
}
