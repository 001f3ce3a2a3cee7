import type { Span } from './insight.ts';
import { parseSearch } from './search-parser.ts';
import { printNode, printValue } from './search-print.ts';

/** What else a search asks for, beside the one that was made. */
export type InsightTerm =
  | {
      readonly field: 'category' | 'sentiment' | 'source' | 'author' | 'tag' | 'status' | 'is' | 'analyzer';
      readonly value: string;
      /** What does not have it. */
      readonly not?: true;
    }
  | { readonly word: string };

/**
 * The search for what was counted: the given one (empty for all signals),
 * narrowed by terms and by when the lead post was written. Times are written in
 * UTC, so that it means the same wherever it is pasted.
 *
 * @param search one that can be read
 */
export function narrowSearch(search: string, terms: readonly InsightTerm[], span?: Partial<Span>): string {
  const parsed = parseSearch(search);
  const node = parsed.ok ? parsed.value.node : null;
  const given = node === null ? [] : [node.node === 'any' ? `(${printNode(node)})` : printNode(node)];
  return [
    ...given,
    ...terms.map(printTerm),
    ...(span?.since === undefined ? [] : [`since:${momentText(span.since)}`]),
    ...(span?.until === undefined ? [] : [`before:${momentText(span.until)}`]),
  ].join(' ');
}

function printTerm(term: InsightTerm): string {
  if ('field' in term) return `${term.not ? '-' : ''}${term.field}:${printValue(term.value)}`;
  return printNode({ node: 'text', text: term.word, prefix: false });
}

/** As short as it is exact: `2026-11-01T09:30Z`. */
function momentText(at: number): string {
  const text = new Date(at).toISOString();
  if (text.endsWith(':00.000Z')) return `${text.slice(0, 16)}Z`;
  return text.endsWith('.000Z') ? `${text.slice(0, 19)}Z` : text;
}
