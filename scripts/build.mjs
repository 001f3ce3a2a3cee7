/**
 * Bundles the program into dist/: a split ESM bundle starts three times as
 * fast as the sources would. Writes down the help page (dist/help.txt), the
 * manual page (man/) and the licences of what is in the bundle. Packages with native code or files of their own
 * stay outside.
 *
 * Usage: node scripts/build.mjs
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { dataAsJson } from './data-as-json.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const from = (path) => resolve(root, path);

/** Sends every import of `string-width`, Ink's own too, through our cache: measuring is 44% of a frame. */
const cachedWidths = {
  name: 'cached-widths',
  setup(bundle) {
    const wrapper = from('source/tui/cached-string-width.ts');
    bundle.onResolve({ filter: /^string-width$/ }, ({ importer }) => {
      if (importer === wrapper) return undefined;
      return { path: wrapper };
    });
  },
};

/** Ink's optional developer tools: absent, and as an external import they would crash the bundle. */
const noDevtools = {
  name: 'no-devtools',
  setup(bundle) {
    bundle.onResolve({ filter: /^react-devtools-core$/ }, () => ({
      path: from('source/tui/no-devtools.ts'),
    }));
  },
};

// What an installation brings along stays outside; everything else is a development dependency and goes in, so
// that npx fetches a fourth of what it would, and no copy of what is in the bundle.
const { dependencies } = JSON.parse(await readFile(from('package.json'), 'utf8'));
await rm(from('dist'), { recursive: true, force: true });
const { metafile } = await build({
  metafile: true,
  absWorkingDir: root,
  entryPoints: ['source/main.ts', 'source/worker.ts', 'source/pages.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  jsx: 'automatic',
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  external: Object.keys(dependencies),
  plugins: [cachedWidths, noDevtools, dataAsJson],
  // Some bundled packages are CommonJS and call require for Node's own modules.
  banner: {
    js: "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);",
  },
});

const { renderPages } = await import('../dist/pages.js');
const { help, man } = await renderPages();
await writeFile(from('dist/help.txt'), help);
await mkdir(from('man'), { recursive: true });
await writeFile(from('man/signal-harvester.1'), man);

// The bundle carries code of others, so it carries their licences too.
const bundled = new Set(
  Object.keys(metafile.inputs).flatMap(
    (path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
  ),
);
const licences = await Promise.all(
  [...bundled]
    .filter((folder) => existsSync(from(`${folder}/package.json`)))
    .sort()
    .map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(from(`${folder}/package.json`), 'utf8'));
      const file = (await readdir(from(folder))).find((each) => /^licen[cs]e/i.test(each));
      const text = file === undefined ? '' : await readFile(from(`${folder}/${file}`), 'utf8');
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    }),
);
await writeFile(from('dist/licenses.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`));
