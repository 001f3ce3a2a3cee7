import type { z } from 'zod';
import { actions } from '../domain/key-bindings.ts';
import { checkKeys, type KeyChoices } from '../domain/key-choices.ts';
import { nearestTo } from '../domain/nearest-word.ts';
import type { ConfigText } from './config-text.ts';
import { applyOverrides, type Override, type UnknownVariable } from './environment.ts';
import { explainIssues, type Finding, findSecretValues, valueAt } from './explain.ts';
import { cleanMistake, type Mistake } from './invalid-config.ts';
import { deepMerge } from './merge.ts';
import { formatPath, isRecord, type Path, type SchemaNode, schemaAt } from './schema-tree.ts';

/** One way in which the file can be used: bare, with a profile, with the environment on top. */
export interface Variant {
  readonly profile: string | null;
  readonly layer: unknown;
  readonly overrides: readonly Override[];
}

/** Collects what is wrong over all variants of one file, each thing once. */
export class Mistakes {
  readonly found: Mistake[] = [];
  readonly #keys = new Set<string>();
  readonly #schema: z.ZodType;
  readonly #jsonSchema: () => SchemaNode;
  readonly #text: ConfigText | null;

  constructor(schema: z.ZodType, jsonSchema: () => SchemaNode, text: ConfigText | null) {
    this.#schema = schema;
    this.#jsonSchema = jsonSchema;
    this.#text = text;
  }

  /** The valid settings of a variant; null when there are mistakes, which are then in `found`. */
  check(base: unknown, variant: Variant): unknown {
    const settings = applyOverrides(deepMerge(base, variant.layer), variant.overrides);
    const result = this.#schema.safeParse(settings);
    const issues = result.success ? [] : explainIssues(result.error.issues, settings, this.#jsonSchema());
    const told = new Set(issues.map(({ path }) => formatPath(path)));
    const secrets = findSecretValues(settings).filter(({ path }) => !told.has(formatPath(path)));
    const findings = [
      ...issues,
      ...this.#findDuplicates(settings, variant),
      ...(result.success ? findKeyProblems(settings) : []),
      ...secrets,
    ];
    for (const finding of findings) this.#add(finding, variant);
    return result.success && findings.length === 0 ? result.data : null;
  }

  addUnknownVariable({ variable, nearest }: UnknownVariable): void {
    const suggestion = nearest === null ? '' : `; did you mean ${nearest}?`;
    this.#push({
      file: null,
      variable,
      line: null,
      column: null,
      path: '',
      found: `the variable ${variable}`,
      expected: 'a variable that names a setting',
      nearest,
      message: `no setting has this name${suggestion}`,
    });
  }

  addNotMapping(path: Path, value: unknown): void {
    const found = Array.isArray(value) ? 'a list' : 'a single value';
    const message = `${formatPath(path) || 'the file'} is ${found}; expected a mapping ("key: value" lines)`;
    const finding: Finding = { path, at: 'value', found, expected: 'a mapping', nearest: null, message };
    this.#add(finding, { profile: null, layer: {}, overrides: [] });
  }

  #findDuplicates(settings: unknown, variant: Variant): readonly Finding[] {
    const sources = valueAt(settings, ['sources']);
    const first = new Map<string, number>();
    return (Array.isArray(sources) ? sources : []).flatMap((source: unknown, index) => {
      const name = isRecord(source) && typeof source.name === 'string' ? source.name : null;
      const earlier = name === null ? undefined : first.get(name);
      if (name !== null && earlier === undefined) first.set(name, index);
      if (name === null || earlier === undefined) return [];
      const line = this.#locate({ path: ['sources', earlier, 'name'], at: 'value' }, variant).line;
      const other = line === null ? `by sources[${earlier}]` : `on line ${line}`;
      const message = `sources[${index}].name is "${name}", which is already used ${other}; every source needs its own name`;
      const path = ['sources', index, 'name'];
      return [
        {
          path,
          at: 'value',
          found: `the text "${name}"`,
          expected: 'a name of its own',
          nearest: null,
          message,
        },
      ];
    });
  }

  #add(finding: Finding, variant: Variant): void {
    const { found, expected, nearest, message } = finding;
    this.#push({ ...this.#locate(finding, variant), found, expected, nearest, message });
  }

  #push(told: Mistake): void {
    const mistake = cleanMistake(told);
    const key = [mistake.variable, mistake.line, mistake.column, mistake.message].join('\0');
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    this.found.push(mistake);
    this.found.sort(
      (a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || (a.column ?? 0) - (b.column ?? 0),
    );
  }

  /** Who put the value there: a variable, the profile, or the file's own part. */
  #locate({ path, at }: Pick<Finding, 'path' | 'at'>, variant: Variant) {
    const override = variant.overrides.findLast((candidate) =>
      candidate.path.every((step, index) => path[index] === step),
    );
    if (override !== undefined) {
      return { file: null, variable: override.variable, line: null, column: null, path: formatPath(path) };
    }
    if (this.#text === null)
      return { file: null, variable: null, line: null, column: null, path: formatPath(path) };
    const file = this.#text.file;
    if (variant.profile !== null) {
      const inProfile: Path = ['profiles', variant.profile, ...path];
      const trace = this.#text.trace(inProfile);
      if (trace.owns) return { file, variable: null, ...trace[at], path: formatPath(inProfile) };
    }
    const trace = this.#text.trace(path);
    return { file, variable: null, ...trace[at], path: formatPath(path) };
  }
}

/** Keys that clash, and actions and keys that do not exist. */
function findKeyProblems(settings: unknown): readonly Finding[] {
  const choices = valueAt(settings, ['keys']);
  if (!isRecord(choices)) return [];
  return checkKeys(choices as KeyChoices).map(({ action, kind, key, message }): Finding => {
    const unknown = kind === 'unknown-action';
    const nearest = unknown ? nearestTo(action, actions) : null;
    return {
      path: ['keys', action],
      at: unknown ? 'key' : 'value',
      found: unknown ? `the action ${action}` : `the key ${key ?? '(none)'}`,
      expected: unknown ? 'an action of docs/keys.md' : 'a key that is free',
      nearest,
      message: `keys.${action}: ${message}${nearest === null ? '' : `; did you mean ${nearest}?`}`,
    };
  });
}

/** Settings without the known keys that have no value: `http:` alone means "as by default", like a missing line. */
export function dropEmpty(settings: unknown, schema: () => SchemaNode): unknown {
  const drop = (value: unknown, path: Path): unknown => {
    if (Array.isArray(value)) return value.map((entry, index) => drop(entry, [...path, index]));
    if (!isRecord(value)) return value;
    const known = (key: string) => schemaAt(schema(), [...path, key], settings) !== null;
    const kept = Object.entries(value).filter(([key, inner]) => inner !== null || !known(key));
    return Object.fromEntries(kept.map(([key, inner]) => [key, drop(inner, [...path, key])]));
  };
  return drop(settings, []);
}
