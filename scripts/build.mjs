/**
 * Bundles the program into dist/: a split ESM bundle starts three times as
 * fast as the sources would. Writes down the help page (dist/help.txt), the
 * manual page (man/) and the licences of what is in the bundle. Packages with native code or files of their own
 * stay outside.
 *
 * Usage: node scripts/build.mjs [--maps]
 *
 * With --maps source maps are written beside the files, and the code keeps the shape of the source: what the
 * tests need to say which lines and branches of the sources the program has run. Nothing of that is published.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { dataAsJson } from './data-as-json.mjs';

const withMaps = process.argv.includes('--maps');
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

/**
 * How files are read for a quick start.
 *
 * Code that several parts share goes into files by who shares it: a hundred small ones, and each costs a start half a
 * millisecond. What every source file imports is shared by all, so it goes into one.
 *
 * Importing one of Node's own modules reads every member of it, also those that load a dozen others when they are read
 * (7 ms for util, fs and process); asking the process for it does not.
 */
const quickStart = {
  name: 'quick-start',
  setup(bundle) {
    const often = from('scripts/often-loaded.ts');
    bundle.onLoad({ filter: /[\\/]source[\\/].*\.tsx?$/ }, async ({ path }) => ({
      contents: `import ${JSON.stringify(often)}; ${askForBuiltins(await readFile(path, 'utf8'))}`,
      loader: path.endsWith('x') ? 'tsx' : 'ts',
    }));
    bundle.onLoad(
      { filter: /[\\/](?:env-paths|is-safe-filename|meow[\\/]build)[\\/].*\.js$/ },
      async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const contents = path.endsWith('dependencies.js') ? withoutNormalizer(text, path) : text;
        return { contents: askForBuiltins(contents), loader: 'js' };
      },
    );
  },
};

/** `import { join } from 'node:path'` -> `const { join } = process.getBuiltinModule('node:path')` */
function askForBuiltins(text) {
  const imports = /^import (?:([\w$]+)(?:, )?)?(?:\{([^}]*)\})? ?from '((?:node:)?[\w/]+)';$/gm;
  return text.replace(imports, (statement, whole, members = '', name) => {
    if (!isBuiltin(name)) return statement;
    const found = `globalThis.process.getBuiltinModule('${name}')`;
    const values = members
      .split(',')
      .map((member) => member.trim().replace(/ as /, ': '))
      .filter((member) => member !== '' && !member.startsWith('type '));
    const asWhole = whole === undefined ? '' : `const ${whole} = ${found};`;
    // As many lines as before, so that places in source maps stay right.
    const lines = '\n'.repeat(statement.split('\n').length - 1);
    return (values.length === 0 ? asWhole : `${asWhole}const { ${values.join(', ')} } = ${found};`) + lines;
  });
}

/**
 * meow carries npm's normalizer of package.json, which it runs for `pkg` alone. The program never asks for that
 * (cli/parse.ts), and evaluating it takes longer than all the rest of a start.
 */
function withoutNormalizer(text, path) {
  const leftOut = "() => { throw new Error('left out of the bundle by scripts/build.mjs'); }";
  const contents = text
    .replace('= requireNormalize();', `= ${leftOut};`)
    .replace('= requireLib$1();', `= { codeFrameColumns: ${leftOut} };`)
    .replace("import { execFile } from 'node:child_process';\n", '')
    .replace('\npromisify(execFile);', '');
  if (contents.split(leftOut).length !== 3 || contents.includes('execFile')) {
    throw new Error(`${path} is not as expected: see withoutNormalizer in scripts/build.mjs`);
  }
  return contents;
}

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
  minifySyntax: !withMaps,
  ...(withMaps ? { sourcemap: 'external', sourcesContent: false } : {}),
  // Comments and indentation are read and hashed at each start; lines stay short, for stacks to point at something.
  minifyWhitespace: true,
  lineLimit: 120,
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  external: Object.keys(dependencies),
  plugins: [quickStart, cachedWidths, noDevtools, dataAsJson],
  // Some bundled packages are CommonJS and call require for Node's own modules.
  banner: {
    js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
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
