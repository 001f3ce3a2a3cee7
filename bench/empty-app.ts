import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** For whoever builds it to remove. */
export const emptyAppFolder = join(root, 'dist/bench-empty-app');

/** Ink and nothing else, made as scripts/build.mjs makes the program: the floor of what is drawn by Ink. Returns the file to start. */
export async function buildEmptyApp(): Promise<string> {
  const made = emptyAppFolder;
  mkdirSync(made, { recursive: true });
  const source = join(made, 'app.in.mjs');
  writeFileSync(
    source,
    "import { createElement } from 'react'; import { render, Text } from 'ink'; render(createElement(Text, null, 'drawn'), { alternateScreen: true, incrementalRendering: true, maxFps: 60 }); setInterval(() => {}, 1e6);",
  );
  await build({
    entryPoints: { app: source },
    outdir: made,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifySyntax: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { 'react-devtools-core': join(root, 'source/tui/no-devtools.ts') },
    banner: { js: "import { createRequire as c } from 'node:module'; const require = c(import.meta.url);" },
  });
  const start = join(made, 'start.mjs');
  writeFileSync(start, "import m from 'node:module'; m.enableCompileCache(); import('./app.mjs');");
  return start;
}
