import { isDeepStrictEqual } from 'node:util';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { editConfigFile } from './replace-file.ts';
import {
  columnAt,
  endOf,
  endOfText,
  insertAt,
  lineEnd,
  newlineOf,
  notEditable,
  readBack,
  readDocument,
} from './splice-text.ts';

/** A source as it stands in the file: name, kind and the options of the kind. */
export type SourceEntry = Readonly<Record<string, unknown>>;

/**
 * Adds sources behind those of a configuration file. All else in it, comments,
 * order, blank lines, stays as it is to the byte. The file is replaced in one
 * step, so that whatever interrupts leaves the old one or the new one.
 *
 * `profile` is the one in force: where it has sources of its own, they are the
 * ones that count, and the new ones join them.
 *
 * @throws UserError `config-not-editable`, `config-changed` or `config-not-written`
 */
export async function addSourcesToFile(
  path: string,
  sources: readonly SourceEntry[],
  profile: string | null,
): Promise<void> {
  await editConfigFile(path, (text) => addSources(text, sources, profile));
}

/** The text of a configuration with sources added. Throws `UserError` `config-not-editable`. */
export function addSources(
  text: string,
  sources: readonly SourceEntry[],
  profile: string | null = null,
): string {
  if (sources.length === 0) return text;
  const document = readDocument(text);
  const place = placeOf(document, profile);
  const wanted = withSources(document, place, sources);
  for (const edit of [spliceSources, restringSources]) {
    const edited = edit(text, document, place, sources);
    // An edit counts only when it reads as the old file with the new sources, and as nothing else.
    if (edited !== null && isDeepStrictEqual(readBack(edited), wanted)) return edited;
  }
  throw notEditable('its sources are written in a way that cannot be added to');
}

/** Where the sources stand: the keys from the top of the file. */
type Place = readonly string[];

function placeOf(document: Document, profile: string | null): Place {
  const own = ['profiles', profile ?? '', 'sources'];
  return profile !== null && document.hasIn(own) ? own : ['sources'];
}

/** What the edited file has to say. */
function withSources(document: Document, place: Place, sources: readonly SourceEntry[]): unknown {
  const root = structuredClone(document.toJS({ maxAliasCount: 1000 }) ?? {}) as Record<string, unknown>;
  const parent = place
    .slice(0, -1)
    .reduce<Record<string, unknown>>((node, key) => node[key] as Record<string, unknown>, root);
  const old = parent.sources ?? [];
  if (!Array.isArray(old)) throw notEditable('its "sources" are not a list');
  // In place: a profile that has the same list by an alias has the new ones too.
  old.push(...sources);
  parent.sources = old;
  return root;
}

/** The new sources as text of their own at the right place; null where there is none to put text. */
function spliceSources(
  text: string,
  document: Document,
  place: Place,
  sources: readonly SourceEntry[],
): string | null {
  const newline = newlineOf(text);
  const list = (indent: number) =>
    stringify(sources, { lineWidth: 0 })
      .trimEnd()
      .split('\n')
      .map((line) => `${' '.repeat(indent)}${line}${newline}`)
      .join('');
  const parent = document.getIn(place.slice(0, -1), true) as YAMLMap | undefined;
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === 'sources')
    : undefined;
  if (pair === undefined) {
    if (place.length > 1 || (isMap(parent) && parent.flow)) return null;
    return insertAt(text, endOfText(text), `sources:${newline}${list(2)}`, newline);
  }
  const { value } = pair;
  if (isSeq(value) && !value.flow && value.items.length > 0) {
    const indent = columnOfItems(text, value);
    const end = endOf(value);
    return indent === null || end === null ? null : insertAt(text, lineEnd(text, end), list(indent), newline);
  }
  const key = pair.key as Node;
  const keyEnd = key.range?.[1];
  if (keyEnd === undefined || isAlias(value)) return null;
  const indent = columnAt(text, key.range?.[0] ?? 0) + 2;
  const isEmptyFlow = isSeq(value) && value.flow && value.items.length === 0 && !value.anchor;
  if (isEmptyFlow && value.range) {
    // "sources: []", maybe with a comment behind it: the brackets go, the comment stays.
    const [start, end] = value.range;
    const cut = `${text.slice(0, start).trimEnd()}${text.slice(end)}`;
    return insertAt(cut, lineEnd(cut, text.slice(0, start).trimEnd().length), list(indent), newline);
  }
  if (isScalar(value) && value.value === null && (value.source ?? '') === '')
    return insertAt(text, lineEnd(text, keyEnd), list(indent), newline);
  return null;
}

/** The whole document written anew: comments and order stay, the setting of lines may change. */
function restringSources(
  text: string,
  _document: Document,
  place: Place,
  sources: readonly SourceEntry[],
): string | null {
  const document = readDocument(text);
  for (const source of sources) {
    if (isSeq(document.getIn(place))) document.addIn(place, document.createNode(source));
    else document.setIn(place, document.createNode([source]));
  }
  const written = document.toString({ lineWidth: 0 });
  return text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written;
}

/** The column of the dashes; null when they do not stand first on their lines. */
function columnOfItems(text: string, list: YAMLSeq): number | null {
  const start = list.range?.[0];
  if (start === undefined || text[start] !== '-') return null;
  const column = columnAt(text, start);
  return text.slice(start - column, start).trim() === '' ? column : null;
}
