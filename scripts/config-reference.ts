/**
 * Writes the reference of docs/configuration.md from the schema that checks
 * configurations, so that they cannot drift apart; a test compares them.
 *
 * Usage: node scripts/config-reference.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { variableFor } from '../source/config/environment.ts';
import { settingsJsonSchema } from '../source/config/json-schema.ts';
import type { SchemaNode } from '../source/config/schema-tree.ts';
import { sourceSchema } from '../source/sources/open.ts';

const begin = '<!-- reference: made by scripts/config-reference.ts -->';
const end = '<!-- /reference -->';
const longestDefault = 80;

interface Row {
  /** Keys from the top of its section; `[]` stands for an entry of a list. */
  readonly path: readonly string[];
  readonly node: SchemaNode;
  readonly required: boolean;
}

/** A section for each setting at the top, in the order of the schema. */
export function configReference(): string {
  const { properties = {} } = settingsJsonSchema(sourceSchema);
  const single = Object.entries(properties).filter(([, node]) => isLeaf(node));
  const rest = Object.entries(properties).filter(([, node]) => !isLeaf(node));
  return [
    '### At the top',
    '',
    ...table(
      single.map(([key, node]) => ({ path: [key], node, required: false })),
      true,
    ),
    ...rest.flatMap(([key, node]) => section(key, node)),
  ].join('\n');
}

export function withConfigReference(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/configuration.md has no "${begin}" … "${end}"`);
  return `${page.slice(0, from)}${begin}\n${configReference()}\n${page.slice(to)}`;
}

function section(key: string, node: SchemaNode): readonly string[] {
  const heading = ['', `### Under \`${key}\``, '', ...sentence(node)];
  const kinds = node.items?.oneOf ?? [];
  const [first] = kinds;
  if (first !== undefined) {
    const shared = rowsOf(first, []).filter(({ path }) => sharedBy(kinds, path[0] ?? ''));
    return [
      ...heading,
      'Each has:',
      '',
      ...table(shared, false),
      '',
      ...kinds.flatMap((kind) => kindPart(kind, kinds)),
    ];
  }
  const entry = node.items;
  if (entry !== undefined)
    return [
      ...heading,
      `Each entry of the list; the whole list is \`${variableFor([key])}\`:`,
      '',
      ...table(rowsOf(entry, []), false),
    ];
  return [...heading, ...table(rowsOf(node, [key]), true)];
}

/** Whether every kind has the option, and means the same by it; it is told once. */
function sharedBy(kinds: readonly SchemaNode[], option: string): boolean {
  const forms = kinds.map(({ properties }) => JSON.stringify(properties?.[option] ?? null));
  return option !== 'kind' && forms[0] !== 'null' && new Set(forms).size === 1;
}

function kindPart(kind: SchemaNode, kinds: readonly SchemaNode[]): readonly string[] {
  const name = String(kind.properties?.kind?.const);
  const rows = rowsOf(kind, []).filter(
    ({ path: [option = ''] }) => option !== 'kind' && !sharedBy(kinds, option),
  );
  const title = kind.properties?.kind?.description;
  return [
    `**\`kind: ${name}\`**${title === undefined ? '' : `: ${title}`}`,
    '',
    ...(rows.length === 0 ? ['No options of its own.', ''] : [...table(rows, false), '']),
  ];
}

function sentence({ description }: SchemaNode): readonly string[] {
  return description === undefined ? [] : [`${cell(description)}.`.replace(/\.\.$/, '.'), ''];
}

function isLeaf(node: SchemaNode): boolean {
  return Object.keys(node.properties ?? {}).length === 0 && !isListOfObjects(node);
}

function isListOfObjects({ items }: SchemaNode): boolean {
  return items !== undefined && (items.oneOf !== undefined || items.properties !== undefined);
}

function rowsOf(node: SchemaNode, path: readonly string[]): readonly Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, member]) => {
    const here = [...path, key];
    const own = { path: here, node: member, required: node.required?.includes(key) === true };
    const inner = withoutNull(member);
    if (inner.properties !== undefined && Object.keys(inner.properties).length > 0)
      return rowsOf(inner, here);
    if (isListOfObjects(member) && member.items?.properties !== undefined)
      return [own, ...rowsOf(member.items, [...path, `${key}[]`])];
    return [own];
  });
}

function table(rows: readonly Row[], variables: boolean): readonly string[] {
  const head = variables
    ? ['| setting | takes | default | meaning | environment variable |', '|---|---|---|---|---|']
    : ['| option | takes | default | meaning |', '|---|---|---|---|'];
  const lines = rows.map(({ path, node, required }) => {
    const cells = [
      `\`${path.join('.')}\``,
      cell(takes(node)),
      required && node.default === undefined ? '(needed)' : shownDefault(node.default),
      cell(node.description ?? withoutNull(node).description ?? ''),
    ];
    if (!variables) return `| ${cells.join(' | ')} |`;
    const inList = path.some((key) => key.endsWith('[]'));
    return `| ${cells.join(' | ')} | ${inList ? '' : `\`${variableFor(path)}\``} |`;
  });
  return [...head, ...lines];
}

/** What a value may be, in words: "whole number, 1 to 100". */
function takes(node: SchemaNode): string {
  const nullable = node.anyOf?.some(({ type }) => type === 'null') === true;
  return nullable ? `${plain(withoutNull(node))}, or null` : plain(node);
}

function plain(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((each) => `\`${String(each)}\``).join(', ');
  if (node.const === '') return 'nothing';
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(takes))].join(' or ');
  switch (node.type) {
    case 'boolean':
      return 'yes or no';
    case 'integer':
      return `whole number${range(node)}`;
    case 'number':
      return `number${range(node)}`;
    case 'array':
      return `list${node.items === undefined || node.items.properties !== undefined ? '' : ` of: ${takes(node.items)}`}`;
    case 'object':
      return typeof node.additionalProperties === 'object'
        ? `${takes(node.additionalProperties)}, by name`
        : 'mapping';
    case 'string':
      return node.format === 'uri' ? 'address' : 'text';
    default:
      return 'any';
  }
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string {
  const least = minimum ?? exclusiveMinimum;
  const most = maximum ?? exclusiveMaximum;
  const real = (bound: number | undefined) =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const from = exclusiveMinimum === undefined ? `${least}` : `more than ${least}`;
  const to = exclusiveMaximum === undefined ? `${most}` : `less than ${most}`;
  if (real(least) && real(most)) return `, ${from} to ${to}`;
  if (real(least)) return exclusiveMinimum === undefined ? `, ${from} or more` : `, ${from}`;
  return real(most) ? `, at most ${to}` : '';
}

function withoutNull(node: SchemaNode): SchemaNode {
  const others = node.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  const [only] = others;
  return only !== undefined && others.length === 1 ? only : node;
}

function shownDefault(value: unknown): string {
  if (value === undefined || value === '') return 'empty';
  if (value === null) return '`null`';
  const text = JSON.stringify(value);
  if (text === '[]' || text === '{}') return 'none';
  return text.length > longestDefault
    ? 'see `config show`'
    : `\`${typeof value === 'string' ? value : text}\``.replaceAll('|', '\\|');
}

function cell(text: string): string {
  // The names of columns have a table of their own on the page.
  const short = text.replace(/(olumns that are known): .*$/s, '$1 ([listed below](#file))');
  return short.replaceAll('|', '\\|').replaceAll('\n', ' ').trim();
}

if (import.meta.main) {
  const file = new URL('../docs/configuration.md', import.meta.url);
  writeFileSync(file, withConfigReference(readFileSync(file, 'utf8')));
}
