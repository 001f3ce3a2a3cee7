import { cleanLine } from '../text/clean-line.ts';
import { graphemes } from '../text/fit-text.ts';

/** One line of text being typed; the cursor counts characters as a person does. */
export interface Prompt {
  readonly characters: readonly string[];
  readonly cursor: number;
}

export const emptyPrompt: Prompt = { characters: [], cursor: 0 };

/** Longer answers are mistakes of the clipboard. */
const longest = 2000;

export function textOfPrompt({ characters }: Prompt): string {
  return characters.join('').trim();
}

/** With text typed or pasted at the cursor: one line, without anything that cannot be seen. */
export function insert({ characters, cursor }: Prompt, text: string): Prompt {
  const added = graphemes(cleanLine(text.slice(0, longest)));
  if (characters.length + added.length > longest) return { characters, cursor };
  // Joined and cut again: a combining mark belongs to the character before it.
  const before = graphemes(characters.slice(0, cursor).join('') + added.join(''));
  return { characters: [...before, ...characters.slice(cursor)], cursor: before.length };
}

export function eraseBack({ characters, cursor }: Prompt): Prompt {
  if (cursor === 0) return { characters, cursor };
  return { characters: characters.toSpliced(cursor - 1, 1), cursor: cursor - 1 };
}

export function eraseForward({ characters, cursor }: Prompt): Prompt {
  return { characters: characters.toSpliced(cursor, 1), cursor };
}

export function eraseLine({ characters, cursor }: Prompt): Prompt {
  return { characters: characters.slice(cursor), cursor: 0 };
}

export function eraseWord({ characters, cursor }: Prompt): Prompt {
  let start = cursor;
  while (start > 0 && characters[start - 1] === ' ') start -= 1;
  while (start > 0 && characters[start - 1] !== ' ') start -= 1;
  return { characters: characters.toSpliced(start, cursor - start), cursor: start };
}

export function moveCursor({ characters, cursor }: Prompt, step: number): Prompt {
  return { characters, cursor: Math.min(characters.length, Math.max(0, cursor + step)) };
}
