import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, type Node, type Pair, stringify } from 'yaml';
import type { ScoreChange } from '../domain/score-settings.ts';
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

/**
 * Sets weights of the score in a configuration file. All else in it stays as
 * it is to the byte. Where the profile in force has a weight of its own, that
 * is the one that counts, and the one that is changed.
 *
 * @throws UserError `config-not-editable`, `config-changed` or `config-not-written`
 */
export async function setScoreInFile(
  path: string,
  change: ScoreChange,
  profile: string | null,
): Promise<void> {
  await editConfigFile(path, (text) => setScore(text, change, profile));
}

/** The text of a configuration with the weights set. Throws `UserError` `config-not-editable`. */
export function setScore(text: string, change: ScoreChange, profile: string | null = null): string {
  return Object.entries(change).reduce((edited, [name, value]) => setOne(edited, name, value, profile), text);
}

/** Keys from the top of the file. */
type Path = readonly string[];

function setOne(text: string, name: string, value: number, profile: string | null): string {
  const document = readDocument(text);
  const general: Path = ['score', ...name.split('.')];
  const own: Path = ['profiles', profile ?? '', ...general];
  const path = profile !== null && document.hasIn(own) ? own : general;
  const wanted = withValue(document, path, value);
  for (const edit of [splice, restring]) {
    const edited = edit(text, document, path, value);
    // An edit counts only when it reads as the old file with the new value, and as nothing else.
    if (edited !== null && isDeepStrictEqual(readBack(edited), wanted)) return edited;
  }
  throw notEditable(`its "${path.join('.')}" is written in a way that cannot be changed alone`);
}

/** What the edited file has to say. */
function withValue(document: Document, path: Path, value: number): unknown {
  // Through JSON: what an alias repeats is told apart from what it repeats.
  const root = (JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 1000 }) ?? {})) ?? {}) as Record<
    string,
    unknown
  >;
  let node = root;
  for (const key of path.slice(0, -1)) {
    const next = node[key] ?? {};
    if (typeof next !== 'object' || Array.isArray(next)) throw notEditable(`its "${key}" is not a mapping`);
    node[key] = next;
    node = next as Record<string, unknown>;
  }
  node[path.at(-1) ?? ''] = value;
  return root;
}

/** The number in the place of the old one, or a line of its own behind the last of its mapping. */
function splice(text: string, document: Document, path: Path, value: number): string | null {
  const newline = newlineOf(text);
  let node: unknown = document.contents;
  let parent: Pair | null = null;
  for (const [depth, key] of path.entries()) {
    const rest = path.slice(depth);
    if (!isMap(node))
      return parent === null ? appended(text, rest, value, newline) : below(text, parent, rest, value);
    const pair = node.items.find((entry) => isScalar(entry.key) && String(entry.key.value) === key);
    if (pair === undefined) {
      if (depth === 0 && !node.flow) return appended(text, rest, value, newline);
      if (node.flow) return withinBraces(text, node, rest, value);
      const [first] = node.items;
      const start = (first?.key as Node | undefined)?.range?.[0];
      const end = endOf(node);
      if (start === undefined || end === null) return null;
      return insertAt(text, lineEnd(text, end), lines(rest, value, columnAt(text, start), newline), newline);
    }
    parent = pair;
    node = pair.value;
  }
  if (!isScalar(node) || !node.range || node.value === null) return parent && below(text, parent, [], value);
  return `${text.slice(0, node.range[0])}${value}${text.slice(node.range[1])}`;
}

function appended(text: string, path: Path, value: number, newline: string): string {
  return insertAt(text, endOfText(text), lines(path, value, 0, newline), newline);
}

/** Under a key that has no value yet. */
function below(text: string, { key, value: old }: Pair, path: Path, value: number): string | null {
  const range = (key as Node).range;
  const empty = old === null || (isScalar(old) && old.value === null && (old.source ?? '') === '');
  if (!range || !empty) return null;
  const colon = text.indexOf(':', range[1]);
  if (path.length === 0) return `${text.slice(0, colon + 1)} ${value}${text.slice(colon + 1)}`;
  const newline = newlineOf(text);
  const indent = columnAt(text, range[0]) + 2;
  return insertAt(text, lineEnd(text, colon + 1), lines(path, value, indent, newline), newline);
}

/** `{ likes: 1 }` becomes `{ likes: 1, reposts: 2 }`. */
function withinBraces(text: string, node: Node, path: Path, value: number): string | null {
  const end = node.range?.[1];
  if (end === undefined || text[end - 1] !== '}') return null;
  const before = text.slice(0, end - 1).trimEnd();
  const inner = path
    .slice(1)
    .reduceRight((written, key) => `{ ${stringify(key).trim()}: ${written} }`, String(value));
  const comma = before.endsWith('{') || before.endsWith(',') ? ' ' : ', ';
  return `${before}${comma}${stringify(path[0]).trim()}: ${inner} }${text.slice(end)}`;
}

function lines(path: Path, value: number, indent: number, newline: string): string {
  return path
    .map((key, depth) => {
      const last = depth === path.length - 1 ? ` ${value}` : '';
      return `${' '.repeat(indent + depth * 2)}${stringify(key).trim()}:${last}${newline}`;
    })
    .join('');
}

/** The whole document written anew: comments and order stay, the setting of lines may change. */
function restring(text: string, _document: Document, path: Path, value: number): string {
  const document = readDocument(text);
  document.setIn(path, value);
  const written = document.toString({ lineWidth: 0 });
  return text.includes('\r\n') ? written.replaceAll('\n', '\r\n') : written;
}
