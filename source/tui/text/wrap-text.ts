import stringWidth from '../cached-string-width.ts';
import { cleanLine, cleanLines } from './clean-line.ts';
import { takeColumns } from './fit-text.ts';

/**
 * `text` in lines of at most `columns` columns, broken between words and, where
 * a word alone is too long (or the script has no spaces), between characters.
 * Line breaks of the text are kept. With more than `maxLines` lines the last one
 * ends with "…".
 */
export function wrapText(text: string, columns: number, maxLines = 2000): string[] {
  if (columns <= 0) return [];
  const lines: string[] = [];
  // A post may hold a megabyte; nobody scrolls further than this.
  const within = columns * (maxLines + 1) * 4;
  for (const paragraph of cleanLines(text.slice(0, within))) {
    if (lines.length > maxLines) break;
    if (paragraph === '') lines.push('');
    else wrapParagraph(paragraph, columns, lines);
  }
  if (lines.length <= maxLines) return lines;
  const last = takeColumns(lines[maxLines - 1] ?? '', columns - 1);
  return maxLines < 1 ? [] : [...lines.slice(0, maxLines - 1), `${last}…`];
}

/** Like `wrapText`, with the line breaks of the text folded away first. */
export function wrapWords(text: string, columns: number, maxLines?: number): string[] {
  return wrapText(cleanLine(text), columns, maxLines);
}

function wrapParagraph(paragraph: string, columns: number, lines: string[]): void {
  let line = '';
  let used = 0;
  for (const word of paragraph.split(/ +/)) {
    const width = stringWidth(word);
    if (line !== '' && used + 1 + width <= columns) {
      line += ` ${word}`;
      used += 1 + width;
      continue;
    }
    if (line !== '') lines.push(line);
    line = breakWord(word, width, columns, lines);
    used = stringWidth(line);
  }
  if (line !== '') lines.push(line);
}

/** Pushes the full lines of a word that is too long and returns what is left of it. */
function breakWord(word: string, width: number, columns: number, lines: string[]): string {
  let rest = word;
  let restWidth = width;
  while (restWidth > columns) {
    const head = takeColumns(rest, columns);
    // A character wider than the whole line can only be left out.
    if (head === '') return '';
    lines.push(head);
    rest = rest.slice(head.length);
    restWidth -= stringWidth(head);
  }
  return rest;
}
