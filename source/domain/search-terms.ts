import { nearestWord } from './nearest-word.ts';
import {
  type FieldNode,
  type MomentField,
  type NumberField,
  type NumberRange,
  type Parsed,
  type SearchError,
  type SearchNode,
  type SearchSort,
  searchSorts,
  type WordField,
} from './search.ts';
import { fieldNames, findField, type SearchField } from './search-fields.ts';
import type { FieldToken, SearchToken, SearchValue } from './search-lexer.ts';
import { parseMoment } from './search-moment.ts';
import { phraseOf, siteOf } from './search-words.ts';

type TextToken = Extract<SearchToken, { token: 'text' }>;

/** The sort that a term asks for, or what it looks for. */
export type Term = { readonly sort: SearchSort } | { readonly node: SearchNode };

const shortestPrefix = 2;

export function readText({ text, prefix, start, end }: TextToken): Parsed<SearchNode> {
  const phrase = phraseOf(text, false);
  if (phrase === null)
    return wrong('nothing to look for', 'give at least one letter or digit', { start, end });
  // A single Chinese or Japanese character is much of a word; a single letter begins a good part of all words.
  if (prefix && !phrase.prefix && [...(phrase.words.at(-1) ?? '')].length < shortestPrefix) {
    return wrong('too short a beginning', `give ${shortestPrefix} letters or more before the *`, {
      start,
      end,
    });
  }
  return { ok: true, value: { node: 'text', text, prefix } };
}

export function readField(token: FieldToken): Parsed<Term> {
  const field = findField(token.name);
  const { start } = token;
  if (field === null) {
    const nearest = nearestWord(token.name, fieldNames);
    const fix =
      nearest === null
        ? `put it in quotation marks to look for the words, or use a field: ${fieldNames.slice(0, 6).join(', ')}, …`
        : `did you mean ${findField(nearest)?.name ?? nearest}?`;
    return wrong('unknown field', fix, { start, end: start + token.name.length });
  }
  const empty = token.values.find(({ text }) => text.trim() === '');
  if (empty !== undefined) {
    return wrong(
      `${field.name} needs a value`,
      `write ${field.example}, with no space behind the colon`,
      token,
    );
  }
  switch (field.kind) {
    case 'number':
      return asNode(readNumbers(field, token));
    case 'moment':
      return asNode(readWhen(field, token));
    case 'sort':
      return readSort(field, token);
    case 'words':
      return asNode(readWords(field, token));
  }
}

function asNode(parsed: Parsed<FieldNode>): Parsed<Term> {
  return parsed.ok ? { ok: true, value: { node: parsed.value } } : parsed;
}

function readSort(field: SearchField, token: FieldToken): Parsed<Term> {
  const single = onlyValue(field, token);
  if (!single.ok) return single;
  const sort = searchSorts.find((each) => each === single.value.text.toLowerCase());
  return sort === undefined ? notAChoice(field, single.value) : { ok: true, value: { sort } };
}

function readWords(field: SearchField, token: FieldToken): Parsed<FieldNode> {
  if (token.comparison !== '' && token.comparison !== '=') {
    return wrong(`${field.name} cannot be compared`, `write ${field.example}`, token);
  }
  const values: string[] = [];
  for (const value of token.values) {
    const read = readWord(field, value);
    if (!read.ok) return read;
    if (!values.includes(read.value)) values.push(read.value);
  }
  return { ok: true, value: { node: 'words', field: field.name as WordField, values } };
}

function readWord(field: SearchField, value: SearchValue): Parsed<string> {
  const typed = value.text.trim();
  if (field.choices !== null) {
    const choice = field.choices.find((each) => each === typed.toLowerCase());
    return choice === undefined ? notAChoice(field, value) : { ok: true, value: choice };
  }
  switch (field.name) {
    case 'id':
      return /^\d{1,15}$/.test(typed)
        ? { ok: true, value: String(Number(typed)) }
        : wrong(`${typed} is no number of a signal`, `write ${field.example}`, value);
    case 'author': {
      const name = typed.replace(/^[@\s]+/, '');
      return phraseOf(name, false) === null
        ? wrong('nothing to look for', 'give at least one letter or digit of the name', value)
        : { ok: true, value: name };
    }
    case 'link': {
      const site = siteOf(`http://${typed.replace(/^[a-z][a-z\d+.-]*:\/\//i, '')}`);
      return site === null || phraseOf(site, false) === null
        ? wrong(`${typed} is no site`, `write ${field.example}`, value)
        : { ok: true, value: site };
    }
    case 'assignee':
      return { ok: true, value: typed.replace(/^[@\s]+/, '') || typed };
    default:
      return { ok: true, value: typed.toLowerCase() };
  }
}

