import { nearestTo } from '../domain/nearest-word.ts';
import { deepMerge, setAt } from './merge.ts';
import type { SchemaNode } from './schema-tree.ts';

export const variablePrefix = 'SIGNAL_HARVESTER_';
export const profileVariable = `${variablePrefix}PROFILE`;
/** `off`: checked configurations are neither kept nor read (kept-config.ts). */
export const keepVariable = `${variablePrefix}CONFIG_CACHE`;
const reserved = [profileVariable, keepVariable];

/** The profile that is asked for: `--profile`, or else the variable; null when neither says. */
export function chosenProfile({ profile, env }: { profile?: string; env: NodeJS.ProcessEnv }): string | null {
  return profile ?? (env[profileVariable] || null);
}

/** The variables by which the environment changes settings, or tries to. */
export function settingVariables(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(env).filter((name) => name.startsWith(variablePrefix) && !reserved.includes(name));
}

export interface Override {
  readonly variable: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

export interface UnknownVariable {
  readonly variable: string;
  readonly nearest: string | null;
}

export interface EnvironmentSettings {
  /** Shallow paths first. */
  readonly overrides: readonly Override[];
  readonly unknown: readonly UnknownVariable[];
}

/**
 * Settings given as `SIGNAL_HARVESTER_<PATH>`, two underscores between levels
 * (`SIGNAL_HARVESTER_HTTP__TIMEOUT_MS` is `http.timeoutMs`). The schema says how
 * a value is read; one that does not fit stays text, so that validation can
 * report it. An empty variable counts as not set, but for text.
 */
export function readEnvironment(env: NodeJS.ProcessEnv, schema: () => SchemaNode): EnvironmentSettings {
  const names = [...settingVariables(env)];
  if (names.length === 0) return { overrides: [], unknown: [] };
  const root = schema();
  const overrides: Override[] = [];
  const unknown: UnknownVariable[] = [];
  for (const variable of names.sort()) {
    const found = findSetting(root, variable.slice(variablePrefix.length).split('__'));
    const text = env[variable] ?? '';
    if (found === null) unknown.push({ variable, nearest: nearestTo(variable, variableNames(root)) });
    else if (text !== '' || found.node.type === 'string') {
      overrides.push({ variable, path: found.path, value: readValue(text, found.node) });
    }
  }
  overrides.sort((a, b) => a.path.length - b.path.length);
  return { overrides, unknown };
}

export function applyOverrides(settings: unknown, overrides: readonly Override[]): unknown {
  return overrides.reduce((merged, { path, value }) => setAt(merged, path, value), deepMerge({}, settings));
}

/** The variable of a setting, by its keys from the top. */
export function variableFor(path: readonly string[]): string {
  return variablePrefix + path.map(toUpper).join('__');
}

/** Every variable that the schema knows. */
export function variableNames(root: SchemaNode): readonly string[] {
  const leaves = (node: SchemaNode, name: string): readonly string[] => {
    const members = Object.entries(node.properties ?? {});
    if (members.length === 0) return [name];
    return members.flatMap(([key, member]) =>
      leaves(member, name === '' ? toUpper(key) : `${name}__${toUpper(key)}`),
    );
  };
  return [...reserved, ...leaves(root, '').map((name) => variablePrefix + name)];
}

function findSetting(
  root: SchemaNode,
  steps: readonly string[],
): { path: string[]; node: SchemaNode } | null {
  let node = root;
  const path: string[] = [];
  for (const step of steps) {
    const known = Object.entries(node.properties ?? {}).find(([key]) => toUpper(key) === step);
    if (known !== undefined) {
      path.push(known[0]);
      node = known[1];
    } else if (typeof node.additionalProperties === 'object' && /^[A-Z0-9][A-Z0-9_-]*$/.test(step)) {
      path.push(nameInRecord(node, step));
      node = node.additionalProperties;
    } else return null;
  }
  return { path, node };
}

/** Keys of a record are free words: one that has a default is meant, or else the lower-case word. */
function nameInRecord(node: SchemaNode, step: string): string {
  const defaults = typeof node.default === 'object' && node.default !== null ? Object.keys(node.default) : [];
  return defaults.find((key) => toUpper(key) === step) ?? step.toLowerCase();
}

function toUpper(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase();
}

const yes = ['true', '1', 'yes', 'on'];
const no = ['false', '0', 'no', 'off'];

function readValue(text: string, node: SchemaNode): unknown {
  const trimmed = text.trim();
  switch (node.type) {
    case 'boolean': {
      const word = trimmed.toLowerCase();
      return yes.includes(word) ? true : no.includes(word) ? false : text;
    }
    case 'integer':
    case 'number':
      return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
    case 'array':
      return readList(trimmed, node.items ?? {});
    case 'object':
      return parseJson(trimmed) ?? text;
    default:
      return text;
  }
}

/** A JSON list, or words with commas between. */
function readList(text: string, entry: SchemaNode): unknown {
  if (text.startsWith('[')) return parseJson(text) ?? text;
  return text.split(',').map((word) => readValue(word.trim(), entry));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
