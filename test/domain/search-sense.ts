import type { NumberRange, SearchNode } from '../../source/domain/search.ts';
import { resolveMoment } from '../../source/domain/search-moment.ts';

/** One signal with all that a search may ask of it, read from the tables as they are. */
export interface PlainSignal {
  readonly id: number;
  readonly status: string;
  readonly source: string;
  readonly kind: string;
  readonly category: string | null;
  readonly sentiment: string | null;
  readonly urgency: number | null;
  readonly echoes: number;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly rank: number | null;
  readonly salience: number | null;
  readonly assignee: string | null;
  readonly regressed: number;
  readonly analyzedAt: number | null;
  readonly analysis: { readonly analyzer: string; readonly confidence: number } | null;
  readonly tags: readonly string[];
  readonly notes: number;
  readonly labels: number;
  readonly posts: readonly PlainPost[];
}

export interface PlainPost {
  readonly title: string | null;
  readonly text: string;
  readonly author: string | null;
  readonly url: string | null;
  readonly link: string | null;
  readonly lang: string | null;
  readonly replies: number;
  readonly parentUrl: string | null;
  readonly parentText: string | null;
}

export interface Sense {
  readonly now: number;
  readonly timeZone: string;
  readonly me: string;
}

/**
 * The language as docs/search.md explains it, read off one signal the plain
 * and slow way; what the store answers is held against it.
 */
export function isFound(node: SearchNode, signal: PlainSignal, sense: Sense): boolean {
  switch (node.node) {
    case 'all':
      return node.terms.every((term) => isFound(term, signal, sense));
    case 'any':
      return node.terms.some((term) => isFound(term, signal, sense));
    case 'not':
      return !isFound(node.term, signal, sense);
    case 'text':
      return signal.posts.some(({ title, text, author }) =>
        [title, text, author].some((part) => part !== null && standsIn(node.text, part, node.prefix)),
      );
    case 'moment': {
      const at = resolveMoment(node.moment, sense.now, sense.timeZone);
      if (node.field === 'before') return signal.createdAt < at;
      return (node.field === 'since' ? signal.createdAt : signal.lastSeenAt) >= at;
    }
    case 'number': {
      const { range } = node;
      if (node.field !== 'score') {
        const value =
          node.field === 'confidence' ? (signal.analysis?.confidence ?? null) : signal[node.field];
        return isWithin(value, range);
      }
      const shown = range.min === range.max && range.min !== undefined;
      if (!shown || signal.salience === null) return isWithin(signal.salience, range);
      return signal.salience >= (range.min ?? 0) - 0.5 && signal.salience < (range.min ?? 0) + 0.5;
    }
    case 'words':
      return node.values.some((value) => hasWord(node.field, value, signal, sense));
  }
}

function hasWord(field: string, value: string, signal: PlainSignal, { me }: Sense): boolean {
  switch (field) {
    case 'category':
    case 'status':
    case 'sentiment':
      return signal[field] === value;
    case 'source':
      return signal.source === value || signal.kind === value;
    case 'tag':
      return signal.tags.includes(value);
    case 'assignee':
      return value === 'none' ? signal.assignee === null : signal.assignee === (value === 'me' ? me : value);
    case 'analyzer':
      return signal.analysis?.analyzer === value;
    case 'id':
      return String(signal.id) === value;
    case 'author':
      return signal.posts.some(({ author }) => author !== null && standsIn(value, author, false));
    case 'lang':
      return signal.posts.some(({ lang }) => lang === value);
    case 'link':
      return signal.posts.some(({ url, link }) =>
        [url, link].some((address) => {
          const host = address === null ? '' : new URL(address).hostname;
          return host === value || host.endsWith(`.${value}`);
        }),
      );
    case 'is':
      return isState(value, signal);
    case 'has':
      return hasThing(value, signal);
    default:
      throw new Error(`no such field: ${field}`);
  }
}

function isState(value: string, signal: PlainSignal): boolean {
  switch (value) {
    case 'echo':
      return signal.posts.length > 1;
    case 'undecided':
      return signal.status === 'inbox';
    case 'decided':
      return signal.status !== 'inbox';
    case 'open':
      return signal.status === 'inbox' || signal.status === 'escalated';
    case 'regressed':
      return signal.regressed === 1;
    case 'corrected':
      return signal.labels > 0;
    case 'answered':
      return signal.posts.some(({ replies }) => replies > 0);
    case 'unanalyzed':
      return signal.analyzedAt === null;
    default:
      return signal.status === value;
  }
}

function hasThing(value: string, signal: PlainSignal): boolean {
  const [lead] = signal.posts;
  switch (value) {
    case 'note':
      return signal.notes > 0;
    case 'tag':
      return signal.tags.length > 0;
    case 'assignee':
      return signal.assignee !== null;
    case 'link':
      return lead?.link != null;
    default:
      return lead?.parentUrl != null || lead?.parentText != null;
  }
}

function isWithin(value: number | null, { min, minOpen, max, maxOpen }: NumberRange): boolean {
  if (value === null) return false;
  if (min !== undefined && (minOpen ? value <= min : value < min)) return false;
  return !(max !== undefined && (maxOpen ? value >= max : value > max));
}

/**
 * Whether the words stand in the text, whole and in this order; written with
 * regular expressions on plain text, unlike the program. Enough for the
 * vocabulary of the tests: Latin words, and Japanese that is found anywhere.
 */
function standsIn(wanted: string, text: string, prefix: boolean): boolean {
  const plain = (each: string) =>
    each
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .normalize('NFC')
      .toLowerCase();
  const parts = plain(wanted)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  const isJapanese = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u;
  const behind = prefix || isJapanese.test(last) ? '' : '(?![\\p{L}\\p{N}])';
  const before = isJapanese.test(parts[0] ?? '') ? '' : '(?<![\\p{L}\\p{N}])';
  return new RegExp(`${before}${parts.join('[^\\p{L}\\p{N}]+')}${behind}`, 'u').test(plain(text));
}
