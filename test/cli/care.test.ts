import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import { commands } from '../../source/cli/commands.ts';
import { listedCommands } from '../../source/cli/help.ts';
import { configFor, feed, items, serve } from './feeds.ts';
import { makeWorkplace } from './program.ts';

describe('help', () => {
  it('names every command but those that only programs call', async () => {
    const { code, stdout } = await makeWorkplace().run(['--help']);
    expect(code).toBe(0);
    const listed = await listedCommands();
    for (const { name } of listed) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(Object.keys(commands).length - listed.length).toBe(1);
    expect(stdout).not.toMatch(/^ {2}complete /m);
  });

  it.each(Object.keys(commands))(
    'of "%s" has a summary, examples and the shape of its JSON',
    async (name) => {
      const load = commands[name];
      const command = await load?.();
      const place = makeWorkplace();
      const { code, stdout, stderr } = await place.run(['help', name]);
      expect([code, stderr]).toEqual([0, '']);
      expect(command?.name).toBe(name);
      expect(command?.usage.split(' ')[0]).toBe(name);
      expect(stdout).toContain(command?.summary);
      expect(stdout).toMatch(/^Examples\n {2}.*signal-harvester /m);
      expect(stdout).toMatch(/^With --json\n {2}\S/m);
      expect((await place.run([name, '--help'])).stdout).toBe(stdout);
    },
  );

  it('of a command that does not exist suggests the nearest', async () => {
    const { code, stderr } = await makeWorkplace().run(['help', 'exprt']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "export"?');
  });

  it('--version prints the version of the package', async () => {
    const file = new URL('../../package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    expect(await makeWorkplace().run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('an error', () => {
  it('is a sentence and its fix', async () => {
    const { code, stdout, stderr } = await makeWorkplace().run(['top', '--limt', '3']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'error: Unknown flag --limt: did you mean --limit?\nfix: Run "signal-harvester help top" for the flags.\n',
    );
  });

  it('is JSON on stderr under --json', async () => {
    const { code, stdout, stderr } = await makeWorkplace().run([
      'show',
      '7',
      '--json',
      '--config',
      'none.yaml',
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'config-not-found', message: expect.any(String), fix: expect.any(String) },
    });
  });
});

describe('config', () => {
  const wrong = 'topic: 1\nhttp: { timout: 2 }\n';

  it('check lists every mistake and ends with 2', async () => {
    const place = makeWorkplace({ 'config.yaml': wrong });
    const { code, stderr } = await place.run(['config', 'check']);
    expect(code).toBe(2);
    expect(stderr).toContain('config.yaml:1:8: topic is 1');
    expect(stderr).toContain('config.yaml:2:9: unknown key "timout" in http; did you mean "timeoutMs"?');
    const json = await place.run(['config', 'check', '--json']);
    expect([json.code, json.stderr]).toEqual([2, '']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      mistakes: [
        { line: 1, column: 8 },
        { line: 2, column: 9 },
      ],
    });
  });

  it('check of a valid one ends with 0', async () => {
    const place = makeWorkplace({ 'config.yaml': 'topic: a\n' });
    expect(await place.run(['config', 'check'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is valid'),
    });
    expect(JSON.parse((await place.run(['config', 'check', '--json'])).stdout)).toMatchObject({
      ok: true,
      mistakes: [],
    });
  });

  it('show prints what is in force, and no secret', async () => {
    const place = makeWorkplace({ 'config.yaml': 'topic: a\nprofiles: { p: { topic: b } }\n' });
    const env = { OPENAI_API_KEY: 'sk-secret', SIGNAL_HARVESTER_HTTP__RETRIES: '9' };
    const { stdout } = await place.run(['config', 'show', '--profile', 'p'], { env });
    expect(stdout).toMatch(/^topic: b$/m);
    expect(stdout).toMatch(/^ {2}retries: 9$/m);
    expect(stdout).toContain('OPENAI_API_KEY: set');
    expect(stdout).not.toContain('sk-secret');
    const json = JSON.parse((await place.run(['config', 'show', '--json'], { env })).stdout) as object;
    expect(json).toMatchObject({ profile: null, config: { topic: 'a' }, secrets: { OPENAI_API_KEY: 'set' } });
  });

  it('schema prints JSON Schema that knows the kinds of sources', async () => {
    const { code, stdout } = await makeWorkplace({ 'config.yaml': wrong }).run(['config', 'schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'object',
      properties: { sources: { items: { oneOf: expect.any(Array) } } },
    });
    expect(stdout).toContain('"hackernews"');
  });

  it('with a mistyped action suggests the nearest', async () => {
    const { code, stderr } = await makeWorkplace().run(['config', 'chekc']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "check"?');
  });
});

describe('db', () => {
  const config = { 'config.yaml': 'store: { path: data/signals.sqlite }\n' };
  const names = Object.keys(migrations);

  it('migrate, status and check work on a store that does not exist yet', async () => {
    const place = makeWorkplace(config);
    expect((await place.run(['db', 'migrate'])).code).toBe(0);
    const { stdout } = await place.run(['db', 'status', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      path: join(place.folder, 'data/signals.sqlite'),
      posts: 0,
      applied: names,
      pending: [],
    });
    expect(await place.run(['db', 'check'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('sound'),
    });
    expect(JSON.parse((await place.run(['db', 'migrate', '--json'])).stdout)).toEqual({ applied: [] });
  });

  it('the store belongs to its owner alone', async () => {
    const place = makeWorkplace(config);
    await place.run(['db', 'migrate']);
    expect(statSync(join(place.folder, 'data/signals.sqlite')).mode & 0o777).toBe(0o600);
  });

  it('rollback shows its plan and does nothing without --force', async () => {
    const place = makeWorkplace(config);
    await place.run(['db', 'migrate']);
    const refused = await place.run(['db', 'rollback']);
    expect(refused.code).toBe(2);
    expect(refused.stdout).toContain(`Plan: Take back ${names.at(-1)} in `);
    expect(JSON.parse((await place.run(['db', 'status', '--json'])).stdout)).toMatchObject({ pending: [] });
    const forced = await place.run(['db', 'rollback', '--force', '--json']);
    expect(JSON.parse(forced.stdout)).toMatchObject({ rolledBack: names.at(-1) });
    expect(JSON.parse((await place.run(['db', 'status', '--json'])).stdout)).toMatchObject({
      applied: names.slice(0, -1),
    });
  });

  it('status of a file that is no store says so without touching it', async () => {
    const place = makeWorkplace({
      'config.yaml': 'store: { path: junk.sqlite }\n',
      'junk.sqlite': 'this is no database '.repeat(100),
    });
    const { code, stderr } = await place.run(['db', 'status']);
    expect(code).not.toBe(0);
    expect(code).not.toBe(1);
    expect(stderr).toMatch(/^error: .*\nfix: /);
    expect(readFileSync(join(place.folder, 'junk.sqlite'), 'utf8')).toBe('this is no database '.repeat(100));
  });
});

describe('doctor', () => {
  it('finds nothing wrong where everything answers', async () => {
    const base = await serve({ '/one': feed(items) });
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/one']) });
    const { code, stdout } = await place.run(['doctor', '--json']);
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; state: string }[] };
    expect(checks.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(checks.map(({ name }) => name)).toContain('source one');
    expect([code, ok]).toEqual([0, true]);
  });

  it('ends with 3 and gives a fix for what fails', async () => {
    const base = await serve({});
    const place = makeWorkplace({ 'config.yaml': configFor(base, ['/gone']) });
    const { code, stdout } = await place.run(['doctor']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^source gone\tfailed\t/m);
    expect(stdout).toMatch(/^source gone: \S/m);
  });

  it('reports a broken configuration as a finding', async () => {
    const place = makeWorkplace({ 'config.yaml': 'topic: 1\n' });
    const { code, stdout } = await place.run(['doctor', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      checks: [{ name: 'configuration', state: 'failed', fix: expect.any(String) }],
    });
  });
});

describe('init', () => {
  it('tries feeds, writes a configuration, and the next run uses it', async () => {
    const base = await serve({ '/feed.xml': feed(items) });
    const place = makeWorkplace();
    const env = {
      SIGNAL_HARVESTER_HTTP__ALLOW_PRIVATE: 'true',
      SIGNAL_HARVESTER_STORE__PATH: 'signals.sqlite',
    };
    const { code, stdout, stderr } = await place.run(['init', '--feed', `${base}/feed.xml`], { env });
    expect([code, stderr]).toEqual([0, expect.stringContaining('Wrote')]);
    expect(stdout).toMatch(/4 posts/);
    expect(statSync(join(place.folder, 'config.yaml')).mode & 0o777).toBe(0o600);
    expect((await place.run(['run'], { env })).code).toBe(0);
  });

  it('without probing needs no network', async () => {
    const place = makeWorkplace();
    const { code, stdout } = await place.run(['init', '--topic', 'Acme: "Cloud"', '--no-probe', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      path: join(place.folder, 'config.yaml'),
      topic: 'Acme: "Cloud"',
    });
    expect((await place.run(['config', 'check'])).code).toBe(0);
  });

  it('never touches an existing configuration', async () => {
    const place = makeWorkplace({ 'config.yaml': 'topic: mine\n' });
    const { code, stderr } = await place.run(['init', '--topic', 'acme', '--no-probe']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is a configuration already');
    expect(readFileSync(join(place.folder, 'config.yaml'), 'utf8')).toBe('topic: mine\n');
  });

  it('writes nothing when no source answers, and ends with 4', async () => {
    const base = await serve({});
    const place = makeWorkplace();
    const env = { SIGNAL_HARVESTER_HTTP__ALLOW_PRIVATE: 'true', SIGNAL_HARVESTER_HTTP__RETRIES: '0' };
    const { code } = await place.run(['init', '--feed', `${base}/gone.xml`], { env });
    expect(code).toBe(4);
    expect(existsSync(join(place.folder, 'config.yaml'))).toBe(false);
  });

  it('asks for what it needs', async () => {
    expect(await makeWorkplace().run(['init'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--topic'),
    });
  });
});

it('a store made by a newer version is refused with a fix and left as it is', async () => {
  const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
  await place.run(['db', 'migrate']);
  const file = join(place.folder, 'signals.sqlite');
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(file);
  database
    .prepare('insert into kysely_migration (name, timestamp) values (?, ?)')
    .run('999_future', new Date().toISOString());
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
  const before = readFileSync(file);
  const { code, stderr } = await place.run(['top']);
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/^error: .*newer/);
  expect(readFileSync(file).equals(before)).toBe(true);
  writeFileSync(file, before);
});
