import type { z } from 'zod';
import { cleanLine } from '../domain/clean.ts';
import { nearestTo } from '../domain/nearest-word.ts';
import {
  branchesOf,
  describeExpected,
  formatPath,
  isRecord,
  keysOf,
  type Path,
  type SchemaNode,
  schemaAt,
} from './schema-tree.ts';
import { looksLikeSecretKey, looksLikeSecretValue, variableForSecret } from './secrets.ts';

/** What is wrong at one path, before it is known which text put it there. */
export interface Finding {
  readonly path: Path;
  /** Whether the key itself is at fault or what stands behind it. */
  readonly at: 'key' | 'value';
  readonly found: string;
  readonly expected: string;
  readonly nearest: string | null;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/**
 * Turns what zod has to say of `settings` into findings in this program's
 * words. In a union, only the branch that `kind` chose is spoken of.
 */
export function explainIssues(
  issues: readonly Issue[],
  settings: unknown,
  schema: SchemaNode,
): readonly Finding[] {
  return issues.flatMap((issue) => explainIssue(issue, issue.path as Path, settings, schema));
}

function explainIssue(issue: Issue, path: Path, settings: unknown, schema: SchemaNode): readonly Finding[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.flatMap((key) => explainUnknownKey([...path, key], settings, schema));
  }
  if (issue.code === 'invalid_union') {
    if (isRecord(valueAt(settings, path)) || path.at(-1) === 'kind') {
      const chosen = issue.errors.length === 0 ? null : chooseErrors(issue.errors);
      if (chosen === null) return [explainKind(path, settings, schema)];
      return chosen.flatMap((inner) =>
        explainIssue(inner, [...path, ...(inner.path as Path)], settings, schema),
      );
    }
  }
  const value = valueAt(settings, path);
  const node = schemaAt(schema, path, settings);
  const name = formatPath(path) || 'the file';
  if (value === undefined) return [explainMissing(path, node)];
  // A pattern and a check of our own carry their sentence; what zod would say of the rest is its own jargon.
  const own = issue.code === 'custom' || (issue.code === 'invalid_format' && issue.format === 'regex');
  const expected = own || node === null ? issue.message : describeExpected(node);
  const choices = node?.enum ?? (issue.code === 'invalid_value' ? issue.values : []);
  const nearest = typeof value === 'string' ? nearestTo(value, choices.map(String)) : null;
  const found = looksLikeSecretKey(String(path.at(-1))) ? 'something' : describeFound(value);
  const message = `${name} is ${found}; expected ${expected}${suggest(nearest)}`;
  return [{ path, at: 'value', found, expected, nearest, message }];
}

function explainUnknownKey(path: Path, settings: unknown, schema: SchemaNode): readonly Finding[] {
  const key = String(path.at(-1));
  if (looksLikeSecretKey(key)) return [explainSecret(path, settings)];
  const parent = path.slice(0, -1);
  const node = schemaAt(schema, parent, settings);
  const keys = node === null ? [] : keysOf(node);
  const nearest = nearestTo(key, keys);
  const expected = node === null ? 'no such key' : describeExpected(node);
  const where = parent.length === 0 ? 'at the top' : `in ${formatPath(parent)}`;
  const rest = nearest === null && keys.length > 0 ? `; known there: ${keys.join(', ')}` : suggest(nearest);
  const found = `the key ${JSON.stringify(cleanLine(key))}`;
  const message = `unknown key ${JSON.stringify(cleanLine(key))} ${where}${rest}`;
  return [{ path, at: 'key', found, expected, nearest, message }, ...findSecretKeys(path, settings)];
}

function explainMissing(path: Path, node: SchemaNode | null): Finding {
  const expected = node === null ? 'a value' : describeExpected(node);
  const message = `${formatPath(path)} is missing; expected ${expected}`;
  return { path, at: 'key', found: 'nothing', expected, nearest: null, message };
}

