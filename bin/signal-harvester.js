#!/usr/bin/env node
// Plain JavaScript that any Node can parse: the build, and better-sqlite3 with it, would crash an
// old Node before it could say a word. CommonJS, because Node starts it faster than a module.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const needed = [22, 12];
const found = process.versions.node.split('.').map(Number);
const build = join(__dirname, '../dist/main.js');
const help = join(__dirname, '../dist/help.txt');
const args = process.argv.slice(2);
const isHelp = args.length === 1 && ['--help', '-h', 'help'].includes(args[0]);

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    `signal-harvester needs Node ${needed.join('.')} or newer and this is ${process.versions.node}: install a current Node from https://nodejs.org (or run "npx -p node@24 -p signal-harvester signal-harvester").\n`,
  );
  process.exitCode = 2;
} else if (args.length === 1 && (args[0] === '--version' || args[0] === '-v')) {
  // Asked by scripts again and again: no need to load the program for it.
  const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  process.stdout.write(`${version}\n`);
} else if (isHelp && existsSync(help)) {
  // Written down by the build: the same text, without loading every command for it.
  process.stdout.on('error', () => {});
  process.stdout.write(readFileSync(help, 'utf8'));
} else if (!existsSync(build)) {
  process.stderr.write('signal-harvester is not built yet: run "npm run build" (or "npm start") first.\n');
  process.exitCode = 2;
} else {
  const { enableCompileCache } = require('node:module');
  const { pathToFileURL } = require('node:url');
  if (enableCompileCache) enableCompileCache();
  import(pathToFileURL(build).href).then((program) => program.main(args));
}
