import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = globSync(['source/**/*.{ts,tsx}', 'migrations/*.ts'], { cwd: root });

/** Constructs that turn text into code, and where one of them is meant. */
const dangers: readonly (readonly [what: string, pattern: RegExp, meant: readonly string[]])[] = [
  ['evaluates text', /\beval\(|new Function\(|\bvm\.|from 'node:vm'/, []],
  ['starts a shell', /\bexecSync\(|(?<!\.)\bexec\(['"`]|shell: true/, []],
  // Constants of ours: the statement that feeds the index of words, and hours in milliseconds.
  [
    'puts text into a query as it is',
    /sql\.(?:raw|lit)\(/,
    ['migrations/005-search.ts', 'source/store/episodes.ts', 'source/store/search-index.ts'],
  ],
  [
    'builds a statement out of text',
    /\.(?:prepare|exec)(?:<[^(]*>)?\(\s*`[^`]*\$\{/,
    // Names of tables and columns that the file itself told, quoted (image.ts): they cannot be bound.
    // The plan of a statement that has been run before, without its values (slow-queries.ts).
    ['check', 'files', 'image', 'image-rows', 'signal-transfer', 'slow-queries', 'store'].map(
      (name) => `source/store/${name}.ts`,
    ),
  ],
  ['parses HTML into a page', /innerHTML|dangerouslySetInnerHTML/, []],
  ['trusts a certificate blindly', /rejectUnauthorized: false|NODE_TLS_REJECT_UNAUTHORIZED/, []],
  ['makes secrets out of weak chance', /Math\.random\(\)[^;]*(?:token|secret|key)/i, []],
];

test.each(dangers)('no source file %s', (_what, pattern, meant) => {
  const found = files.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')));
  expect(found.filter((file) => !meant.includes(file))).toEqual([]);
});

test('the scan reads the sources', () => {
  expect(files.length).toBeGreaterThan(200);
  expect(dangers[0]?.[1].test("new Function('return 1')")).toBe(true);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands for source text
  expect(dangers[3]?.[1].test('connection.prepare(`SELECT ${name}`)')).toBe(true);
});
