import type { RedactedConfig } from '../domain/feedback.ts';
import { branchesOf, isRecord, type SchemaNode } from './schema-tree.ts';

type Shown = RedactedConfig['settings'][string];
type Place = RedactedConfig['sources'][number];

/** What every source and notifier has says nothing of what it is for. */
const plain = ['name', 'kind', 'enabled', 'weight'];

/**
 * The settings that differ from their defaults, without anything that somebody
 * has chosen to write: numbers, switches and words of a list of the schema stay
 * what they are; of every other text only that it is there is told, of lists and
 * mappings how long they are, of sources and notifiers their kind and which
 * options are set. An allow-list: what the schema does not know is not shown.
 */
export function redactConfig(
  config: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
  schema: SchemaNode,
): RedactedConfig {
  const settings: Record<string, Shown> = {};
  const walk = (node: SchemaNode, value: unknown, usual: unknown, path: string): void => {
    if (JSON.stringify(value) === JSON.stringify(usual)) return;
    if (node.properties !== undefined && isRecord(value)) {
      for (const [key, member] of Object.entries(node.properties)) {
        walk(
          member,
          value[key],
          isRecord(usual) ? usual[key] : undefined,
          path === '' ? key : `${path}.${key}`,
        );
      }
      return;
    }
    settings[path] = shownValue(node, value);
  };
  const { sources, notifiers, ...rest } = config;
  const { sources: _sources, notifiers: _notifiers, ...properties } = schema.properties ?? {};
  walk({ ...schema, properties }, rest, defaults, '');
  return { settings, sources: placesOf(sources), notifiers: placesOf(notifiers) };
}

function shownValue(node: SchemaNode, value: unknown): Shown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) {
    const listed = enumerated(node.items ?? {});
    const known = value.every((each) => listed.includes(each));
    return known && value.length > 0 ? value.join(' ').slice(0, 100) : `(${value.length} entries)`;
  }
  if (isRecord(value)) return `(${Object.keys(value).length} entries)`;
  if (typeof value === 'string' && enumerated(node).includes(value)) return value;
  return value === '' ? '(empty)' : '(set)';
}

function enumerated(node: SchemaNode): readonly unknown[] {
  return [
    ...(node.enum ?? []),
    ...(node.const === undefined ? [] : [node.const]),
    ...branchesOf(node).flatMap(enumerated),
  ];
}

function placesOf(list: unknown): Place[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).map(({ kind, enabled, ...options }) => ({
    kind: typeof kind === 'string' && /^[a-z0-9-]{1,40}$/.test(kind) ? kind : 'other',
    enabled: enabled !== false,
    options: Object.entries(options)
      .filter(([key, value]) => !plain.includes(key) && isSet(value))
      .map(([key]) => key)
      .filter((key) => /^[A-Za-z]{1,40}$/.test(key)),
  }));
}

function isSet(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return !isRecord(value) || Object.values(value).some(isSet);
}
