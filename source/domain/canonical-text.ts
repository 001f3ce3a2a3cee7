/**
 * Text as it counts for comparison: no repost marks, mentions, links,
 * punctuation or case, so that copies, quotes and cross-posts of one text meet.
 */
export function canonicalText(title: string | null, text: string): string {
  const whole = title === null || text.startsWith(title) ? text : `${title} ${text}`;
  return whole
    .normalize('NFKC')
    .toLowerCase()
    .replace(/https?:\/\/\S+|www\.\S+/g, ' ')
    .replace(/(^|\s)(?:rt|via|mt)\s+@[\w.@-]+:?/g, ' ')
    .replace(/@[\w.-]+(?:@[\w.-]+)?/g, ' ')
    .replace(/[^\p{L}\p{N}\p{Extended_Pictographic}]+/gu, ' ')
    .trim();
}

const repostMark = /(?:^|\s)(?:RT|MT|QT)\s+@[\w.@-]+:?\s/;
const minQuote = 12;
const quotedPost = /["“”«]\s*@[\w.@-]+:?\s([^"“”»]{12,})/;
/** A remark longer than this, and than what it remarks on, is a statement of its own. */
const maxRemarkWords = 12;

/** What a post passes on with a remark of its own: `remark RT @name: this`, `“@name: this” remark`. Null when nothing. */
export function quotedText(text: string): string | null {
  const mark = repostMark.exec(text);
  const quote = quotedPost.exec(text);
  const quoted = mark === null ? (quote?.[1] ?? null) : text.slice(mark.index + mark[0].length);
  if (quoted === null) return null;
  const quotedWords = quoted.split(/\s+/).length;
  const remarkWords = text.split(/\s+/).length - quotedWords;
  const core = canonicalText(null, quoted);
  return core.length >= minQuote && remarkWords <= Math.max(maxRemarkWords, quotedWords) ? quoted : null;
}

/** A headline without what its place puts behind it: "… - The Daily", "… | Site", "… (2016)", "… [pdf]". */
export function headlines(title: string | null, text: string): readonly string[] {
  const headline = title ?? text;
  if (headline.length > 200 || headline.includes('\n')) return [];
  const bare = headline.replace(/\s*(?:\((?:19|20)\d\d\)|\[(?:pdf|video|audio)\])\s*$/i, '');
  const [, before, place = ''] = /^(.*\S)\s+[-–—|]\s+(\S.*)$/.exec(bare) ?? [];
  const trimmed = before !== undefined && place.split(/\s+/).length <= 4 ? before : bare;
  if (trimmed === headline) return [];
  const canonical = canonicalText(null, trimmed);
  // A name alone ("Acme Notes - Release 2") is no headline.
  return canonical.split(' ').length >= 4 ? [canonical] : [];
}
