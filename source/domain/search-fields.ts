import { sentiments } from './analysis.ts';
import { type FieldNode, searchSorts } from './search.ts';
import { signalStatuses } from './signal.ts';

/** What may stand behind `is:`, and what it means. */
export const isMeanings = {
  echo: 'has at least one echo',
  undecided: 'is in the inbox: nobody has decided yet',
  decided: 'is not in the inbox',
  open: 'is in the inbox or escalated',
  escalated: 'is escalated',
  resolved: 'is resolved',
  dismissed: 'is dismissed',
  snoozed: 'is snoozed',
  regressed: 'was resolved and came up again',
  corrected: 'its category, sentiment or urgency was corrected by a person',
  answered: 'one of its posts has replies, as its source counts them',
  unanalyzed: 'has no analysis yet',
} as const;
export type IsValue = keyof typeof isMeanings;

/** What may stand behind `has:`, and what it means. */
export const hasMeanings = {
  note: 'somebody wrote a note on it',
  tag: 'it has a tag',
  assignee: 'it is assigned to somebody',
  link: 'its lead post is about a page',
  parent: 'its lead post answers another post',
} as const;
export type HasValue = keyof typeof hasMeanings;

type FieldName = FieldNode['field'] | 'sort';

/** One field of the language, as data: parsing, completion, help and errors are made from it. */
export interface SearchField {
  readonly name: FieldName;
  readonly kind: FieldNode['node'] | 'sort';
  readonly aliases: readonly string[];
  /** What it looks at, in a few words. */
  readonly hint: string;
  /** The only values that it takes; null when any does. */
  readonly choices: readonly string[] | null;
  /** Bounds of a number. */
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
  /** A term that could be written. */
  readonly example: string;
}

function words(name: FieldName, hint: string, example: string, more: Partial<SearchField> = {}): SearchField {
  return { name, kind: 'words', aliases: [], hint, choices: null, example, ...more };
}

function number(
  name: FieldName,
  hint: string,
  example: string,
  max: number,
  more: Partial<SearchField> = {},
): SearchField {
  return { name, kind: 'number', aliases: [], hint, choices: null, example, min: 0, max, ...more };
}

function moment(name: FieldName, hint: string, example: string): SearchField {
  return { name, kind: 'moment', aliases: [], hint, choices: null, example };
}

export const searchFields: readonly SearchField[] = [
  words('category', 'what it is about', 'category:bug,outage'),
  words('status', 'what was decided', 'status:inbox', { choices: signalStatuses }),
  words('sentiment', 'how it sounds', 'sentiment:negative', { choices: sentiments }),
  number('urgency', 'how urgent, 0 to 5', 'urgency:>=4', 5, { whole: true }),
  number('score', 'salience now, 0 to 100', 'score:>70', 100, { aliases: ['salience'] }),
  number('echoes', 'how many posts joined it', 'echoes:>3', 1_000_000_000, { whole: true }),
  number('confidence', 'how sure the analysis is, 0 to 1', 'confidence:<0.5', 1),
  moment('since', 'written then or later', 'since:24h'),
  moment('before', 'written earlier', 'before:2026-11-01'),
  moment('seen', 'its newest post was written then or later', 'seen:today'),
  words('source', 'source of the lead post, by name or kind', 'source:hn'),
  words('author', 'who wrote one of its posts', 'author:@joe', { aliases: ['by'] }),
  words('lang', 'language of one of its posts', 'lang:en', { aliases: ['language'] }),
  words('link', 'a site that one of its posts is on or links to', 'link:github.com', { aliases: ['site'] }),
  words('tag', 'a tag', 'tag:login', { aliases: ['tags'] }),
  words('assignee', 'whose it is: me, none, or a name', 'assignee:me'),
  words('is', 'a state', 'is:undecided', { choices: Object.keys(isMeanings) }),
  words('has', 'something that it may have', 'has:note', { choices: Object.keys(hasMeanings) }),
  words('analyzer', 'who made the analysis', 'analyzer:offline'),
  words('id', 'a signal by number', 'id:1234'),
  {
    name: 'sort',
    kind: 'sort',
    aliases: [],
    hint: 'order of the list',
    choices: searchSorts,
    example: 'sort:newest',
  },
];

/** By name or alias, whatever its case. */
export function findField(name: string): SearchField | null {
  const typed = name.toLowerCase();
  return searchFields.find((field) => field.name === typed || field.aliases.includes(typed)) ?? null;
}

export const fieldNames: readonly string[] = searchFields.flatMap(({ name, aliases }) => [name, ...aliases]);
