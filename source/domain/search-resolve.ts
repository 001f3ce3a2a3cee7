import { nearestWord } from './nearest-word.ts';
import { rankForSalience, type ScoreSettings } from './score.ts';
import type { FieldNode, NumberRange, Parsed, SearchNode } from './search.ts';
import { type Condition, type Flag, nothingMatches } from './search-condition.ts';
import type { HasValue, IsValue } from './search-fields.ts';
import { resolveMoment } from './search-moment.ts';
import { unknownCategories, wordsOf } from './search-named.ts';
import { phraseOf } from './search-words.ts';
import type { SignalStatus } from './signal.ts';

/** When, where and by whom a search is run. */
export interface SearchContext {
  /** Milliseconds, UTC. */
  readonly now: number;
  /** IANA name. */
  readonly timeZone: string;
  /** Whom `assignee:me` means. */
  readonly me: string;
  readonly score: Pick<ScoreSettings, 'cap' | 'halfLifeHours'>;
  readonly sources: readonly { readonly name: string; readonly kind: string }[];
  /** Ids of the taxonomy. */
  readonly categories: readonly string[];
  /** Further ids that are no mistake: signals have them from an earlier taxonomy. */
  readonly formerCategories?: readonly string[];
}

/** Short names of kinds of source. */
const kindAliases: Readonly<Record<string, string>> = {
  hn: 'hackernews',
  gh: 'github',
  so: 'stackexchange',
  stackoverflow: 'stackexchange',
  yt: 'youtube',
  bsky: 'bluesky',
  masto: 'mastodon',
  twitter: 'x',
  feed: 'rss',
};

/** What the search means in this context. What can be wrong by now is a source or a category that does not exist. */
export function resolveSearch(node: SearchNode, context: SearchContext, text: string): Parsed<Condition> {
  const source = wordsOf(node, 'source').find((word) => isUnknownSource(word, context));
  if (source !== undefined) {
    const names = context.sources.map(({ name }) => name).slice(0, 10);
    return unknown('source', source, text, names, sourceWords(context));
  }
  const { categories, formerCategories = [] } = context;
  const category = unknownCategories(node, [...categories, ...formerCategories])[0];
  if (category !== undefined) return unknown('category', category, text, categories, categories);
  return { ok: true, value: conditionOf(node, context) };
}

function unknown(
  what: 'source' | 'category',
  word: string,
  text: string,
  names: readonly string[],
  near: readonly string[],
): Parsed<never> {
  const nearest = nearestWord(word, near);
  const plural = what === 'source' ? 'sources' : 'categories';
  const known = names.length === 0 ? `there are no ${plural} yet` : `use ${names.join(', ')}`;
  const fix = nearest === null ? known : `did you mean ${nearest}?`;
  const start = Math.max(0, text.toLowerCase().indexOf(word));
  return {
    ok: false,
    error: { message: `no ${what} is called ${word}`, fix, start, end: start + word.length },
  };
}

function conditionOf(node: SearchNode, context: SearchContext): Condition {
  switch (node.node) {
    case 'all':
    case 'any':
      return { condition: node.node, of: node.terms.map((term) => conditionOf(term, context)) };
    case 'not':
      return { condition: 'not', of: conditionOf(node.term, context) };
    case 'text': {
      const phrase = phraseOf(node.text, node.prefix);
      return phrase === null ? nothingMatches : { condition: 'phrase', in: 'text', phrase };
    }
    default:
      return fieldCondition(node, context);
  }
}

function fieldCondition(node: FieldNode, context: SearchContext): Condition {
  switch (node.node) {
    case 'moment': {
      const at = resolveMoment(node.moment, context.now, context.timeZone);
      if (node.field === 'before') return range('createdAt', { max: at, maxOpen: true });
      return range(node.field === 'since' ? 'createdAt' : 'lastSeenAt', { min: at });
    }
    case 'number':
      return node.field === 'score' ? scoreCondition(node.range, context) : range(node.field, node.range);
    case 'words':
      return wordsCondition(node.field, node.values, context);
  }
}

