import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Cursor, Page } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { describeSourceContract } from '../contracts/source.ts';
import { writeExporter, writeProgram } from './fake-command.ts';
import { fetchPages, leapingClock, never, testClient } from './loopback.ts';

function open(program: { folder: string; command: readonly string[] }, options: object = {}) {
  const { folder, command } = program;
  const tools = { http: testClient(), clock: leapingClock(), folder, secrets: {} };
  return openSource({ name: 'own', kind: 'command', command, ...options }, tools);
}

const openScript = (script: string, options: object = {}) => open(writeProgram(script), options);
const postsOf = (pages: readonly Page[]) => pages.flatMap((page) => page.posts);
const idsOf = (pages: readonly Page[]) => postsOf(pages).map((post) => post.externalId);
const row = (id: number | string) => ({ id, text: `Acme ${id}`, created_at: '2026-01-15T10:00:00Z' });

describeSourceContract('command', async () => {
  const rows: unknown[] = Array.from({ length: 450 }, (_, at) => row(at));
  rows.splice(20, 0, 'not json at all');
  const exporter = writeExporter();
  let failAfter: number | null = null;
  const update = () => exporter.serve({ rows, every: 50, failAfter });
  update();
  return {
    open: () => open(exporter),
    ids: Array.from({ length: 450 }, (_, at) => String(at)),
    hasBrokenItem: true,
    failFrom: (request) => {
      failAfter = request === null ? null : request * 130;
      update();
    },
    add: (count) => {
      const added = Array.from({ length: count }, (_, at) => `new-${at}`);
      rows.push(...added.map(row));
      update();
      return added;
    },
  };
});

describe('what the program gets', () => {
  test('its arguments as they are, the folder of the configuration, and no variable that is not named', async () => {
    vi.stubEnv('ACME_TOKEN', 'secret');
    vi.stubEnv('ACME_REGION', 'eu');
    onTestFinished(() => void vi.unstubAllEnvs());
    const program = writeProgram(
      'console.log(JSON.stringify({ id: 1, text: JSON.stringify([process.argv.slice(2), process.env, process.cwd()]) }))',
    );
    const command = [...program.command, '$HOME; rm -rf *', "it's"];
    const [post] = postsOf(await fetchPages(open({ ...program, command }, { env: ['ACME_REGION'] })));
    const [parameters, env, folder] = JSON.parse(post?.text ?? '');
    expect(parameters).toEqual(['$HOME; rm -rf *', "it's"]);
    expect(folder).toContain(program.folder);
    expect(env).toMatchObject({ ACME_REGION: 'eu', PATH: process.env.PATH });
    expect(env).not.toHaveProperty('ACME_TOKEN');
    expect(env).not.toHaveProperty('SIGNAL_HARVESTER_CURSOR');
  });

  test('the last cursor it printed, whatever JSON it is, and the start of a backfill', async () => {
    const program = writeProgram(`
      const { SIGNAL_HARVESTER_CURSOR: cursor = 'none', SIGNAL_HARVESTER_SINCE: since = 'none' } = process.env;
      console.log(JSON.stringify({ id: 1, text: cursor, title: since }));
      console.log('{"cursor": {"next": ["ü", 5]}}');`);
    const first = await fetchPages(open(program));
    const second = await fetchPages(open(program), first.at(-1)?.cursor);
    expect(postsOf(second)[0]?.text).toBe('{"next":["ü",5]}');
    const changed = { ...program, command: [...program.command, '--all'] };
    expect(postsOf(await fetchPages(open(changed), first.at(-1)?.cursor))[0]?.text).toBe('none');
    const since = Date.UTC(2026, 0, 1);
    for await (const page of open(program).fetch({ cursor: null, signal: never, since })) {
      expect(page.posts).toMatchObject([{ text: 'none', title: '2026-01-01T00:00:00.000Z' }]);
    }
  });
});

describe('what it prints', () => {
  test('columns are those of a file, and a column may be named', async () => {
    const source = openScript(
      `console.log(JSON.stringify({ key: 'a-1', Said: 'Down again', user: { login: 'ann' }, likes: '1,204', permalink: 'https://x.example/1' }))`,
      { columns: { text: 'Said' } },
    );
    expect(postsOf(await fetchPages(source))).toMatchObject([
      {
        externalId: 'a-1',
        text: 'Down again',
        author: 'ann',
        url: 'https://x.example/1',
        engagement: { likes: 1204 },
      },
    ]);
  });

  test('lines that cannot be read are told by number, the first twenty', async () => {
    const source = openScript(`
      console.log(JSON.stringify({ id: 1, text: 'fine' }));
      for (let at = 0; at < 30; at += 1) console.log('oops');
      process.stdout.write(JSON.stringify({ id: 2, text: 'no line break at the end' }));`);
    const pages = await fetchPages(source);
    expect(idsOf(pages)).toEqual(['1', '2']);
    expect(pages[0]?.warnings).toHaveLength(21);
    expect(pages[0]?.warnings.slice(-2)).toEqual([
      'line 21: not a JSON object',
      'and 10 more lines that cannot be read',
    ]);
  });

  test('nothing at all is one empty page', async () => {
    expect(await fetchPages(openScript(''))).toMatchObject([{ posts: [], warnings: [] }]);
  });

  test('a cursor too long for the environment is told and not kept', async () => {
    const [page] = await fetchPages(openScript(`console.log(JSON.stringify({ cursor: 'x'.repeat(40000) }))`));
    expect(page).toMatchObject({
      cursor: { state: '' },
      warnings: [expect.stringContaining('cursor is longer')],
    });
  });
});

