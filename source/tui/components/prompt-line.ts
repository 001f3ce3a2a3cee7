import stringWidth from '../cached-string-width.ts';
import type { Prompt } from '../model/prompt.ts';
import { type Line, span } from '../text/spans.ts';

/** The text being typed with its cursor, scrolled sideways when it is longer than the screen. */
export function promptLine({ characters, cursor }: Prompt, columns: number, label = '  > '): Line {
  const room = Math.max(1, columns - stringWidth(label) - 1);
  let start = cursor;
  for (let used = 1; start > 0; start -= 1) {
    used += stringWidth(characters[start - 1] ?? '');
    if (used > room) break;
  }
  const before = characters.slice(start, cursor).join('');
  const after = characters.slice(cursor + 1).join('');
  return [span(label, 'strong'), span(before), span(characters[cursor] ?? ' ', 'selected'), span(after)];
}
