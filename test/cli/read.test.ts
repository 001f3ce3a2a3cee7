import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { ended, makeWorkplace, type Workplace } from './program.ts';

interface Row {
  readonly id: number;
  readonly status: string;
  readonly category: string | null;
  readonly salience: number | null;
  readonly text: string;
}

/** A store with what these posts give, made by the real import. */
async function placeWith(posts: readonly object[]): Promise<Workplace> {
  const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
  const input = posts.map((post) => `${JSON.stringify(post)}\n`).join('');
  const { code, stderr } = await place.run(['import', '-', '--name', 'posts'], { input });
  expect([code, stderr]).toEqual([0, expect.stringContaining('done')]);
  return place;
}

const hour = 3_600_000;
const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * hour).toISOString();
const posts = [
  {
    id: '1',
    text: 'Acme is down, nobody can log in and payments fail',
    createdAt: at(1),
    likes: 40,
    author: 'ann',
  },
  {
    id: '2',
    text: '=HYPERLINK("http://evil.example","Acme, click") is a formula',
    createdAt: at(2),
    author: '@bob',
  },
  { id: '3', text: 'I love the new Acme editor, wonderful work', createdAt: at(30), author: 'cy' },
  { id: '4', text: 'Acme\u001b[31m with "quotes", commas\nand \u202elines', createdAt: at(3), author: 'di' },
];

async function listed(place: Workplace, ...flags: string[]): Promise<readonly Row[]> {
  const { code, stdout, stderr } = await place.run(['list', '--json', ...flags]);
  expect([code, stderr]).toEqual([0, '']);
  return (JSON.parse(stdout) as { signals: Row[] }).signals;
}

