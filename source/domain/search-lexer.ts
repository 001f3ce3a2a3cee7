import { maxSearchLength, type Parsed } from './search.ts';

interface Span {
  readonly start: number;
  /** One behind the last character. */
  readonly end: number;
}

export interface SearchValue extends Span {
  readonly text: string;
}

export interface FieldToken extends Span {
  readonly token: 'field';
  readonly name: string;
  readonly comparison: '' | '=' | '<' | '<=' | '>' | '>=';
  /** At least one; a value may be empty. */
  readonly values: readonly SearchValue[];
}

export type SearchToken =
  | (Span & { readonly token: 'open' | 'close' | 'or' | 'and' | 'not' })
  | (Span & { readonly token: 'text'; readonly text: string; readonly prefix: boolean })
  | FieldToken;

const keywords: Readonly<Record<string, 'or' | 'and' | 'not'>> = { OR: 'or', AND: 'and', NOT: 'not' };

// A colon that is doubled or begins "//" belongs to a word: std::move, https://….
const fieldPattern = /([A-Za-z]+):(?!:|\/\/)/y;
const comparisonPattern = /[<>]=?|=/y;
const barePattern = /[^\s()"]+/y;
const bareValuePattern = /[^\s()",]*/y;
const spacePattern = /\s*/y;

/** Cuts a search into its parts. Only an open quotation mark and too long a text are wrong at this level. */
export function tokenize(text: string): Parsed<readonly SearchToken[]> {
  if (text.length > maxSearchLength) {
    const fix = `shorten it to ${maxSearchLength} characters`;
    return {
      ok: false,
      error: { message: 'too long a search', fix, start: maxSearchLength, end: text.length },
    };
  }
  const tokens: SearchToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  const takeQuoted = (): string | null => {
    let quoted = '';
    for (let next = at + 1; next < text.length; next += 1) {
      const character = text[next];
      if (character === '"') {
        at = next + 1;
        return quoted;
      }
      if (character === '\\' && (text[next + 1] === '"' || text[next + 1] === '\\')) next += 1;
      quoted += text[next];
    }
    return null;
  };
  const unclosed = (start: number) =>
    ({
      ok: false,
      error: {
        message: 'the quotation mark is not closed',
        fix: 'put another " where the words end',
        start,
        end: text.length,
      },
    }) as const;

  while (take(spacePattern) !== null && at < text.length) {
    const start = at;
    const character = text[at];
    const simple = character === '(' ? 'open' : character === ')' ? 'close' : null;
    if (simple !== null || (character === '-' && /[^\s]/.test(text[at + 1] ?? ''))) {
      at += 1;
      tokens.push({ token: simple ?? 'not', start, end: at });
    } else if (character === '"') {
      const quoted = takeQuoted();
      if (quoted === null) return unclosed(start);
      const prefix = text[at] === '*';
      if (prefix) at += 1;
      tokens.push({ token: 'text', text: quoted, prefix, start, end: at });
    } else {
      const name = take(fieldPattern)?.[1];
      if (name === undefined) {
        tokens.push(bareToken(take(barePattern)?.[0] ?? '', start, at));
        continue;
      }
      const comparison = (take(comparisonPattern)?.[0] ?? '') as FieldToken['comparison'];
      const values: SearchValue[] = [];
      do {
        if (values.length > 0) at += 1;
        const from = at;
        const value = text[at] === '"' ? takeQuoted() : (take(bareValuePattern)?.[0] ?? '');
        if (value === null) return unclosed(from);
        values.push({ text: value, start: from, end: at });
      } while (text[at] === ',');
      tokens.push({ token: 'field', name, comparison, values, start, end: at });
    }
  }
  return { ok: true, value: tokens };
}

function bareToken(text: string, start: number, end: number): SearchToken {
  const keyword = Object.hasOwn(keywords, text) ? keywords[text] : undefined;
  if (keyword !== undefined) return { token: keyword, start, end };
  const prefix = text.endsWith('*');
  return { token: 'text', text: prefix ? text.slice(0, -1) : text, prefix, start, end };
}
