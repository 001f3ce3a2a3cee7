/**
 * Goes through the steps of the Dockerfile without Docker: each stage is a
 * folder, each instruction is read from the file by a parser and done there,
 * and what comes out is run as the container would run it. It is not a
 * container: the base image is the Node that runs this and the system around
 * it, absolute paths are moved into the folder of the stage, and owners become
 * the user who runs this. As root, the program is run by a user without rights.
 *
 * Usage: node scripts/check-image.mjs   (some minutes; needs the registry)
 */
import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DockerfileParser } from 'dockerfile-ast';

const context = fileURLToPath(new URL('..', import.meta.url));
const top = mkdtempSync(join(tmpdir(), 'signal-harvester-image-'));
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

/** What .dockerignore lets through; this one is a list of what may pass, and a test would notice another. */
const passed = readFileSync(join(context, '.dockerignore'), 'utf8').trim().split('\n');
if (passed[0] !== '*' || passed.slice(1).some((line) => !line.startsWith('!')))
  throw new Error('.dockerignore is not "*" and what may pass: teach scripts/check-image.mjs to read it');
const allowed = passed.slice(1).map((line) => line.slice(1));

/** One stage: a folder that stands for its root, where it works, and its variables. */
const stages = [];
const inside = (stage, path) => join(stage.root, path.startsWith('/') ? path : join(stage.workdir, path));

/** Absolute paths of a shell line, moved into the folder of the stage; those of programs of the system stay. */
const moved = (stage, text) => text.replace(/(^|[\s=])\/(?!bin\/)(?=[a-z])/g, `$1${stage.root}/`);

function begin(instruction) {
  const [image, , name] = instruction.getArgumentsContent().split(/\s+/);
  const stage = {
    image,
    name: name ?? String(stages.length),
    root: join(top, name ?? 'final'),
    workdir: '/',
  };
  Object.assign(stage, { env: {}, entrypoint: [], command: [], health: [], volumes: [] });
  for (const folder of ['tmp', 'usr/local/bin']) mkdirSync(join(stage.root, folder), { recursive: true });
  stages.push(stage);
}

function copy(stage, instruction) {
  const from = instruction
    .getFlags()
    .find((flag) => flag.getName() === 'from')
    ?.getValue();
  const parts = instruction.getArgumentsContent().split(/\s+/);
  const to = inside(stage, parts.at(-1));
  for (const part of parts.slice(0, -1)) {
    if (from !== undefined) {
      cpSync(
        inside(
          stages.find(({ name }) => name === from),
          part,
        ),
        to,
        { recursive: true, verbatimSymlinks: true },
      );
    } else if (part === '.') {
      for (const path of allowed) cpSync(join(context, path), join(to, path), { recursive: true });
    } else {
      if (!allowed.includes(part)) throw new Error(`.dockerignore keeps ${part} out, and COPY asks for it`);
      const isFolder = parts.at(-1).endsWith('/');
      cpSync(join(context, part), isFolder ? join(to, basename(part)) : to, { recursive: true });
    }
  }
}

function shell(stage, text) {
  const line = moved(stage, text.replace(/\\\r?\n/g, ' ')).replace(
    /-o node -g node/g,
    `-o ${process.getuid?.()} -g ${process.getgid?.()}`,
  );
  process.stderr.write(`  RUN ${line}\n`);
  execFileSync('/bin/sh', ['-ec', line], {
    cwd: inside(stage, '.'),
    env: { ...base(stage), ...stage.env, TMPDIR: join(stage.root, 'tmp') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** The image's own surroundings: a cache of npm that may be emptied, no other variable of npm, and no program of this project in the path. */
function base(stage) {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(?:npm_config_(?:registry|cafile)|NODE_EXTRA_CA_CERTS|HOME)$/i.test(name),
  );
  const path = [
    join(stage.root, 'usr/local/bin'),
    dirname(process.execPath),
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ];
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter), npm_config_cache: join(top, 'npm') };
}

function setting(stage, instruction) {
  for (const property of instruction.getProperties())
    stage.env[property.getName()] = moved(stage, property.getValue());
}

function instruct(instruction) {
  const keyword = instruction.getKeyword();
  const text = instruction.getArgumentsContent() ?? '';
  const stage = stages.at(-1);
  const list = () => JSON.parse(text.slice(text.indexOf('[')));
  switch (keyword) {
    case 'FROM':
      return begin(instruction);
    case 'WORKDIR':
      stage.workdir = resolve('/', stage.workdir, text);
      return mkdirSync(inside(stage, '.'), { recursive: true });
    case 'COPY':
      return copy(stage, instruction);
    case 'RUN':
      return shell(stage, text);
    case 'ENV':
      return setting(stage, instruction);
    case 'USER':
      stage.user = text;
      return undefined;
    case 'VOLUME':
      stage.volumes.push(text);
      return undefined;
    case 'ENTRYPOINT':
      stage.entrypoint = list();
      return undefined;
    case 'CMD':
      stage.command = list();
      return undefined;
    case 'HEALTHCHECK':
      stage.health = list();
      return undefined;
    default:
      throw new Error(`teach scripts/check-image.mjs what ${keyword} does`);
  }
}

/** As the container would: its user, its variables, its folder; only the volumes and /tmp can be written to. */
function run(stage, [program, ...args]) {
  const path = join(stage.root, 'usr/local/bin', program);
  const options = isRoot ? { uid: nobody, gid: nobody } : {};
  return execFileSync(process.execPath, [path, ...args], {
    cwd: inside(stage, '.'),
    env: { ...base(stage), ...stage.env, HOME: '/nowhere', TMPDIR: join(stage.root, 'tmp') },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
}

try {
  execFileSync('chmod', ['755', top]);
  for (const instruction of DockerfileParser.parse(
    readFileSync(join(context, 'Dockerfile'), 'utf8'),
  ).getInstructions())
    instruct(instruction);
  const image = stages.at(-1);
  if (image.user !== 'node') throw new Error('the image runs as root');
  for (const folder of [...image.volumes, '/tmp'])
    if (isRoot) chownSync(inside(image, folder), nobody, nobody);
  const before = globSync('app/*', { cwd: image.root }).sort().join();
  const rows = run(image, [...image.entrypoint, ...image.command, '--demo', '--limit', '5'])
    .trim()
    .split('\n');
  if (rows.length < 5) throw new Error(`the sample gave ${rows.length} rows`);
  run(image, image.health);
  run(image, [...image.entrypoint, 'config', 'check']);
  if (globSync('app/*', { cwd: image.root }).sort().join() !== before)
    throw new Error('the program writes into /app');
  const size = execFileSync('du', ['-sm', join(image.root, 'app')], { encoding: 'utf8' }).split('\t')[0];
  process.stdout.write(`the steps of the Dockerfile give a program that harvests; /app has ${size} MB\n`);
} finally {
  rmSync(top, { recursive: true, force: true });
}
