import {
  maxSearchDepth,
  maxSearchTerms,
  type Parsed,
  type Search,
  type SearchError,
  type SearchNode,
  type SearchSort,
} from './search.ts';
import { findField } from './search-fields.ts';
import { type SearchToken, tokenize } from './search-lexer.ts';
import { readField, readText, wrong } from './search-terms.ts';

/**
 * Reads a search. Terms side by side must all be true; OR binds less, `-` and
 * NOT bind most, brackets group. Never throws: what is wrong is the result,
 * with its place in the text.
 */
export function parseSearch(text: string): Parsed<Search> {
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  if (tokens.value.length > maxSearchTerms) {
    const start = tokens.value[maxSearchTerms]?.start ?? 0;
    return wrong('too many terms', `use ${maxSearchTerms} or fewer`, { start, end: text.length });
  }
  try {
    const parser = new Parser(tokens.value, text.length);
    return { ok: true, value: parser.readSearch() };
  } catch (thrown) {
    if (thrown instanceof Mistake) return { ok: false, error: thrown.error };
    throw thrown;
  }
}

/** Carries an error out of the recursion; it never leaves this file. */
class Mistake extends Error {
  readonly error: SearchError;

  constructor(error: SearchError) {
    super(error.message);
    this.error = error;
  }
}

class Parser {
  readonly #tokens: readonly SearchToken[];
  readonly #end: number;
  #next = 0;
  #sort: SearchSort | null = null;

  constructor(tokens: readonly SearchToken[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  readSearch(): Search {
    const node = this.#tokens.length === 0 ? null : this.#readAny(0);
    const left = this.#tokens[this.#next];
    if (left !== undefined)
      fail('a bracket is closed that was never opened', 'leave it out, or write ( before', left);
    return { node, sort: this.#sort };
  }

  /** Null when there was nothing but a sort. */
  #readAny(depth: number): SearchNode | null {
    const terms: (SearchNode | null)[] = [this.#readAll(depth)];
    while (this.#tokens[this.#next]?.token === 'or') {
      const or = this.#tokens[this.#next] as SearchToken;
      this.#next += 1;
      terms.push(this.#readAll(depth));
      if (terms.at(-1) === null || terms.at(-2) === null) {
        fail('OR needs a term on both sides', 'write checkout OR payment', or);
      }
    }
    return join(
      'any',
      terms.filter((term) => term !== null),
    );
  }

  #readAll(depth: number): SearchNode | null {
    const terms: SearchNode[] = [];
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token === undefined || token.token === 'or' || token.token === 'close') break;
      if (token.token === 'and') {
        this.#next += 1;
        const behind = this.#tokens[this.#next];
        if (terms.length === 0 || behind === undefined || behind.token === 'or' || behind.token === 'close') {
          fail('AND needs a term on both sides', 'leave it out: terms side by side must all be true', token);
        }
        continue;
      }
      const term = this.#readTerm(depth);
      if (term !== null) terms.push(term);
    }
    return join('all', terms);
  }

  #readTerm(depth: number): SearchNode | null {
    const token = this.#tokens[this.#next];
    if (token === undefined) return fail('something is missing at the end', 'write a term', this.#atEnd());
    if (depth > maxSearchDepth)
      return fail('too many brackets', `use ${maxSearchDepth} levels or fewer`, token);
    this.#next += 1;
    switch (token.token) {
      case 'not': {
        const behind = this.#tokens[this.#next];
        if (behind === undefined || ['or', 'and', 'close'].includes(behind.token)) {
          return fail('nothing to leave out', 'write a term right behind it: -refund', token);
        }
        if (behind.token === 'field' && findField(behind.name)?.kind === 'sort') {
          return fail('an order cannot be negated', 'write sort:oldest instead', token);
        }
        const term = this.#readTerm(depth + 1);
        return term === null ? null : { node: 'not', term };
      }
      case 'open': {
        const inner = this.#readAny(depth + 1);
        if (this.#tokens[this.#next]?.token !== 'close') {
          return fail('the bracket is not closed', 'write ) where it ends', token);
        }
        this.#next += 1;
        return inner ?? fail('there is nothing in the brackets', 'write a term, or leave them out', token);
      }
      case 'text':
        return taken(readText(token));
      case 'field': {
        const term = taken(readField(token));
        if ('node' in term) return term.node;
        if (depth > 0)
          return fail('the order is of the whole list', 'write sort: outside of brackets', token);
        if (this.#sort !== null) return fail('there are two orders', 'leave one out', token);
        this.#sort = term.sort;
        return null;
      }
      default:
        return fail('something is missing here', 'write a term', token);
    }
  }

  #atEnd(): { start: number; end: number } {
    return { start: this.#end, end: this.#end };
  }
}

function taken<Value>(parsed: Parsed<Value>): Value {
  if (!parsed.ok) throw new Mistake(parsed.error);
  return parsed.value;
}

function fail(message: string, fix: string, at: { readonly start: number; readonly end: number }): never {
  throw new Mistake(wrong(message, fix, at).error);
}

/** One term needs no group, and a group within one of its kind is part of it. */
function join(node: 'all' | 'any', terms: readonly SearchNode[]): SearchNode | null {
  const [only, second] = terms;
  if (only === undefined || second === undefined) return only ?? null;
  return { node, terms: terms.flatMap((term) => (term.node === node ? term.terms : [term])) };
}
