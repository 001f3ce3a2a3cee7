import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const minutes = 60_000;

/** npm as a person calls it: nothing of the npm that runs this test may leak into it. */
function environment(home: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?!config_(?:registry|cache|userconfig))/i.test(name),
  );
  return { ...Object.fromEntries(own), XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_STATE_HOME: home };
}

describe('the package', () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'signal-harvester-package-'));
    const run = (command: string, args: readonly string[], cwd: string) =>
      promisify(execFile)(command, [...args], { cwd, env: environment(folder) });
    // The suite builds before it tests, so packing must not build beneath other tests' feet.
    const { stdout } = await run(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
      root,
    );
    const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths).toContain('dist/main.js');
    expect(paths).toContain('demo/sample.ndjson');
    expect(paths.filter((path) => /^(?:source|test|bench|docs)\//.test(path))).toEqual([]);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    await run(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', join(folder, packed?.filename ?? '')],
      folder,
    );
  }, 5 * minutes);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The installed program, as `npx signal-harvester` starts it. */
  function program(
    args: readonly string[],
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return new Promise((resolve, reject) => {
      const installed = join(folder, 'node_modules/signal-harvester/bin/signal-harvester.js');
      const child = spawn(process.execPath, [installed, ...args], {
        cwd: folder,
        env: environment(folder),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = { stdout: '', stderr: '' };
      child.stdout.on('data', (text) => (said.stdout += text));
      child.stderr.on('data', (text) => (said.stderr += text));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, ...said }));
    });
  }

  test(
    'runs from an empty folder: version, help and a harvest of a feed',
    async () => {
      expect(await program(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
      expect((await program(['--help'])).stdout).toContain('signal-harvester run');
      const feed = `<rss version="2.0"><channel><title>t</title>
      <item><guid>1</guid><title>The login page is down for everybody</title><pubDate>${new Date().toUTCString()}</pubDate></item>
      <item><guid>2</guid><title>Could you add a dark theme please?</title><pubDate>${new Date().toUTCString()}</pubDate></item>
    </channel></rss>`;
      const server = createServer((_, response) =>
        response.setHeader('content-type', 'application/rss+xml').end(feed),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        writeFileSync(
          join(folder, 'config.yaml'),
          `topic: acme\nhttp: { allowPrivate: true }\nstore: { path: acme.db }\nsources:\n  - { name: feed, kind: rss, url: "http://127.0.0.1:${port}/" }\n`,
        );
        const run = await program(['run', '--json']);
        expect(run.stderr).toBe('');
        expect(run.code).toBe(0);
        const top = await program(['top', '--json']);
        expect(top.stdout).toContain('The login page is down for everybody');
        expect(top.stdout).toContain('outage');
      } finally {
        server.close();
      }
    },
    2 * minutes,
  );

  test('says in one sentence which Node it needs when the Node is too old, and exits 2', async () => {
    const bin = new URL('../bin/signal-harvester.js', import.meta.url).href;
    const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } });
      await import(${JSON.stringify(bin)});`;
    const outcome = promisify(execFile)(process.execPath, ['--input-type=module', '-e', old]);
    await expect(outcome).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^signal-harvester needs Node 22\.12 or newer and this is 20\.11\.0: [^\n]+\n$/,
      ),
    });
  });
});