describe('list', () => {
  it('filters by age, salience, category, status and source', async () => {
    const place = await placeWith(posts);
    expect(await listed(place)).toHaveLength(4);
    expect((await listed(place, '--since', '24h')).map(({ text }) => text).join()).not.toContain('editor');
    expect(await listed(place, '--status', 'dismissed')).toEqual([]);
    expect(await listed(place, '--source', 'nobody')).toEqual([]);
    const [first] = await listed(place);
    expect((await listed(place, '--category', first?.category ?? '')).map(({ id }) => id)).toContain(
      first?.id,
    );
    const salient = await listed(place, '--min-salience', String((first?.salience ?? 0) - 0.5));
    expect(salient.map(({ id }) => id)).toContain(first?.id);
    expect(salient.length).toBeLessThan(4);
    const newest = await listed(place, '--order', 'newest');
    expect(newest.map(({ text }) => text.slice(0, 6))[0]).toBe('Acme i');
  });

  it('says whether there is more', async () => {
    const place = await placeWith(posts);
    const { stdout } = await place.run(['list', '--json', '--limit', '3']);
    expect(JSON.parse(stdout)).toMatchObject({ hasMore: true, signals: [{}, {}, {}] });
    expect(JSON.parse((await place.run(['list', '--json', '--limit', '4'])).stdout)).toMatchObject({
      hasMore: false,
    });
  });

  it('in a pipe is one line a signal with tabs between and nothing a terminal would obey', async () => {
    const place = await placeWith(posts);
    const { stdout } = await place.run(['list']);
    const lines = stdout.replace(/\n$/, '').split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines) expect(line.split('\t')).toHaveLength(11);
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});

describe('show', () => {
  it('explains one signal, with its factors as bars', async () => {
    const place = await placeWith(posts);
    const [first] = await listed(place);
    const { code, stdout } = await place.run(['show', String(first?.id)]);
    expect(code).toBe(0);
    expect(stdout).toContain('Acme is down');
    expect(stdout).toMatch(/^engagement █+/m);
    expect(stdout).toMatch(/^because +\S/m);
  });

  it('has a JSON face', async () => {
    const place = await placeWith(posts);
    const [first] = await listed(place);
    const { stdout } = await place.run(['show', String(first?.id), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      id: first?.id,
      analysis: { analyzer: 'offline', category: expect.any(String), confidence: expect.any(Number) },
      factors: { base: 1, engagement: expect.any(Number) },
      explanation: expect.any(String),
      posts: [{ source: 'posts' }],
      journal: [],
    });
  });

  it('of an id that is none, or not known, ends with 2', async () => {
    const place = await placeWith(posts);
    expect(await place.run(['show', '999'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no signal 999.'),
    });
    expect(await place.run(['show', 'abc'])).toMatchObject({ code: 2 });
  });
});

describe('export', () => {
  it('as CSV makes formulas text and loses nothing else', async () => {
    const place = await placeWith(posts);
    const { code, stdout } = await place.run(['export', '--format', 'csv', '--order', 'oldest']);
    expect(code).toBe(0);
    const rows = parse(stdout, { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(4);
    const formula = rows.find(({ text }) => text?.includes('HYPERLINK'));
    expect(formula?.text).toMatch(/^'=HYPERLINK\("http/);
    expect(formula?.author).toBe("'@bob");
    expect(rows.find(({ author }) => author === 'di')?.text).toBe('Acme with "quotes", commas\nand lines');
    for (const row of rows) expect(row.createdAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('as JSON and NDJSON gives the same signals', async () => {
    const place = await placeWith(posts);
    const json = JSON.parse((await place.run(['export'])).stdout) as Row[];
    const ndjson = (await place.run(['export', '--format', 'ndjson'])).stdout.trimEnd().split('\n');
    expect(json.map(({ id }) => id)).toEqual(ndjson.map((line) => (JSON.parse(line) as Row).id));
    expect(json).toHaveLength(4);
    expect(JSON.parse((await place.run(['export', '--status', 'resolved'])).stdout)).toEqual([]);
  });

  it('into a file chooses the format by its name and leaves only the whole file', async () => {
    const place = await placeWith(posts);
    writeFileSync(join(place.folder, 'out.csv'), 'old');
    const { code, stdout } = await place.run(['export', '--output', 'out.csv', '--limit', '2', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ path: join(place.folder, 'out.csv'), format: 'csv', signals: 2 });
    expect(parse(readFileSync(join(place.folder, 'out.csv')), { columns: true })).toHaveLength(2);
    expect(readdirSync(place.folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('into a place that cannot be written says so and ends with 2', async () => {
    const place = await placeWith(posts);
    const { code, stderr } = await place.run(['export', '--output', 'no/such/folder/out.csv']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/could not be written/);
  });

  it('pages through many signals without losing or repeating one', async () => {
    const many = Array.from({ length: 1_234 }, (_, index) => ({
      id: `m${index}`,
      text: `unrelated remark ${(index * 7919).toString(36)} ${(index * 104_729).toString(36)} ${index}`,
      createdAt: at(1 + index / 100),
    }));
    const place = await placeWith(many);
    const all = await listed(place, '--all');
    const { stdout } = await place.run(['export', '--format', 'ndjson']);
    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Row).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(all.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(500);
  });

  it('into a pipe that closes early ends quietly with 0', async () => {
    const many = Array.from({ length: 1_500 }, (_, index) => ({
      id: `m${index}`,
      text: `${index} ${'long text '.repeat(100)}${index * 31}`,
    }));
    const place = await placeWith(many);
    const child = place.start(['export', '--format', 'ndjson']);
    const end = ended(child);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const { code, stderr } = await end;
    expect([code, stderr]).toEqual([0, '']);
  });
});

it('an interrupted export ends with 130, and says nothing about a whole one', async () => {
  const many = Array.from({ length: 1_500 }, (_, index) => ({
    id: `m${index}`,
    text: `${index} ${'long text '.repeat(100)}${index * 31}`,
  }));
  const place = await placeWith(many);
  const child = place.start(['export']);
  await once(child.stdout, 'readable');
  // Nothing is read, so the program waits in the middle of its output.
  child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { code, stdout } = await ended(child);
  expect(code).toBe(130);
  expect(() => JSON.parse(stdout)).toThrow();
});

describe('import', () => {
  it('takes a file by its name, reports a bad line, and takes it only once', async () => {
    const place = makeWorkplace({
      'config.yaml': 'store: { path: signals.sqlite }\n',
      'Old Posts.ndjson':
        '{"id":"1","text":"one about acme"}\nnot json\n{"id":"2","text":"another thing entirely"}\n',
    });
    const first = await place.run(['import', 'Old Posts.ndjson', '--json']);
    expect(first.code).toBe(0);
    const { run } = JSON.parse(first.stdout) as {
      run: { sources: { name: string; added: number; warnings: string[] }[] };
    };
    expect(run.sources[0]).toMatchObject({ name: 'old-posts', added: 2 });
    expect(run.sources[0]?.warnings.join()).toMatch(/line 2/);
    await place.run(['import', 'Old Posts.ndjson']);
    expect(await listed(place)).toHaveLength(2);
  });

  it('of a file that does not exist ends with 2', async () => {
    const place = makeWorkplace();
    expect(await place.run(['import', 'nothing.csv'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no file'),
    });
  });

  it('refuses the name of a configured source', async () => {
    const place = makeWorkplace({
      'config.yaml': 'sources: [{ name: posts, kind: file, path: a }]\n',
      'posts.csv': 'id,text\n1,a\n',
    });
    expect(await place.run(['import', 'posts.csv'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--name'),
    });
  });
});
