import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const openUrl = new URL('../../source/sources/open.ts', import.meta.url).href;

/** Reads standard input as a source in a process of its own; prints what came as one line of JSON. */
const reader = `
  import { openSource } from ${JSON.stringify(openUrl)};
  const source = openSource({ name: 'in', kind: 'file', enabled: true, weight: 1, path: '-' }, { folder: '.' });
  const stop = new AbortController();
  if (process.argv[1] === 'abort') setTimeout(() => stop.abort(new Error('enough')), 100);
  const found = { ids: [], error: null };
  try {
    for await (const page of source.fetch({ cursor: null, signal: stop.signal })) {
      found.ids.push(...page.posts.map((post) => post.externalId));
    }
  } catch (error) {
    found.error = error.message;
  }
  console.log(JSON.stringify(found));
`;

function read(mode: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', reader, mode], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const ended = new Promise((resolve) => child.on('close', () => resolve(JSON.parse(output))));
  return { stdin: child.stdin, ended };
}

test('rows come from standard input', async () => {
  const { stdin, ended } = read('all');
  stdin.write('id,text\n1,one\n');
  stdin.end('2,two\n');
  expect(await ended).toEqual({ ids: ['1', '2'], error: null });
});

test('an abort ends the wait for more input with its reason', async () => {
  const { stdin, ended } = read('abort');
  stdin.write('{"id":1,"text":"one"}\n');
  expect(await ended).toEqual({ ids: [], error: 'enough' });
  stdin.destroy();
});
