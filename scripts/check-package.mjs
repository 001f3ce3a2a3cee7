/**
 * Does with the package what a stranger will do: packs it, looks at what is in
 * it and at what its installation would run, and then, in an empty folder and
 * on each Node that it supports, has npx install the tarball and harvests.
 *
 * Usage: node scripts/check-package.mjs [NODE …]   (22 24 26 when none is given; needs the registry)
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const top = mkdtempSync(join(tmpdir(), 'signal-harvester-package-'));
const nodes = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24', '26'];

/** A person's own surroundings: nothing of the npm that may run this, no program of this project in the path. */
function surroundings(home, node) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(?:registry|cafile|cache)$)|^SIGNAL_HARVESTER_|^XDG_/i.test(name),
  );
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(root));
  const first = node === undefined ? [dirname(process.execPath)] : [dirname(node)];
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    PATH: [...first, ...path].join(delimiter),
    NO_COLOR: '1',
  };
}

function run(program, args, cwd, node) {
  const options = { cwd, env: surroundings(top, node), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
  return execFileSync(program, args, { ...options, maxBuffer: 1e8 });
}

function pack() {
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', top], root),
  );
  return { tarball: join(top, packed.filename), size: packed.size, files: packed.files.length };
}

/** A Node of its own, from npm; its package fetches the one for the platform from the same registry. */
function installNode(version) {
  const folder = join(top, `node-${version}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }');
  run('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], folder);
  return join(folder, 'node_modules/node/bin/node');
}

/** Every script that an installation would have run, by package. */
function installScripts(folder) {
  return globSync('node_modules/**/package.json', { cwd: folder }).flatMap((path) => {
    const { name, scripts = {}, version } = JSON.parse(readFileSync(join(folder, path), 'utf8'));
    // A package.json without a version is a part of a package, of which npm runs nothing.
    if (version === undefined) return [];
    const own = ['preinstall', 'install', 'postinstall'].filter((script) => script in scripts);
    return own.map((script) => `${name}: ${script}`);
  });
}

function harvest(tarball, version) {
  const node = installNode(version);
  const folder = join(top, `empty-${version}`);
  mkdirSync(folder);
  copyFileSync(tarball, join(folder, basename(tarball)));
  // npm's own program is started by the Node under test, so npx and what it starts run on that one.
  const npx = (...args) =>
    run('npx', ['--yes', '--ignore-scripts', `./${basename(tarball)}`, ...args], folder, node);
  const told = npx('--version').trim();
  writeFileSync(
    join(folder, 'posts.ndjson'),
    `${JSON.stringify({ id: '1', text: 'The login page is down for everybody', createdAt: new Date().toISOString() })}\n`,
  );
  writeFileSync(
    join(folder, 'config.yaml'),
    'topic: acme\nstore: { path: acme.sqlite }\nsources:\n  - { name: posts, kind: file, path: posts.ndjson }\n',
  );
  const result = JSON.parse(npx('run', '--json'));
  const { signals } = JSON.parse(npx('list', '--json'));
  const sample = npx('top', '--demo', '--limit', '3').trim().split('\n');
  if (signals.length !== 1 || sample.length !== 3)
    throw new Error(`Node ${version}: ${JSON.stringify(result)}`);
  const ran = run(node, ['--version'], folder).trim();
  process.stdout.write(`${ran}: npx runs ${told}, harvests, lists one ${signals[0].category}\n`);
}

try {
  run('npm', ['run', 'build'], root);
  const { tarball, size, files } = pack();
  process.stdout.write(`${basename(tarball)}: ${(size / 1e6).toFixed(1)} MB, ${files} files\n`);
  process.stdout.write(run(process.execPath, [join(root, 'node_modules/publint/src/cli.js'), tarball], root));

  const installed = join(top, 'installed');
  mkdirSync(installed);
  writeFileSync(join(installed, 'package.json'), '{ "private": true }');
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', tarball], installed);
  const scripts = installScripts(installed);
  const megabytes = run('du', ['-sm', 'node_modules'], installed).split('\t')[0];
  process.stdout.write(`installed: ${megabytes} MB; scripts of packages: ${scripts.join(', ') || 'none'}\n`);

  const everywhere = join(top, 'global');
  run('npm', ['install', '--global', '--no-audit', '--no-fund', '--prefix', everywhere, tarball], installed);
  const page = readFileSync(join(everywhere, 'share/man/man1/signal-harvester.1'), 'utf8');
  const told = run(join(everywhere, 'bin/signal-harvester'), ['--version'], installed).trim();
  process.stdout.write(`installed for everybody: runs ${told}, man has ${page.split('\n').length} lines\n`);

  for (const version of nodes) harvest(tarball, version);
} finally {
  rmSync(top, { recursive: true, force: true });
}