function explainKind(path: Path, settings: unknown, schema: SchemaNode): Finding {
  const owner = path.at(-1) === 'kind' ? path.slice(0, -1) : path;
  const node = schemaAt(schema, owner, settings);
  const kinds = (node === null ? [] : branchesOf(node))
    .flatMap((branch) => branch.properties?.kind?.const ?? [])
    .map(String);
  const kind = valueAt(settings, [...owner, 'kind']);
  const nearest = typeof kind === 'string' ? nearestTo(kind, kinds) : null;
  const expected = `one of ${kinds.map((known) => JSON.stringify(known)).join(', ')}`;
  const name = formatPath([...owner, 'kind']);
  const found = kind === undefined ? 'nothing' : describeFound(kind);
  const state = kind === undefined ? `${name} is missing` : `${name} is ${found}, an unknown kind`;
  return {
    path: [...owner, 'kind'],
    at: 'value',
    found,
    expected,
    nearest,
    message: `${state}; expected ${expected}${suggest(nearest)}`,
  };
}

function explainSecret(path: Path, settings: unknown): Finding {
  const parent = valueAt(settings, path.slice(0, -1));
  const kind = isRecord(parent) && typeof parent.kind === 'string' ? parent.kind : null;
  const variable = variableForSecret(path, kind, valueAt(settings, path));
  const expected =
    variable === null ? 'no secret in the file' : `the environment variable ${variable} instead`;
  const advice = variable === null ? 'remove it' : `set the environment variable ${variable} instead`;
  const message = `${formatPath(path)} looks like a secret, and secrets are read from the environment only: ${advice}`;
  return { path, at: 'key', found: 'a secret', expected, nearest: variable, message };
}

/** Secrets in a section that the program does not know (`openai: { apiKey: … }`). */
function findSecretKeys(path: Path, settings: unknown): readonly Finding[] {
  const section = valueAt(settings, path);
  if (!isRecord(section)) return [];
  return Object.keys(section).flatMap((key) =>
    looksLikeSecretKey(key)
      ? [explainSecret([...path, key], settings)]
      : findSecretKeys([...path, key], settings),
  );
}

/** Secrets that hide behind keys that are known: a webhook's address as the `url` of a feed. */
export function findSecretValues(settings: unknown, path: Path = []): readonly Finding[] {
  if (looksLikeSecretValue(settings)) return [{ ...explainSecretValue(path, settings) }];
  if (Array.isArray(settings))
    return settings.flatMap((entry, index) => findSecretValues(entry, [...path, index]));
  if (!isRecord(settings)) return [];
  return Object.entries(settings).flatMap(([key, value]) => findSecretValues(value, [...path, key]));
}

function explainSecretValue(path: Path, value: unknown): Finding {
  const variable = variableForSecret(path, null, value);
  const advice = variable === null ? 'remove it' : `set the environment variable ${variable} instead`;
  const message = `${formatPath(path)} holds a secret, and secrets are read from the environment only: ${advice}`;
  return {
    path,
    at: 'value',
    found: 'a secret',
    expected: 'no secret in the file',
    nearest: variable,
    message,
  };
}

/** The branch that the value comes closest to: the one with the fewest complaints that are not about its kind. */
function chooseErrors(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const possible = branches.filter(
    (issues) => !issues.some((issue) => issue.path.length === 1 && issue.path[0] === 'kind'),
  );
  return possible.reduce<readonly Issue[] | null>(
    (best, issues) => (best === null || issues.length < best.length ? issues : best),
    null,
  );
}

export function valueAt(settings: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, step) =>
      here !== null && typeof here === 'object' && Object.hasOwn(here, step)
        ? (here as Record<string | number, unknown>)[step]
        : undefined,
    settings,
  );
}

function describeFound(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return String(value);
  const line = cleanLine(value);
  return `the text ${JSON.stringify(line.length > 60 ? `${line.slice(0, 59)}…` : line)}`;
}

function suggest(nearest: string | null): string {
  return nearest === null ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
}
