import type { CleanPost, Engagement, PostDraft } from './post.ts';

/** Longest text that is kept of one post, in UTF-16 units. Longer ones are cut and say so. */
export const maxTextLength = 20_000;
const maxTitleLength = 500;
const maxNameLength = 200;
/** Of the address as it is kept: percent signs make letters of other scripts six to nine characters long. */
const maxUrlLength = 4_000;
const maxIdLength = 500;
const maxCount = 1_000_000_000;
/** Nothing was posted before the Web; earlier dates are epoch zero and its neighbours. */
const earliestDate = Date.UTC(1993, 0, 1);
const clockSkewMs = 24 * 3_600_000;

// OSC, DCS, SOS, PM and APC run to their terminator (or, cut off, to the end of the line); CSI is short;
// any other escape takes one more character with it.
const escapeSequences =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?|(?:\u001b\[|\u009b)[0-9:;<=>?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
// Bidirectional controls, and characters of no width that can hide or reorder what a person reads.
const invisible = /(?!\u200c|\u200d|\ufe0f)[\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/gu;
// Joiners mean something inside emoji and in Arabic and Indic scripts; elsewhere they only hide.
const strayJoiners =
  /(?<!\ufe0f|[\u{1f3fb}-\u{1f3ff}]|[\p{Extended_Pictographic}\p{M}\p{Script=Arabic}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{Extended_Pictographic}])/gu;
const hidden =
  /(?!\n|\t|\u200c|\u200d|\ufe0f)[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/u;
// A letter carries a few marks in any language; a tower of them spills over the lines around it.
const markTowers = /(\p{M}{4})\p{M}+/gu;

/** What one pass may leave for the next: composing letters changes what stands around a joiner. */
const unsettled = /\u200c|\u200d|\ufe0f|\p{M}/u;
const mostPasses = 8;
/** Words of ASCII with one blank between them, by far the usual case, are clean. */
const plainWords = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Text that is safe to store, draw, log and send: no control or escape
 * characters, no bidirectional or invisible controls, well-formed Unicode (NFC).
 * Line breaks stay as "\n"; tabs become spaces. Linear in the input.
 * Cleaning what is clean changes nothing, so what was exported comes back as it was.
 */
export function cleanText(text: string): string {
  if (plainWords.test(text)) return text;
  let cleaned = cleanOnce(text);
  for (let pass = 1; pass < mostPasses && unsettled.test(cleaned); pass += 1) {
    const again = cleanOnce(cleaned);
    if (again === cleaned) break;
    cleaned = again;
  }
  return cleaned;
}

function cleanOnce(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|\u0085/g, '\n')
    .replaceAll('\t', ' ')
    .replace(escapeSequences, '')
    .replace(controls, '')
    .replace(invisible, '')
    .replace(strayJoiners, '')
    .normalize('NFC')
    .replace(markTowers, '$1')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Text of the program or of its analyst: as it is, unless something hides in it that a terminal would obey. */
export function cleanHidden(text: string): string {
  const formed = text.toWellFormed();
  return formed === text && !hidden.test(text) ? text : cleanText(text);
}

/** `cleanText` on one line. */
export function cleanLine(text: string): string {
  return plainWords.test(text) ? text : cleanText(text).replace(/\s+/g, ' ');
}

export interface CleanedDraft {
  /** Null when nothing readable is left. */
  readonly post: CleanPost | null;
  /** What was changed or refused, in words; the run shows it. */
  readonly warnings: readonly string[];
}

/**
 * Makes what a source returned safe and plausible: cleans every string, bounds
 * every length and count, and judges the date. The one door through which
 * posts enter the program.
 *
 * @param now milliseconds, UTC; stands in for dates that cannot be true
 */
export function cleanDraft(draft: PostDraft, now: number): CleanedDraft {
  const warnings: string[] = [];
  const externalId = cleanLine(cutUnits(cleanLine(draft.externalId), maxIdLength));
  if (externalId === '') return { post: null, warnings: ['a post without an identity was left out'] };
  const title = nullable(draft.title, maxTitleLength);
  const text = cutText(draft.text, maxTextLength);
  if (text.cut) warnings.push(`post ${shorten(externalId)} was cut to ${maxTextLength} characters`);
  if (text.text === '' && title === null) {
    return { post: null, warnings: [`post ${shorten(externalId)} has no readable text and was left out`] };
  }
  const date = judgeDate(draft.createdAt, now);
  if (date.warning !== null) warnings.push(`post ${shorten(externalId)} ${date.warning}`);
  const post: CleanPost = {
    externalId,
    url: cleanUrl(draft.url),
    link: cleanUrl(draft.link),
    author: nullable(draft.author, maxNameLength),
    title,
    text: text.text,
    lang: cleanLanguage(draft.lang),
    createdAt: date.createdAt,
    engagement: cleanEngagement(draft.engagement),
    parentUrl: cleanUrl(draft.parentUrl),
    parentText: draft.parentText === null ? null : cutText(draft.parentText, 1_000).text || null,
  };
  return { post, warnings };
}

function shorten(id: string): string {
  return id.length > 60 ? `${id.slice(0, 59)}…` : id;
}

/** Cuts before cleaning as well, so that a post of many megabytes costs no more than a long one. */
function cutText(text: string, maxLength: number): { text: string; cut: boolean } {
  const cleaned = cleanText(text.length > maxLength * 8 ? text.slice(0, maxLength * 8) : text);
  if (cleaned.length <= maxLength) return { text: cleaned, cut: text.length > maxLength * 8 };
  return {
    text: `${cleanText(cutUnits(cleaned, maxLength - 1))}…`,
    cut: true,
  };
}

/** The first `units` UTF-16 units, less a character that would be cut in two. */
function cutUnits(text: string, units: number): string {
  return text.slice(0, units).replace(/[\ud800-\udbff]$/, '');
}

function nullable(text: string | null, maxLength: number): string | null {
  if (text === null) return null;
  const line = cleanLine(text.slice(0, maxLength * 8));
  if (line === '') return null;
  return line.length > maxLength ? `${cleanLine(cutUnits(line, maxLength - 1))}…` : line;
}

/** Only http and https leave this function: nothing else may ever be opened or linked. */
function cleanUrl(url: string | null): string | null {
  const parsed = url === null || url.length > maxUrlLength ? null : URL.parse(url);
  if (parsed === null) return null;
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') return null;
  parsed.username = '';
  parsed.password = '';
  return parsed.href.length > maxUrlLength ? null : parsed.href;
}

function cleanLanguage(lang: string | null): string | null {
  const primary = lang?.trim().toLowerCase().split(/[-_]/)[0] ?? '';
  return /^[a-z]{2,3}$/.test(primary) && primary !== 'und' ? primary : null;
}

/** Whole numbers from 0 up to a bound that no count of people reaches. */
export function cleanEngagement(engagement: Engagement): Engagement {
  const count = (value: number) => (value > 0 ? Math.min(Math.trunc(value), maxCount) : 0);
  return {
    likes: count(engagement.likes),
    reposts: count(engagement.reposts),
    replies: count(engagement.replies),
    quotes: count(engagement.quotes),
  };
}

function judgeDate(createdAt: number | null, now: number): { createdAt: number; warning: string | null } {
  if (createdAt === null || !Number.isFinite(createdAt)) return { createdAt: now, warning: null };
  const written = Math.trunc(createdAt);
  if (written < earliestDate) {
    return { createdAt: now, warning: `is dated ${year(written)}: taken as written now` };
  }
  if (written > now + clockSkewMs) {
    return { createdAt: now, warning: `is dated ${year(written)}, in the future: taken as written now` };
  }
  return { createdAt: Math.min(written, now), warning: null };
}

function year(at: number): string {
  return Math.abs(at) <= 8.64e15 ? String(new Date(at).getUTCFullYear()) : 'impossibly';
}
