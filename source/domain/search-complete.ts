import { findField, hasMeanings, isMeanings, type SearchField, searchFields } from './search-fields.ts';
import { dayWords } from './search-moment.ts';
import { printValue } from './search-print.ts';

/** What this store holds that could be searched for; newest or most used first. */
export interface SearchVocabulary {
  readonly sources: readonly { readonly name: string; readonly kind: string }[];
  /** Ids of the taxonomy, most pressing first. */
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  readonly assignees: readonly string[];
}

/** Replace the characters `from` to `to` of the search by one of the candidates. */
export interface SearchCompletion {
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly SearchCandidate[];
}

export interface SearchCandidate {
  readonly text: string;
  /** What it means, in a few words; may be empty. */
  readonly hint: string;
}

const maxCandidates = 20;

const sortHints: Readonly<Record<string, string>> = {
  rank: 'most salient first',
  newest: 'written last first',
  oldest: 'written first first',
  echoes: 'most echoes first, then most salient',
  urgent: 'most urgent first, then most salient',
};

/** What could be written at the cursor; no candidates inside of quotation marks or behind a whole word. */
export function completeSearch(text: string, cursor: number, vocabulary: SearchVocabulary): SearchCompletion {
  const at = Math.max(0, Math.min(cursor, text.length));
  const nothing = { from: at, to: at, candidates: [] };
  const { start, quoted } = wordAt(text, at);
  if (quoted) return nothing;
  const to = at + (/^[^\s()",:]*/.exec(text.slice(at))?.[0].length ?? 0);
  const typed = text.slice(start, at);
  const [, name, value = ''] = /^([a-z]+):(.*)$/is.exec(typed) ?? [];
  if (name === undefined) {
    const candidates = searchFields
      .filter((field) => field.name.startsWith(typed.toLowerCase()))
      .map((field) => ({ text: `${field.name}:`, hint: field.hint }));
    // The colon that is there already is part of what a name replaces.
    return { from: start, to: text[to] === ':' ? to + 1 : to, candidates };
  }
  const field = findField(name);
  if (field === null) return nothing;
  const piece = value.slice(value.lastIndexOf(',') + 1);
  const wanted = piece.toLowerCase();
  const candidates = valuesOf(field, vocabulary)
    .filter((candidate) => candidate.text.toLowerCase().startsWith(wanted))
    .slice(0, maxCandidates)
    .map(({ text: full, hint }) => ({ text: field.kind === 'words' ? printValue(full) : full, hint }));
  return { from: at - piece.length, to, candidates };
}

/** Where the word at the cursor begins, behind its "-"; and whether the cursor is inside of quotation marks. */
function wordAt(text: string, at: number): { start: number; quoted: boolean } {
  let start = 0;
  let quoted = false;
  for (let index = 0; index < at; index += 1) {
    const character = text[index] ?? '';
    if (quoted && character === '\\') index += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && /[\s()]/.test(character)) start = index + 1;
  }
  while (start < at && text[start] === '-') start += 1;
  return { start, quoted };
}

function valuesOf(field: SearchField, vocabulary: SearchVocabulary): readonly SearchCandidate[] {
  const plain = (values: readonly string[], hint = '') => values.map((text) => ({ text, hint }));
  switch (field.name) {
    case 'is':
      return Object.entries(isMeanings).map(([text, hint]) => ({ text, hint }));
    case 'has':
      return Object.entries(hasMeanings).map(([text, hint]) => ({ text, hint }));
    case 'sort':
      return (field.choices ?? []).map((text) => ({ text, hint: sortHints[text] ?? '' }));
    case 'source':
      return [
        ...vocabulary.sources.map(({ name, kind }) => ({ text: name, hint: kind })),
        ...plain([...new Set(vocabulary.sources.map(({ kind }) => kind))], 'every source of this kind'),
      ].filter(({ text }, index, all) => all.findIndex((each) => each.text === text) === index);
    case 'category':
      return plain(vocabulary.categories);
    case 'tag':
      return plain(vocabulary.tags);
    case 'assignee':
      return [
        { text: 'me', hint: 'yours' },
        { text: 'none', hint: 'nobody’s' },
        ...plain(vocabulary.assignees),
      ];
    default:
      if (field.choices !== null) return plain(field.choices);
      if (field.kind === 'moment') return plain(['1h', '24h', '7d', '30d', ...dayWords]);
      if (field.kind === 'number') return plain([field.example.slice(field.name.length + 1)], field.hint);
      return [];
  }
}
