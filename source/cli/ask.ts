import { createInterface } from 'node:readline/promises';
import type { CommandContext } from './command.ts';

/** Whether there is a person who can be asked. */
export function canAsk({ isErrorTerminal, json }: CommandContext): boolean {
  return process.stdin.isTTY === true && isErrorTerminal && !json;
}

/** One line from the person at the terminal; the question goes to stderr. Empty when they end the input. */
export async function askLine(
  { stderr, signal }: Pick<CommandContext, 'stderr' | 'signal'>,
  question: string,
): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: stderr });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return (await Promise.race([lines.question(question, { signal }), closed])).trim();
  } finally {
    lines.close();
  }
}

/** y or yes is a yes; everything else is a no. */
export async function askYes(
  context: Pick<CommandContext, 'stderr' | 'signal'>,
  question: string,
): Promise<boolean> {
  return /^y(es)?$/i.test(await askLine(context, `${question} [y/N] `));
}
