import { cleanLine } from '../domain/clean.ts';
import { formatCount } from './figures.ts';
import { safeAddress } from './markup.ts';

/**
 * Text on one line that Markdown draws as it is: no markup of its own, no
 * HTML, no picture, no address that becomes a link by itself. An @name is put
 * into a code span, so that nobody is called by a report that is pasted into an issue.
 */
export function escapeMarkdown(text: string): string {
  return cleanLine(text)
    .split(/(?<!\S)(@\w[\w.-]*\w|@\w)/)
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : escapePart(part)))
    .join('')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^([#+-])(?=[\s#+-]|$)/, '\\$1')
    .replace(/^=+$/, '\\$&');
}

function escapePart(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~$&!^]/g, '\\$&')
    .replace(/@/g, '\\@')
    .replace(/:\/\//g, '\\://')
    .replace(/\b(www)\./gi, '$1\\.');
}

/** A link to http or https; only its words where there is none. */
export function markdownLink(url: string | null, words: string): string {
  const address = safeAddress(url);
  if (address === null) return escapeMarkdown(words);
  const href = address.href.replace(
    /[()<>[\]\\`*_|~!$ ]/g,
    (each) => `%${each.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `[${escapeMarkdown(words)}](<${href}>)`;
}

/** A table; the first column is text, the others numbers. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell) => (typeof cell === 'number' ? formatCount(cell) : escapeMarkdown(cell))).join(' | ')} |`;
  return [
    line(heads),
    `|${heads.map((_, column) => (column === 0 ? ' --- ' : ' ---: ')).join('|')}|`,
    ...rows.map(line),
  ].join('\n');
}
