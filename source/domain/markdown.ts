import { cleanLine, cleanText } from './clean.ts';

// What CommonMark and GitHub's dialect of it read as markup within a line.
const markup = /[\\`*_{}[\]<>~|&$^]/g;
// What they read as a heading, a list or a rule where a line begins.
const beginning = /^(?:[#+\-=:]|\d+(?=[.)]))/;

/** Text of one line that Markdown shows as it is: no heading, no link text, no image and no HTML comes of it. */
export function escapeMarkdown(text: string): string {
  return cleanLine(text)
    .replace(markup, '\\$&')
    .replace(beginning, (begun) => (/\d/.test(begun) ? `${begun}\\` : `\\${begun}`));
}

/** Text of several lines as a quotation. */
export function quoteMarkdown(text: string): string {
  return cleanText(text)
    .split('\n')
    .map((line) => `> ${escapeMarkdown(line)}`.trimEnd())
    .join('\n');
}

/** A link whose address cannot end early; the address is http or https. */
export function linkMarkdown(text: string, url: string): string {
  return `[${escapeMarkdown(text)}](<${url.replace(/[<>\\\s]/g, (character) => encodeURIComponent(character))}>)`;
}
