import { summarizeError } from '../../errors.ts';

/** What the message line says. */
export interface Message {
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'warning' | 'bad';
  /** The action can be taken back: the line adds "u undo". */
  readonly undo: boolean;
}

/** Puts a message on the message line. */
export type Say = (text: string, options?: Partial<Pick<Message, 'tone' | 'undo'>>) => void;

/** A failure in one line: what happened and what to do about it. */
export function sayError(say: Say, what: string, error: unknown): void {
  const { message, fix } = summarizeError(error);
  say(`${what}: ${message}${fix === null ? '' : `. ${fix}`}`, { tone: 'bad' });
}
