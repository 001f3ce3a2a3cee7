import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { settingsJsonSchema } from '../../source/config/json-schema.ts';
import { loadConfig } from '../../source/config/load.ts';
import type { SchemaNode } from '../../source/config/schema-tree.ts';
import { sourceBase } from '../../source/config/source-schema.ts';
import { sourceSchema } from '../../source/sources/open.ts';

const path = new URL('../../config.example.yaml', import.meta.url);
const text = readFileSync(path, 'utf8');
const example = parse(text) as Record<string, unknown> & { sources: Record<string, unknown>[] };
const schema = settingsJsonSchema(sourceSchema);

/** Paths and defaults of every single setting; a map of free names counts as one. */
function settingsOf(
  node: SchemaNode,
  path: readonly string[] = [],
): { path: readonly string[]; default: unknown }[] {
  const members = Object.entries(node.properties ?? {});
  if (members.length === 0) return [{ path, default: node.default }];
  return members.flatMap(([key, member]) => settingsOf(member, [...path, key]));
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((here, key) => (here as Record<string, unknown> | undefined)?.[key], root);
}

/** Lists whose entries have options of their own: the example shows some. */
const lists = ['sources', 'notifiers', 'rules'];
const settings = settingsOf(schema).filter(({ path: [first] }) => !lists.includes(first ?? ''));
const notifierKinds = schema.properties?.notifiers?.items?.oneOf ?? [];
const ruleOptions = Object.keys(schema.properties?.rules?.items?.properties ?? {});
const kinds = schema.properties?.sources?.items?.oneOf ?? [];

function load(profile?: string) {
  const options = { sourceSchema, cwd: '/', env: {}, explicitPath: path.pathname };
  return loadConfig(profile === undefined ? options : { ...options, profile });
}

describe('config.example.yaml', () => {
  it('is a valid configuration, with each of its profiles', () => {
    expect(load().config.sources.length).toBeGreaterThan(0);
    expect(load('development').config.http.allowPrivate).toBe(true);
    expect(load('production').config.log.level).toBe('warn');
  });

  it.each(settings.map((setting) => [setting.path.join('.'), setting] as const))(
    'shows %s with its default',
    (_name, setting) => {
      expect(valueAt(example, setting.path)).toEqual(setting.default);
    },
  );

  it.each(kinds.map((kind) => [String(kind.properties?.kind?.const), kind] as const))(
    'shows every option of the source kind %s',
    (name, kind) => {
      const sources = example.sources.filter((source) => source.kind === name);
      // What every source has is shown once, wherever that is.
      const common = example.sources
        .flatMap((source) => Object.keys(source))
        .filter((key) => key in sourceBase);
      const shown = new Set([...common, ...sources.flatMap((source) => Object.keys(source))]);
      const missing = Object.keys(kind.properties ?? {}).filter((option) => !shown.has(option));
      expect(missing).toEqual([]);
    },
  );

  it.each(notifierKinds.map((kind) => [String(kind.properties?.kind?.const), kind] as const))(
    'shows every option of the notifier kind %s',
    (name, kind) => {
      const notifiers = example.notifiers as readonly Record<string, unknown>[];
      // What every notifier has is shown once.
      const shown = notifiers
        .filter((notifier) => notifier.kind === name)
        .flatMap((notifier) => Object.keys(notifier));
      const missing = Object.keys(kind.properties ?? {}).filter((option) => !shown.includes(option));
      expect(missing.filter((option) => option !== 'timeoutMs')).toEqual([]);
    },
  );

  it('shows every option of a rule', () => {
    const [rule] = example.rules as readonly Record<string, unknown>[];
    expect(ruleOptions.length).toBeGreaterThan(10);
    expect(Object.keys(rule ?? {}).sort()).toEqual(ruleOptions.toSorted());
  });

  it('shows options of sources with their defaults', () => {
    for (const source of example.sources) {
      const kind = kinds.find(({ properties }) => properties?.kind?.const === source.kind);
      for (const [option, { default: value }] of Object.entries(kind?.properties ?? {})) {
        if (value !== undefined && option !== 'enabled')
          expect([option, source[option] ?? value]).toMatchObject([option, value]);
      }
    }
  });

  it('says something about every option', () => {
    const lines = text.split('\n');
    const silent = parseDocument(text)
      .toString()
      .split('\n')
      .filter((line) => /^ {0,2}[a-z]\w*:/i.test(line))
      .map((line) => line.split(':')[0]?.trim() ?? '')
      .filter((key) => !['profiles', 'development', 'production'].includes(key));
    expect(silent.length).toBeGreaterThan(20);
    expect(lines.filter((line) => line.trim().startsWith('#')).length).toBeGreaterThan(silent.length);
  });

  it('fails this test when an option is missing from it', () => {
    // Proof that the checks above can fail: a copy without one option does not pass them.
    const poorer = parse(text.replace(/^ {2}timeoutMs: 20000\n/m, '')) as unknown;
    const missing = settings.filter((setting) => valueAt(poorer, setting.path) === undefined);
    expect(missing.map((setting) => setting.path.join('.'))).toEqual(['http.timeoutMs']);
  });
});
