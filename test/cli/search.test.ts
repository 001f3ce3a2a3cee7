import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeWorkplace, type Workplace } from './program.ts';

const posts = [
  {
    id: '1',
    text: 'Acme is down, nobody can log in and payments fail',
    likes: 40,
    author: 'ann',
    lang: 'en',
  },
  { id: '2', text: 'ログインできない Acme', author: 'ken', lang: 'ja' },
  { id: '3', text: 'I love the new Acme editor, wonderful work', author: 'cy' },
];

async function filledPlace(config = ''): Promise<Workplace> {
  const place = makeWorkplace({ 'config.yaml': `store: { path: signals.sqlite }\n${config}` });
  const input = posts
    .map((post) => `${JSON.stringify({ createdAt: new Date().toISOString(), ...post })}\n`)
    .join('');
  const { code } = await place.run(['import', '-', '--name', 'posts'], { input });
  expect(code).toBe(0);
  return place;
}

async function found(place: Workplace, ...args: string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await place.run([...args, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return (JSON.parse(stdout) as { signals: { text: string }[] }).signals
    .map(({ text }) => text.slice(0, 7))
    .sort();
}

describe('a search on the command line', () => {
  it('is given as words, behind --search or behind -q, to list and top', async () => {
    const place = await filledPlace();
    expect(await found(place, 'list', 'author:ann')).toEqual(['Acme is']);
    expect(await found(place, 'list', 'acme', 'sort:newest', 'author:cy')).toEqual(['I love ']);
    expect(await found(place, 'list', '--search', 'グイ OR editor')).toEqual(['I love ', 'ログインできな']);
    expect(await found(place, 'list', '-q', 'acme -(down OR lang:ja)')).toEqual(['I love ']);
    expect(await found(place, 'list', '--search=-author:ann')).toEqual(['I love ', 'ログインできな']);
    expect(await found(place, 'top', '-q', 'pay*')).toEqual(['Acme is']);
    expect(await found(place, 'top', 'status:dismissed')).toEqual([]);
    const { code, stderr } = await place.run(['list', 'login', '-q', 'acme']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('and so is --search')]);
  });

  it('chooses what is exported', async () => {
    const place = await filledPlace();
    const { stdout } = await place.run(['export', '--format', 'ndjson', '-q', 'editor']);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).posts[0].author),
    ).toEqual(['cy']);
    const { code, stderr } = await place.run(['export', '--format', 'opml', '-q', 'editor']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--search chooses signals')]);
  });

  it('that is wrong is shown with marks under the characters, or as JSON with their place', async () => {
    const place = await filledPlace();
    const plain = await place.run(['list', 'acme catgory:bug']);
    expect(plain.code).toBe(2);
    expect(plain.stderr).toContain(
      '  acme catgory:bug\n       ^^^^^^^ unknown field; did you mean category?\n',
    );
    const json = await place.run(['list', 'category:bgu', '--json']);
    expect(JSON.parse(json.stderr).error).toMatchObject({
      code: 'bad-search',
      details: { start: 9, end: 12, fix: 'did you mean bug?' },
    });
  });
});

describe('views', () => {
  it('are saved, listed with counts, renamed, exported for the file, and removed only when forced', async () => {
    const place = await filledPlace('views: [{ name: Team, query: "assignee:none" }]\n');
    expect((await place.run(['views', 'save', 'Edit', 'editor', 'OR', 'tag:x'])).code).toBe(0);
    expect((await place.run(['views', 'rename', 'Edit', 'Editor'])).code).toBe(0);
    const { stdout } = await place.run(['views', 'list']);
    expect(stdout).toContain('Inbox\t3\tbuilt-in\tstatus:inbox\n');
    expect(stdout).toContain('Team\t3\tconfig\tassignee:none\n');
    expect(stdout).toContain('Editor\t1\tstored\teditor OR tag:x\n');
    const exported = await place.run(['views', 'export']);
    expect(parse(exported.stdout)).toEqual({
      views: [
        { name: 'Team', query: 'assignee:none' },
        { name: 'Editor', query: 'editor OR tag:x' },
      ],
    });
    const plan = await place.run(['views', 'remove', 'Editor']);
    expect([plan.code, plan.stderr]).toEqual([0, expect.stringContaining('--force does it')]);
    expect((await place.run(['views', 'list'])).stdout).toContain('Editor');
    expect((await place.run(['views', 'remove', 'Editor', '--force'])).code).toBe(0);
    expect((await place.run(['views', 'list'])).stdout).not.toContain('Editor');
    expect((await place.run(['views', 'remove', 'Inbox', '--force'])).stderr).toContain(
      'belongs to the program',
    );
    expect((await place.run(['views', 'save', 'Bad', 'is:ech'])).stderr).toContain(
      '^^^ is is never ech; did you mean echo?',
    );
    expect((await place.run(['views', 'save', 'Bad'])).code).toBe(2);
  });

  it('of the configuration with a bad search are a mistake of the file', async () => {
    const place = makeWorkplace({ 'config.yaml': 'views: [{ name: X, query: "catgory:bug" }]\n' });
    const { code, stderr } = await place.run(['config', 'check']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('views')]);
  });
});