describe('a program that fails', () => {
  test('what it had printed is kept, and its last words are told', async () => {
    const exporter = writeExporter();
    exporter.serve({ rows: [row(1), row(2), row(3)], every: 2, failAfter: 3 });
    exporter.serve({ rows: [row(1), row(2), row(3), row(4)], every: 2, failAfter: 3 });
    const pages: Page[] = [];
    const fetching = async () => {
      for await (const page of open(exporter).fetch({ cursor: null, signal: never })) pages.push(page);
    };
    await expect(fetching()).rejects.toMatchObject({
      code: 'command-failed',
      message: expect.stringMatching(/ended with code 3: the export is closed today$/),
    });
    expect(idsOf(pages)).toEqual(['1', '2', '3']);
    expect(pages.at(-1)?.cursor.state).toBe('{"done":2}');
  });

  test('its words are cleaned before they reach a screen', async () => {
    const source = openScript(`process.stderr.write('\\u001b[31mred\\u0007\\n'); process.exitCode = 1`);
    await expect(fetchPages(source)).rejects.toMatchObject({
      message: expect.stringMatching(/code 1: red$/),
    });
  });

  test('one that is not there, or is no program, is told in words', async () => {
    const { folder } = writeProgram('');
    await expect(fetchPages(open({ folder, command: ['./at-all'] }))).rejects.toMatchObject({
      code: 'no-command',
      message: './at-all is not there',
    });
    await expect(fetchPages(open({ folder, command: ['./program.mjs'] }))).rejects.toMatchObject({
      code: 'no-command',
      message: './program.mjs cannot be started (EACCES)',
    });
  });

  test('one that is ended from outside says by what', async () => {
    await expect(fetchPages(openScript(`process.kill(process.pid, 'SIGKILL')`))).rejects.toMatchObject({
      message: expect.stringContaining('was ended by SIGKILL'),
    });
  });

  test('one that never ends is ended, with all it started', async () => {
    const program = writeProgram(`
      import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      process.on('SIGTERM', () => {});
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      writeFileSync('pid', String(child.pid));
      setInterval(() => {}, 1000);`);
    await expect(fetchPages(open(program, { timeoutMs: 800 }))).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('0.8 s'),
    });
    expect(await isGone(Number(readFileSync(join(program.folder, 'pid'), 'utf8')))).toBe(true);
  });

  test('one that writes without end is stopped', async () => {
    const source = openScript(
      `const line = JSON.stringify({ cursor: 'x'.repeat(30000) }) + '\\n';
       const write = () => { while (process.stdout.write(line)); process.stdout.once('drain', write); };
       write();`,
    );
    await expect(fetchPages(source)).rejects.toMatchObject({ code: 'too-large' });
  });
});

test('a consumer that stops, or aborts, ends the program', async () => {
  const endless = `
    import { writeFileSync } from 'node:fs';
    writeFileSync('pid', String(process.pid));
    for (let id = 0; id < 100; id += 1) console.log(JSON.stringify({ id, text: 'x' }));
    console.log('{"cursor": 100}');
    setInterval(() => {}, 1000);`;
  const left = writeProgram(endless);
  for await (const _ of open(left).fetch({ cursor: null, signal: never })) break;
  expect(await isGone(Number(readFileSync(join(left.folder, 'pid'), 'utf8')))).toBe(true);

  const aborted = writeProgram(endless);
  const stop = new AbortController();
  const fetching = async () => {
    for await (const _ of open(aborted).fetch({ cursor: null, signal: stop.signal })) {
      setTimeout(() => stop.abort(new Error('left with Esc')), 20);
    }
  };
  await expect(fetching()).rejects.toThrow('left with Esc');
  expect(existsSync(join(aborted.folder, 'pid'))).toBe(true);
  expect(await isGone(Number(readFileSync(join(aborted.folder, 'pid'), 'utf8')))).toBe(true);
});

test('the set fetched is the set printed, wherever runs are cut and programs fail', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 700 }),
      fc.integer({ min: 1, max: 200 }),
      fc.array(fc.record({ stop: fc.integer({ min: 1, max: 3 }), failAfter: fc.option(fc.nat(700)) }), {
        maxLength: 3,
      }),
      async (count, every, runs) => {
        const exporter = writeExporter();
        const rows = Array.from({ length: count }, (_, at) => row(at));
        const seen = new Set<string>();
        let cursor: Cursor | null = null;
        for (const { stop, failAfter } of [...runs, { stop: 1_000, failAfter: null }]) {
          exporter.serve({ rows, every, failAfter });
          let pages = 0;
          try {
            for await (const page of open(exporter).fetch({ cursor, signal: never })) {
              for (const id of idsOf([page])) seen.add(id);
              cursor = page.cursor;
              pages += 1;
              if (pages === stop) break;
            }
          } catch (error) {
            expect(error).toMatchObject({ code: 'command-failed' });
          }
        }
        expect([...seen].map(Number).sort((a, b) => a - b)).toEqual(rows.map(({ id }) => id));
      },
    ),
    { numRuns: 8 },
  );
});

/** True once no process has this number. */
async function isGone(pid: number): Promise<boolean> {
  for (let turn = 0; turn < 100; turn += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    // A process that ended and that nobody has waited for yet still has its number.
    if (readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')) return true;
    await wait(20);
  }
  return false;
}
