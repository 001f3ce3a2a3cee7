import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkplace } from './program.ts';

const posts = ['{"id":"1","text":"the login is broken","author":"bo"}', '{"id":"2","text":"=cmd|calc"}'].join(
  '\n',
);

async function place() {
  const workplace = makeWorkplace({
    'config.yaml': 'store: { path: a.sqlite }\n',
    'other.yaml': 'store: { path: b.sqlite }\n',
    'posts.ndjson': `${posts}\n`,
  });
  await workplace.run(['import', 'posts.ndjson']);
  await workplace.run(['triage', '1', '--status', 'escalated', '--note', 'asked ops']);
  return workplace;
}

describe('what export wrote', () => {
  it('is for its owner alone, and comes back through import, also through a pipe', async () => {
    const { run, folder } = await place();
    await run(['export', '--output', 'out.json']);
    expect(statSync(join(folder, 'out.json')).mode & 0o777).toBe(0o600);
    const planned = await run(['import', 'out.json', '--config', 'other.yaml', '--dry-run']);
    expect([planned.code, planned.stdout]).toEqual([
      0,
      '2 signals in the file\n2 would be added (2 new posts in all)\n',
    ]);
    expect(planned.stderr).toMatch(/dry run/);
    const file = readFileSync(join(folder, 'out.json'), 'utf8');
    const piped = await run(['import', '-', '--config', 'other.yaml', '--json'], { input: file });
    expect(JSON.parse(piped.stdout)).toMatchObject({
      format: 'json',
      read: 2,
      added: 2,
      posts: 2,
      problems: [],
    });
    expect((await run(['export', '--config', 'other.yaml'])).stdout).toBe(file);
  });

  it('is told apart from a file of posts, whose options it does not take, and the other way round', async () => {
    const { run, folder } = await place();
    await run(['export', '--output', 'out.csv']);
    expect((await run(['import', 'out.csv', '--name', 'mine'])).stderr).toMatch(/take no --name/);
    expect((await run(['import', 'posts.ndjson', '--overwrite'])).stderr).toMatch(
      /--overwrite is for exported signals/,
    );
    writeFileSync(join(folder, 'cut.ndjson'), '{"document":"signal/1","id":1\n');
    const cut = await run(['import', 'cut.ndjson']);
    expect([cut.code, cut.stderr]).toEqual([3, expect.stringMatching(/^line 1 left out: is no JSON/)]);
    expect((await run(['export', '--view', 'nowhere'])).stderr).toMatch(/There is no view nowhere/);
  });
});
