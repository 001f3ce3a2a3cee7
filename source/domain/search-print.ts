import type { NumberRange, Search, SearchNode } from './search.ts';
import { printMoment } from './search-moment.ts';

/** The search in its one canonical form; reading that again gives the same search. */
export function printSearch({ node, sort }: Search): string {
  const order = sort === null ? [] : [`sort:${sort}`];
  if (node === null) return order.join('');
  // "a OR b sort:newest" would read as if the order were part of the second.
  return [order.length > 0 && node.node === 'any' ? `(${printNode(node)})` : printNode(node), ...order].join(
    ' ',
  );
}

export function printNode(node: SearchNode): string {
  switch (node.node) {
    case 'all':
      return node.terms
        .map((term) => (term.node === 'any' ? `(${printNode(term)})` : printNode(term)))
        .join(' ');
    case 'any':
      return node.terms.map(printNode).join(' OR ');
    case 'not': {
      const { term } = node;
      return term.node === 'all' || term.node === 'any' ? `-(${printNode(term)})` : `-${printNode(term)}`;
    }
    case 'text':
      return `${isPlainText(node.text) ? node.text : quote(node.text)}${node.prefix ? '*' : ''}`;
    case 'words':
      return `${node.field}:${node.values.map(printValue).join(',')}`;
    case 'number':
      return `${node.field}:${printRange(node.range)}`;
    case 'moment':
      return `${node.field}:${printMoment(node.moment)}`;
  }
}

/** As it can stand behind a field: quoted if need be. */
export function printValue(value: string): string {
  // A field is none before "::" and "://".
  return /^(?!:|\/\/)[^\s()",<>=][^\s()",]*$/.test(value) ? value : quote(value);
}

function printRange({ min, minOpen, max, maxOpen }: NumberRange): string {
  if (min !== undefined && max !== undefined) return min === max ? `${min}` : `${min}..${max}`;
  if (min !== undefined) return `${minOpen ? '>' : '>='}${min}`;
  return `${maxOpen ? '<' : '<='}${max}`;
}

function isPlainText(text: string): boolean {
  return /^[\p{L}\p{N}][^\s()":*]*$/u.test(text) && !['OR', 'AND', 'NOT'].includes(text);
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
