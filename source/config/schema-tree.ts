/** The part of JSON Schema that zod writes for a configuration. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: string;
}

export type Path = readonly (string | number)[];

/** `sources[1].url`, as a person would write it. */
export function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/**
 * What the schema says of a place, or null when it knows no such place. Where
 * the schema branches by `kind`, `value` (what stands there) picks the branch.
 */
export function schemaAt(root: SchemaNode, path: Path, value: unknown): SchemaNode | null {
  let node: SchemaNode | null = chooseBranch(root, value);
  let here = value;
  for (const step of path) {
    if (node === null) return null;
    here =
      isRecord(here) || Array.isArray(here) ? (here as Record<string | number, unknown>)[step] : undefined;
    const child: SchemaNode | undefined = typeof step === 'number' ? node.items : memberOf(node, step);
    node = child === undefined ? null : chooseBranch(child, here);
  }
  return node;
}

function memberOf(node: SchemaNode, key: string): SchemaNode | undefined {
  if (node.properties !== undefined && Object.hasOwn(node.properties, key)) return node.properties[key];
  const names = node.propertyNames?.enum;
  if (typeof node.additionalProperties !== 'object' || names?.includes(key) === false) return undefined;
  return node.additionalProperties;
}

/** For a mapping: the branch of its kind, or the only one that is a mapping at all (`digest: {…}`, else null). */
function chooseBranch(node: SchemaNode, value: unknown): SchemaNode {
  if (!isRecord(value)) return node;
  const mappings = branchesOf(node).filter(({ type, properties }) => type === 'object' || properties);
  const ofKind = mappings.find(({ properties }) => properties?.kind?.const === value.kind);
  const [first, second] = mappings;
  return (
    (value.kind === undefined ? undefined : ofKind) ?? (second === undefined ? first : undefined) ?? node
  );
}

/** The alternatives of a union; none for anything else. */
export function branchesOf(node: SchemaNode): readonly SchemaNode[] {
  return node.oneOf ?? node.anyOf ?? [];
}

/** Keys that may stand in a mapping; for a union, those of every branch. */
export function keysOf(node: SchemaNode): readonly string[] {
  const own = [...Object.keys(node.properties ?? {}), ...(node.propertyNames?.enum ?? []).map(String)];
  return [...new Set([...own, ...branchesOf(node).flatMap(keysOf)])];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What may stand there, in words: "a whole number from 1 to 20". */
export function describeExpected(node: SchemaNode): string {
  const branches = branchesOf(node);
  if (branches.length > 0) {
    const kinds = branches.flatMap((branch) => branch.properties?.kind?.const ?? []);
    if (kinds.length > 0) return `a mapping with "kind" (${listWords(kinds)})`;
    return branches.map(describeExpected).join(', or ');
  }
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return `one of ${listWords(node.enum)}`;
  switch (node.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${describeRange(node)}`;
    case 'number':
      return `a number${describeRange(node)}`;
    case 'string':
      return describeText(node);
    case 'array':
      return node.items === undefined ? 'a list' : `a list; each entry ${describeExpected(node.items)}`;
    case 'object':
      return describeMapping(node);
    default:
      return 'something else';
  }
}

function describeMapping(node: SchemaNode): string {
  const keys = keysOf(node);
  if (keys.length > 0) return `a mapping with ${keys.slice(0, 6).join(', ')}${keys.length > 6 ? ', …' : ''}`;
  return typeof node.additionalProperties === 'object'
    ? `a mapping; each value ${describeExpected(node.additionalProperties)}`
    : 'a mapping';
}

function describeRange(node: SchemaNode): string {
  const low = usual(node.minimum ?? node.exclusiveMinimum);
  const high = usual(node.maximum ?? node.exclusiveMaximum);
  if (low !== null && high !== null) return ` from ${low} to ${high}`;
  if (low !== null) return node.minimum === undefined ? ` above ${low}` : `, ${low} or more`;
  if (high !== null) return node.maximum === undefined ? ` below ${high}` : `, ${high} or less`;
  return '';
}

/** zod bounds every whole number by what JavaScript can count; nobody needs to read that. */
function usual(bound: number | undefined): number | null {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound;
}

function describeText(node: SchemaNode): string {
  if (node.format === 'uri') return 'a web address (https://…)';
  if (node.maxLength !== undefined) {
    const { minLength, maxLength } = node;
    return minLength
      ? `text of ${minLength} to ${maxLength} characters`
      : `text of at most ${maxLength} characters`;
  }
  if (node.minLength !== undefined && node.minLength > 0) return 'text that is not empty';
  return 'text';
}

function listWords(words: readonly unknown[]): string {
  return words.map((word) => JSON.stringify(word)).join(', ');
}