function readWhen(field: SearchField, token: FieldToken): Parsed<FieldNode> {
  if (token.comparison !== '') {
    return wrong(`${field.name} cannot be compared`, `write ${field.example}`, token);
  }
  const single = onlyValue(field, token);
  if (!single.ok) return single;
  const moment = parseMoment(single.value.text.trim());
  if (moment === null) {
    const fix = 'write a span (90m, 24h, 7d), a date (2026-11-01), today, yesterday or a weekday';
    return wrong('no time', fix, single.value);
  }
  return { ok: true, value: { node: 'moment', field: field.name as MomentField, moment } };
}

function readNumbers(field: SearchField, token: FieldToken): Parsed<FieldNode> {
  const single = onlyValue(field, token);
  if (!single.ok) return single;
  const { text } = single.value;
  const span = /^(\d+(?:\.\d+)?)?\.\.(\d+(?:\.\d+)?)?$/.exec(text);
  const plain = /^\d+(?:\.\d+)?$/.test(text) ? numberOf(text) : null;
  const example = `write ${field.example}, or a range such as ${field.name}:${field.max === 1 ? '0.5..0.8' : '3..5'}`;
  let range: NumberRange | null = null;
  if (plain !== null) range = compared(token.comparison, plain);
  else if (span !== null && token.comparison === '' && text !== '..') {
    range = {
      ...(span[1] === undefined ? {} : { min: numberOf(span[1]) }),
      ...(span[2] === undefined ? {} : { max: numberOf(span[2]) }),
    };
  }
  if (range === null) return wrong(`${text} is no number for ${field.name}`, example, single.value);
  const ends = [range.min, range.max].filter((end) => end !== undefined);
  if (field.whole && ends.some((end) => !Number.isInteger(end))) {
    return wrong(`${field.name} counts in whole numbers`, example, single.value);
  }
  if (ends.some((end) => end > (field.max ?? Infinity))) {
    return wrong(`${field.name} goes from ${field.min} to ${field.max}`, example, single.value);
  }
  if (range.min !== undefined && range.max !== undefined && range.min > range.max) {
    return wrong('the range is empty', `write ${field.name}:${range.max}..${range.min}`, single.value);
  }
  return { ok: true, value: { node: 'number', field: field.name as NumberField, range } };
}

/** To six decimals: smaller numbers would be printed as 1e-7, which is none here. */
function numberOf(digits: string): number {
  return Number(Number(digits).toFixed(6));
}

function compared(comparison: FieldToken['comparison'], value: number): NumberRange {
  switch (comparison) {
    case '>':
      return { min: value, minOpen: true };
    case '>=':
      return { min: value };
    case '<':
      return { max: value, maxOpen: true };
    case '<=':
      return { max: value };
    default:
      return { min: value, max: value };
  }
}

function onlyValue(field: SearchField, token: FieldToken): Parsed<SearchValue> {
  const [value, second] = token.values;
  if (value !== undefined && second === undefined) return { ok: true, value };
  return wrong(`${field.name} takes one value`, `write ${field.example}`, token);
}

function notAChoice(field: SearchField, value: SearchValue): Parsed<never> {
  const choices = field.choices ?? [];
  const nearest = nearestWord(value.text, choices);
  const fix = nearest === null ? `use ${choices.join(', ')}` : `did you mean ${nearest}?`;
  return wrong(`${field.name} is never ${value.text}`, fix, value);
}

export function wrong(
  message: string,
  fix: string,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly ok: false; readonly error: SearchError } {
  return { ok: false, error: { message, fix, start, end } };
}
