import type { JsonFeed } from 'feedsmith';
import type { RawFeed } from './feed-entry.ts';
import { fromJsonItem } from './feed-strict.ts';

/**
 * Reads the items of a JSON Feed that breaks off or is damaged after some of
 * them: each item that is valid JSON by itself, up to the first that is not.
 * Null when the text is no JSON Feed or not even one item can be read.
 */
export function readBrokenJsonFeed(text: string, maxEntries: number): RawFeed | null {
  const start = /"items"\s*:\s*\[/.exec(text);
  if (!text.startsWith('{') || !start || !/"version"\s*:\s*"https?:\\?\/\\?\/jsonfeed\.org/i.test(text))
    return null;
  const entries: RawFeed['entries'][number][] = [];
  let at = start.index + start[0].length;
  while (entries.length < maxEntries) {
    const end = endOfObject(text, at);
    if (end === -1) break;
    const item = parseObject(text.slice(text.indexOf('{', at), end));
    if (item === null) break;
    entries.push(fromJsonItem(item));
    at = end;
  }
  return entries.length === 0 ? null : { format: 'json', entries, breaksOff: true };
}

/** Position after the object that begins at or after `from`; -1 when there is none, or it never ends. */
function endOfObject(text: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (char === ']' && depth === 0) return -1;
  }
  return -1;
}

/** Only fields of the types that the format has: the text comes from a stranger. */
function parseObject(json: string): JsonFeed.Item<string> | null {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return null;
    const strings = Object.entries(value).filter(([, member]) => typeof member === 'string');
    const authors = 'authors' in value && Array.isArray(value.authors) ? value.authors : [];
    const names = authors.map((author: unknown) =>
      typeof author === 'object' && author !== null && 'name' in author ? String(author.name) : '',
    );
    return { ...Object.fromEntries(strings), authors: names.map((name) => ({ name })) };
  } catch {
    return null;
  }
}