function wordsCondition(
  field: Extract<FieldNode, { node: 'words' }>['field'],
  values: readonly string[],
  context: SearchContext,
): Condition {
  switch (field) {
    case 'is':
      return any(values.map((value) => isCondition(value as IsValue)));
    case 'has':
      return any(values.map((value) => ({ condition: 'flag', flag: hasFlags[value as HasValue] })));
    case 'id':
      return { condition: 'ids', ids: values.map(Number) };
    case 'author':
      return any(
        values.map((value) => {
          const phrase = phraseOf(value, false);
          return phrase === null ? nothingMatches : { condition: 'phrase', in: 'author', phrase };
        }),
      );
    case 'lang':
      return any(values.map((value) => ({ condition: 'lang', lang: value })));
    case 'link':
      return any(values.map((value) => ({ condition: 'site', site: value })));
    case 'source':
      return {
        condition: 'in',
        field,
        values: [...new Set(values.flatMap((value) => sourcesOf(value, context)))],
      };
    case 'assignee': {
      const names = values.filter((value) => value !== 'none');
      const someone: Condition = {
        condition: 'in',
        field,
        values: names.map((name) => (name === 'me' ? context.me : name)),
      };
      if (names.length === values.length) return someone;
      const nobody: Condition = { condition: 'not', of: { condition: 'flag', flag: 'assigned' } };
      return names.length === 0 ? nobody : any([nobody, someone]);
    }
    default:
      return { condition: 'in', field, values };
  }
}

const hasFlags: Readonly<Record<HasValue, Flag>> = {
  note: 'noted',
  tag: 'tagged',
  assignee: 'assigned',
  link: 'linked',
  parent: 'answering',
};

function isCondition(value: IsValue): Condition {
  const status = (...values: readonly SignalStatus[]): Condition => ({
    condition: 'in',
    field: 'status',
    values,
  });
  switch (value) {
    case 'echo':
      return range('echoes', { min: 1 });
    case 'undecided':
      return status('inbox');
    case 'decided':
      return { condition: 'not', of: status('inbox') };
    case 'open':
      return status('inbox', 'escalated');
    case 'escalated':
    case 'resolved':
    case 'dismissed':
    case 'snoozed':
      return status(value);
    default:
      return { condition: 'flag', flag: value };
  }
}

/**
 * Salience is `min(cap, 2^(rank - now))`, so a bound on it is a bound on the
 * rank. A single number means what a list shows as that number: half a point
 * to each side.
 */
function scoreCondition({ min, minOpen, max, maxOpen }: NumberRange, context: SearchContext): Condition {
  if (min !== undefined && min === max) {
    return scoreCondition(
      { min: Math.max(0, min - 0.5), max: min + 0.5, maxOpen: min < context.score.cap },
      context,
    );
  }
  const { cap } = context.score;
  if (min !== undefined && (minOpen ? min >= cap : min > cap)) return nothingMatches;
  if (max !== undefined && (maxOpen ? max <= 0 : max < 0)) return nothingMatches;
  const rankAt = (salience: number) => rankForSalience(salience, context.now, context.score);
  const low = min === undefined || min <= 0 ? {} : { min: rankAt(min), minOpen: minOpen ?? false };
  const high =
    max === undefined || (maxOpen ? max > cap : max >= cap)
      ? {}
      : max <= 0
        ? null
        : { max: rankAt(max), maxOpen: maxOpen ?? false };
  return high === null ? nothingMatches : range('rank', { ...low, ...high });
}

function range(field: Extract<Condition, { condition: 'range' }>['field'], bounds: NumberRange): Condition {
  return { condition: 'range', field, range: bounds };
}

function any(of: readonly Condition[]): Condition {
  const [only, second] = of;
  return only !== undefined && second === undefined ? only : { condition: 'any', of };
}

/** Names of the sources that a word means: by name, kind or short name of a kind, or else by how these begin. */
function sourcesOf(word: string, { sources }: SearchContext): readonly string[] {
  const kind = kindAliases[word] ?? word;
  const exact = sources.filter((source) => source.name === word || source.kind === kind);
  const found =
    exact.length > 0
      ? exact
      : sources.filter((source) => source.name.startsWith(word) || source.kind.startsWith(word));
  return found.map(({ name }) => name);
}

/** The short name of a kind that is not configured finds nothing; it is no mistake. */
function isUnknownSource(word: string, context: SearchContext): boolean {
  return !Object.hasOwn(kindAliases, word) && sourcesOf(word, context).length === 0;
}

function sourceWords({ sources }: SearchContext): readonly string[] {
  return [...new Set(sources.flatMap(({ name, kind }) => [name, kind])), ...Object.keys(kindAliases)];
}
