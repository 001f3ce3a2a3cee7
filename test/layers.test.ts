import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/**
 * Who may import whom: the table of docs/architecture.md. A folder names what
 * it may import beside itself; `types` are imports that vanish when compiled.
 */
const layers: Readonly<
  Record<string, { readonly imports: readonly string[]; readonly types?: readonly string[] }>
> = {
  domain: { imports: [] },
  ports: { imports: ['domain'] },
  config: { imports: ['domain', 'errors'] },
  pipeline: { imports: ['ports', 'domain', 'errors'] },
  harvester: { imports: ['pipeline', 'ports', 'domain', 'errors'], types: ['log'] },
  report: { imports: ['domain'] },
  sources: { imports: ['ports', 'domain', 'config', 'errors'], types: ['log'] },
  analyzers: { imports: ['ports', 'domain', 'errors'], types: ['config', 'log'] },
  notifiers: { imports: ['ports', 'domain', 'errors'], types: ['config', 'log'] },
  collector: { imports: ['ports', 'domain', 'errors'] },
  store: { imports: ['ports', 'domain', 'errors', 'migrations'], types: ['config', 'log'] },
  snapshots: { imports: ['ports', 'domain', 'errors'], types: ['config'] },
  http: { imports: ['harvester', 'report', 'domain', 'errors'], types: ['config', 'log'] },
  headless: {
    imports: ['http', 'harvester', 'ports', 'domain', 'errors'],
    types: ['config', 'log'],
  },
  cli: { imports: ['harvester', 'report', 'domain', 'errors'], types: ['config'] },
  tui: { imports: ['harvester', 'report', 'domain', 'errors'] },
  migrations: { imports: [] },
  errors: { imports: [], types: ['domain'] },
  log: { imports: [] },
  version: { imports: [] },
  'log-tail': { imports: ['domain'], types: ['harvester'] },
  'error-spool': { imports: ['domain'] },
  'error-recorder': { imports: ['domain', 'errors', 'error-spool'] },
  'error-reports': { imports: ['ports', 'domain', 'errors'] },
  pages: { imports: ['cli', 'version'] },
  compose: {
    imports: [
      'analyzers',
      'collector',
      'config',
      'harvester',
      'notifiers',
      'pipeline',
      'ports',
      'domain',
      'sources',
      'store',
      'snapshots',
      'errors',
      'log',
      'version',
      'log-tail',
      'error-recorder',
      'error-reports',
      'error-spool',
    ],
  },
  worker: { imports: ['compose', 'harvester', 'error-recorder'], types: ['config'] },
  main: {
    imports: ['compose', 'config', 'cli', 'tui', 'headless', 'errors', 'version', 'error-recorder'],
    types: ['harvester'],
  },
};

/** Packages that only some folders may import; a package that is not named here is free. */
const packages: readonly (readonly [pattern: RegExp, folders: readonly string[]])[] = [
  [/^kysely(?:\/|$)/, ['store', 'migrations']],
  [/^better-sqlite3$/, ['store']],
  [/^(?:ink|react|ink-[\w-]+|@inkjs\/ui)(?:\/|$)/, ['tui']],
  [/^(?:openai|@anthropic-ai\/sdk)(?:\/|$)/, ['analyzers']],
  [/^(?:@slack\/web-api|nodemailer)$/, ['notifiers']],
  [/^undici(?:\/|$)/, ['sources', 'notifiers', 'collector']],
  [/^(?:feedsmith|htmlparser2)(?:\/|$)/, ['sources']],
  [/^csv-parse(?:\/|$)/, ['sources', 'harvester']],
  [/^(?:hucre|hyparquet|hyparquet-writer)(?:\/|$)/, ['harvester']],
  [/^meow$/, ['cli']],
  [/^pino/, ['log']],
  [/^(?:fastify(?:-|$)|@fastify\/|helmet$|prom-client$)/, ['http']],
  [/^croner$/, ['headless']],
  [/^eld/, ['analyzers']],
  [/^@aws-sdk\//, ['snapshots']],
  [/^@sentry\//, ['error-reports']],
];

const root = fileURLToPath(new URL('..', import.meta.url));
const files = globSync(['source/**/*.{ts,tsx}', 'migrations/**/*.ts'], { cwd: root }).filter(
  (file) => !file.endsWith('.d.ts'),
);

interface Import {
  readonly file: string;
  readonly to: string;
  readonly typeOnly: boolean;
  /** Imported when it is needed: such an import cannot deadlock two modules. */
  readonly lazy: boolean;
}

/** `source/tui/app.tsx` is in `tui`, `source/main.ts` in `main`, `migrations/001.ts` in `migrations`. */
function layerOf(file: string): string {
  const parts = file.split('/');
  if (parts[0] === 'migrations') return 'migrations';
  return parts.length > 2 ? (parts[1] ?? '') : (parts[1] ?? '').replace(/\.tsx?$/, '');
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'"();]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
  );
  return [...statements].map(([, type, from, lazy]) => ({
    file,
    to: from ?? lazy ?? '',
    typeOnly: type !== undefined,
    lazy: lazy !== undefined,
  }));
}

const all = files.flatMap(importsOf);
const local = all
  .filter(({ to }) => to.startsWith('.'))
  .map((each) => ({ ...each, target: posix.normalize(posix.join(dirname(each.file), each.to)) }));

describe('the layers', () => {
  test('are found: the globs match, and every folder is in the table', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(all.length).toBeGreaterThan(files.length);
    expect([...new Set(files.map(layerOf))].filter((layer) => !(layer in layers))).toEqual([]);
  });

  test('point one way', () => {
    const wrong = local.filter(({ file, target, typeOnly }) => {
      const [from, to] = [layerOf(file), layerOf(target)];
      const allowed = layers[from];
      return from !== to && !allowed?.imports.includes(to) && !(typeOnly && allowed?.types?.includes(to));
    });
    expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  });

  test('name only files that exist', () => {
    const known = new Set(files);
    const missing = local.filter(({ target }) => !known.has(target) && !target.endsWith('.json'));
    expect(missing.map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
  });

  test('keep each package where it belongs', () => {
    const wrong = all.filter(({ file, to }) =>
      packages.some(([pattern, folders]) => pattern.test(to) && !folders.includes(layerOf(file))),
    );
    expect(wrong.map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
  });

  test('load what is heavy when it is needed: a list of signals waits for none of it', () => {
    const heavy =
      /^(?:undici|openai|@anthropic-ai\/sdk|@slack\/web-api|nodemailer|@aws-sdk\/client-s3|@sentry\/core|pino|pino-roll|eld)(?:\/|$)/;
    const eager = all.filter(({ to, typeOnly, lazy }) => heavy.test(to) && !typeOnly && !lazy);
    expect(eager.map(({ file, to }) => `${file} -> ${to}`)).toEqual([]);
  });

  test('have no cycle between files', () => {
    const graph = Map.groupBy(
      local.filter(({ typeOnly, lazy }) => !typeOnly && !lazy),
      ({ file }) => file,
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
        return;
      }
      if (done.has(file)) return;
      for (const { target } of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  test('have no file or folder whose name says nothing', () => {
    const vague = /(?:^|\/)(?:utils?|helpers?|common|shared|managers?|misc)(?:\/|\.|$)/;
    const everything = globSync(['source/**/*', 'test/**/*', 'bench/**/*'], { cwd: root });
    expect(everything.map((path) => relative('.', path)).filter((path) => vague.test(path))).toEqual([]);
  });
});
