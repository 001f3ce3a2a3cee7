import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretVariables } from '../source/config/secrets.ts';
import { spoolPathOf } from '../source/error-spool.ts';
import { type DocumentedCommand, documentedCommands } from './documented-commands.ts';
import { cannotRun, endsOtherwise } from './documented-exceptions.ts';
import { sampleOccurrence } from './errors-sample.ts';
import { moveHome, runHere } from './program-here.ts';

const documented = documentedCommands();
const byFile = [...Map.groupBy(documented, ({ file }) => file)];
const feed = createServer((_request, response) => {
  response.setHeader('content-type', 'application/rss+xml');
  response.end(
    '<rss version="2.0"><channel><title>Acme</title><item><title>It is down</title></item></channel></rss>',
  );
});
const startedIn = process.cwd();
const startedWith = { ...process.env };
let base: string;
/** What a document cannot know beforehand, by the word that it shows instead, behind a command where it means two things. */
let standIns: ReadonlyMap<string, string>;

function say({ argv, env }: DocumentedCommand): string {
  return [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv].join(' ');
}

async function mustRun(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await runHere(argv);
  expect({ argv, code, stderr: code === 0 ? '' : stderr }).toEqual({ argv, code: 0, stderr: '' });
  return stdout;
}

/** The store of somebody who has used the program for a while; the documents are followed on copies of it. */
beforeAll(async () => {
  await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
  const { port } = feed.address() as AddressInfo;
  base = mkdtempSync(join(tmpdir(), 'signal-harvester-documents-'));
  for (const name of secretVariables) delete process.env[name];
  moveHome(join(base, 'home'));
  const office = join(base, 'office');
  mkdirSync(office);
  process.chdir(office);
  const sample = readFileSync(new URL('../demo/sample.ndjson', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const now = Date.now();
  const posts = sample.map((line) => {
    const { minutesAgo, ...post } = JSON.parse(line) as { minutesAgo: number };
    return JSON.stringify({ ...post, createdAt: now - minutesAgo * 60_000 });
  });
  const files = {
    'config.yaml': `topic: Fernquill
store: { path: signals.sqlite }
log: { path: harvester.log }
http: { allowPrivate: true, retries: 0 }
sources:
  - { name: blog, kind: file, path: posts.ndjson }
  - { name: support-desk, kind: webhook }
notifiers: [{ name: team, kind: stdout }]
rules: [{ name: pressing, query: "urgency:>=4", notifier: team }]
`,
    'posts.ndjson': posts.slice(0, 120).join('\n'),
    'posts.csv': 'id,text,author,createdAt\n1,"The export is empty, every time",ann,2026-11-20T10:00:00Z\n',
    'feeds.opml': `<opml version="2.0"><body><outline type="rss" text="Acme" xmlUrl="http://127.0.0.1:${port}/feed.xml"/></body></opml>`,
    'labelled.jsonl':
      '{"text": "crashes when I open settings", "label": "bug"}\n{"text": "love it", "label": "rating"}\n',
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(name, content);
  const errors = [1, 2, 3].map((number) => JSON.stringify(sampleOccurrence(number, now)));
  writeFileSync(spoolPathOf(join(office, 'harvester.log')), `${errors.join('\n')}\n`);
  await mustRun('run');
  for (const text of ['quick', 'clear', 'where is undo?']) await mustRun('feedback', 'send', text);
  await mustRun('triage', '12', '--category', 'bug');
  await mustRun('triage', '13', '--category', 'praise');
  const invitation = JSON.parse(await mustRun('invite', 'create', '--scope', 'read', '--json')) as {
    code: string;
    invitation: { id: string };
  };
  const key = JSON.parse(await mustRun('keys', 'create', '--name', 'first', '--scope', 'read', '--json')) as {
    key: { id: string };
  };
  const { snapshot } = JSON.parse(await mustRun('snapshot', 'create', '--json')) as {
    snapshot: { id: string };
  };
  standIns = new Map([
    ['SHI-7QJ2-0XK4-…', invitation.code],
    ['7QJ2', invitation.invitation.id],
    ['k3wq7abc', key.key.id],
    ['snapshot diff 2026-11-01', snapshot.id],
    ['sources test NAME', 'blog'],
    ['COMMAND', 'top'],
    ['QUERY', 'category:bug'],
    ['NAME', 'bug'],
  ]);
});

afterAll(() => {
  feed.close();
  process.chdir(startedIn);
  for (const name of Object.keys(process.env)) if (!(name in startedWith)) delete process.env[name];
  Object.assign(process.env, startedWith);
  rmSync(base, { recursive: true, force: true });
});

describe('the calls of a document, one after the other in one folder', () => {
  test.each(byFile)('%s', async (file, calls) => {
    const folder = join(base, file.replaceAll('/', '-'));
    cpSync(join(base, 'office'), folder, { recursive: true });
    process.chdir(folder);
    for (const call of calls) {
      if (cannotRun.some(({ is }) => is === say(call))) continue;
      const argv = call.argv.map(
        (word) => standIns.get(`${call.argv.slice(0, 2).join(' ')} ${word}`) ?? standIns.get(word) ?? word,
      );
      // What writes a first configuration is done where there is none.
      process.chdir(argv[0] === 'init' ? mkdtempSync(join(folder, 'empty-')) : folder);
      const { code, stdout, stderr } = await runHere(argv, call.env);
      if (call.output !== null) writeFileSync(basename(call.output), stdout);
      const wanted = endsOtherwise.find((each) => each.is === say(call))?.code ?? 0;
      expect({
        call: `${file}:${call.line} ${say(call)}`,
        code,
        said: code === wanted ? '' : stderr + stdout,
      }).toEqual({
        call: `${file}:${call.line} ${say(call)}`,
        code: wanted,
        said: '',
      });
      if (argv.includes('--json')) JSON.parse(stdout);
    }
  });
});

describe('the exceptions', () => {
  const shown = new Set(documented.map(say));

  test('are calls that a document shows, each with a reason', () => {
    expect(
      [...cannotRun, ...endsOtherwise].filter(({ is, because }) => !shown.has(is) || because.length < 10),
    ).toEqual([]);
  });

  test('are few', () => {
    const left = documented.filter((call) => cannotRun.some(({ is }) => is === say(call)));
    expect(left.length).toBeLessThan(documented.length / 5);
  });
});
