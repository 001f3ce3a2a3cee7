import type { Actor } from '../domain/access.ts';
import { summarizeError } from '../errors.ts';
import type { CommandContext } from './command.ts';
import { printNote, visible } from './print.ts';

/** Whoever has a shell on the machine: the trail knows no more of them. */
export const byCommandLine: Actor = { actor: 'cli', via: 'cli' };

interface DoneChange {
  readonly action: string;
  readonly target?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Writes what a command has changed into the audit trail of the store that is
 * there now. What is done is done: a store that cannot take the entry is told
 * of, and makes nothing fail.
 */
export async function noteChange(context: CommandContext, change: DoneChange): Promise<void> {
  const { action, target = null, before = null, after = null } = change;
  try {
    const admin = await context.admin();
    await admin.note({ action, target, before, after }, byCommandLine, context.now());
  } catch (error) {
    const { message } = summarizeError(error);
    await printNote(context, `The audit trail does not have this: ${visible(message)}`);
  }
}
