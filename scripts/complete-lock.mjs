/**
 * Adds to package-lock.json the platform packages that a partial registry
 * mirror could not resolve.
 *
 * Native tools (biome, esbuild, rolldown …) ship one optional package a
 * platform. A mirror that carries only some of them makes `npm install` write
 * a lock without the others, and `npm ci` then refuses that lock everywhere.
 * Each missing entry is pinned to the version its parent asks for and limited
 * to the platform in its name, so that it is fetched only where it is of use.
 *
 * Usage: node scripts/complete-lock.mjs   (after any change of dependencies)
 */
import { readFileSync, writeFileSync } from 'node:fs';

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm64',
  'arm',
  'armv7',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];
const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages;

function platformOf(name) {
  const words = name.toLowerCase().split(/[-/.]/);
  const os = systems.find((each) => words.includes(each));
  const cpu =
    processors.find((each) => words.includes(each)) ?? (words.includes('wasm') ? 'wasm32' : undefined);
  return { os: os && [os], cpu: cpu && [cpu] };
}

let added = 0;
for (const [path, parent] of Object.entries({ ...packages })) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] || packages[`${path}/node_modules/${name}`]) continue;
    const { os, cpu } = platformOf(name);
    packages[`node_modules/${name}`] = {
      version: range.replace(/^[\^~]/, ''),
      ...(cpu && { cpu }),
      ...(parent.dev && { dev: true }),
      optional: true,
      ...(os && { os }),
    };
    added += 1;
    if (!os && !cpu) process.stderr.write(`no platform in the name of ${name}\n`);
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} entries added\n`);
