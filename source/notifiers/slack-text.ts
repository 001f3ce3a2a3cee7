import { cleanLine, cleanText } from '../domain/clean.ts';
import { shorten } from '../domain/shorten.ts';

/**
 * Text that Slack shows as it is: `&`, `<` and `>` are the only characters
 * that open a mention, a link or a command in its mrkdwn, and they are escaped
 * as Slack documents it.
 */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Length as Slack counts it: what is sent, escapes included. UTF-16 units are never fewer than its characters. */
export function slackLength(text: string): number {
  return escapeSlack(text).length;
}

/** Escaped text within the bounds; never empty, because Slack refuses empty text. */
export function slackText(text: string, characters: number, length: number): string {
  const kept = shorten(cleanText(text), { characters, length, measure: slackLength });
  return kept.trim() === '' ? '(no text)' : escapeSlack(kept);
}

/** The same on one line, and without the marks that would make parts of it bold, struck out or code. */
export function slackLine(text: string, characters: number, length: number): string {
  return slackText(calm(cleanLine(text)), characters, length);
}

/** Text in a block of code: shown as it stands, with no formatting and no end before its end. */
export function slackFence(text: string, characters: number, length: number): string {
  const open = cleanText(text).replace(/`{3,}/g, (ticks) => "'".repeat(ticks.length));
  return `\`\`\`\n${slackText(open, characters, length - 8)}\n\`\`\``;
}

/** A link with words of our own. Null where the address cannot stand in one. */
export function slackLink(url: string | null, words: string): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const { href, protocol } = new URL(url);
  if (href.length > 1_500 || !['http:', 'https:'].includes(protocol)) return null;
  const safe = href.replace(/[<>|`]/g, (each) => encodeURIComponent(each)).replaceAll('&', '&amp;');
  return `<${safe}|${escapeSlack(words)}>`;
}

const lookAlikes: Readonly<Record<string, string>> = { '*': '∗', _: 'ˍ', '~': '∼', '`': 'ˋ' };

/** Marks that could format something get a look-alike; those inside a word (a name such as joe_3) format nothing. */
function calm(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])/gu, (mark) => lookAlikes[mark] ?? mark);
}
