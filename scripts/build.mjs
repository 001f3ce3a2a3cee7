/**
 * Bundles the program into dist/: a split ESM bundle starts three times as
 * fast as the sources would. Writes down the help page (dist/help.txt) and the
 * manual page (man/). Packages with native code or files of their own
 * stay outside.
 *
 * Usage: node scripts/build.mjs
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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

await rm(from('dist'), { recursive: true, force: true });
await build({
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
  external: [
    '@aws-sdk/client-s3',
    '@fastify/*',
    '@slack/web-api',
    'better-sqlite3',
    'fastify',
    'nodemailer',
    'pino',
    'pino-roll',
    'prom-client',
    'undici',
  ],
  plugins: [cachedWidths, noDevtools],
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
