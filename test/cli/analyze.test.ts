import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Brain, fakeOpenai, labelPosts } from '../analyzers/fake-models.ts';
import { makeWorkplace, type Workplace } from './program.ts';

const posts = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    externalId: `p${index}`,
    text: `${['Login', 'Export', 'Search', 'Upload'][index % 4]} is down for ${(index * 7919).toString(36)} and ${(index * 104_729).toString(36)}`,
    createdAt: new Date(Date.now() - index * 60_000).toISOString(),
  }));
const careful: Brain = (shown) => ({ results: labelPosts(shown) });
const gloomy: Brain = (shown) => ({
  results: labelPosts(shown).map((label) => ({ ...label, category: 'churn', urgency: 1 })),
});

async function placeOn(brain: Brain, more = '', count = 12) {
  const model = await fakeOpenai(brain);
  const place = makeWorkplace({
    'posts.ndjson': posts(count)
      .map((post) => JSON.stringify(post))
      .join('\n'),
    'config.yaml': `store: { path: signals.sqlite }
analyzers: [openai, offline]
sources: [{ name: posts, kind: file, path: posts.ndjson }]
models: { retries: 0, openai: { baseUrl: "${model.baseUrl}" } }
${more}`,
  });
  return { model, place };
}

async function json(place: Workplace, ...args: string[]) {
  const { stdout } = await place.run([...args, '--json']);
  return JSON.parse(stdout);
}

describe('analyze --estimate', () => {
  it('says what would be asked and cost, asks nobody and writes nothing', async () => {
    const { model, place } = await placeOn(careful);
    await place.run(['fetch']);
    const { code, stdout, stderr } = await place.run(['analyze', '--estimate']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^openai\/gpt-5-mini\t1\t\d+\t1080\t0\t\$0\.00\d+\n$/);
    expect(stderr).toContain('and 12 posts still to be grouped, counted as a signal each');
    expect(stderr).toContain('The cap of a run ($0.50) leaves $0.50.');
    expect(model.requests).toEqual([]);
    expect((await json(place, 'db', 'status')).signals).toBe(0);
    const { estimate } = await json(place, 'analyze', '--estimate');
    expect(estimate).toMatchObject({
      signals: 0,
      ungrouped: 12,
      models: [{ analyzer: 'openai', model: 'openai/gpt-5-mini', requests: 1, reused: 0, obstacle: null }],
      leftUsd: 0.5,
    });
  });

  it('of what is to be analyzed again counts what was answered before', async () => {
    const { place } = await placeOn(careful);
    await place.run(['run']);
    const { estimate } = await json(place, 'analyze', '--reanalyze', '--estimate');
    expect(estimate).toMatchObject({ signals: 12, models: [{ reused: 12, requests: 0, costUsd: 0 }] });
    const fresh = await json(place, 'analyze', '--reanalyze', '--estimate', '--fresh');
    expect(fresh.estimate).toMatchObject({ models: [{ reused: 0, requests: 1 }] });
  });

  it('names a missing key', async () => {
    const place = makeWorkplace({ 'config.yaml': 'analyzers: [anthropic]\nstore: { path: s.sqlite }\n' });
    const { code, stderr } = await place.run(['analyze', '--estimate']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('There is no key for anthropic.')]);
  });
});

describe('analyze --reanalyze', () => {
  it('shows what would change and saves nothing, then saves it without asking again', async () => {
    const { model, place } = await placeOn(careful);
    await place.run(['run']);
    const more = 'taxonomy: [{ id: churn, description: leaves }, { id: other, description: rest }]\n';
    const { place: changed, model: second } = await placeOn(gloomy, more);
    // The same store under another taxonomy and another mood of the model.
    const config = ['--config', `${changed.folder}/config.yaml`];
    const env = { SIGNAL_HARVESTER_STORE__PATH: `${place.folder}/signals.sqlite` };
    const run = (...args: string[]) => place.run([...config, 'analyze', '--reanalyze', ...args], { env });

    const preview = await run('--limit', '2');
    expect(preview.code).toBe(0);
    const lines = preview.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\d+\toutage → churn\tnegative\t4 → 1\t90%\t\w+ is down/);
    expect(preview.stderr).toContain('… and 10 more; --limit N prints them.');
    expect(preview.stderr).toContain(
      '12 signals: 12 changed (category 12, feeling 0, urgency 12), 0 the same.',
    );
    expect(preview.stderr).toContain('Categories: outage → churn 12.');
    expect(preview.stderr).toContain('openai/gpt-5-mini: 1 request, ');
    expect(preview.stderr).toContain('Nothing was saved');
    expect((await json(place, 'list', '--category', 'outage')).signals).toHaveLength(12);
    expect(model.requests).toHaveLength(1);
    expect(second.requests).toHaveLength(1);

    const saved = await run('--force');
    expect(saved.stderr).toContain('openai/gpt-5-mini: not asked; 12 answers kept from before.');
    expect(saved.stderr).toContain('Saved 12 analyses.');
    expect(second.requests).toHaveLength(1);
    const { signals } = await json(place, 'list', '--category', 'churn', '--min-salience', '0.01');
    expect(signals).toHaveLength(12);
    const again = await place.run([...config, 'analyze', '--reanalyze', '--json'], { env });
    expect(JSON.parse(again.stdout).reanalysis).toMatchObject({
      signals: 12,
      changed: 0,
      same: 12,
      saved: 0,
    });
  });

  it('takes the filters of list, one analyzer, and what one analyzer made', async () => {
    const { model, place } = await placeOn(careful);
    await place.run(['run']);
    const reanalysis = async (...args: string[]) =>
      (await json(place, 'analyze', '--reanalyze', ...args)).reanalysis;
    expect(await reanalysis('--category', 'bug')).toMatchObject({ signals: 0 });
    expect(await reanalysis('--source', 'posts', '--since', '5m')).toMatchObject({ signals: 5 });
    expect(await reanalysis('--made-by', 'offline')).toMatchObject({ signals: 0 });
    const offline = await reanalysis('--analyzer', 'offline', '--force', '--status', 'inbox');
    expect(offline).toMatchObject({ signals: 12, saved: 12, models: [], analyzers: [{ name: 'offline' }] });
    expect(await reanalysis('--made-by', 'offline')).toMatchObject({ signals: 12 });
    expect(model.requests).toHaveLength(1);
    for (const [args, words] of [
      [['--analyzer', 'anthropic'], 'has no analyzer "anthropic"'],
      [['--category', 'outge'], 'did you mean outage?'],
    ] as const) {
      const { code, stderr } = await place.run(['analyze', '--reanalyze', ...args]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
  });

  it('hands nothing that a model made to the word lists when the model fails now', async () => {
    let broken = false;
    const { place } = await placeOn((shown, request) =>
      broken ? { status: 401, error: { type: 'invalid_api_key', message: 'no' } } : careful(shown, request),
    );
    await place.run(['run']);
    broken = true;
    const { code, stdout } = await place.run(['analyze', '--reanalyze', '--fresh', '--force', '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout).reanalysis).toMatchObject({
      signals: 12,
      left: 12,
      saved: 0,
      analyzers: [{ name: 'openai', error: { code: 'model-bad-key' } }],
    });
    expect((await json(place, 'show', '1')).analysis.analyzer).toBe('openai');
  });

  it('refuses its flags without it, rather than ignore them', async () => {
    const place = makeWorkplace({ 'config.yaml': 'store: { path: s.sqlite }\n' });
    for (const flag of [['--category', 'bug'], ['--force'], ['--fresh'], ['--limit', '3']]) {
      const { code, stderr } = await place.run(['analyze', ...flag]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(`${flag[0]} belongs to --reanalyze.`)]);
    }
  });
});

describe('a run with a model', () => {
  it('says what it cost, in the run, in stats and beside the signal', async () => {
    const { place } = await placeOn(careful);
    const { code, stderr } = await place.run(['run']);
    expect(code).toBe(0);
    expect(stderr).toContain('openai/gpt-5-mini: 1 request, 1,000 tokens in (400 cached), 200 out, $0.0006');
    expect(stderr).toMatch(/^done: 12 new posts, 12 new signals in .*; \$0\.0006 spent$/m);
    const { stdout } = await place.run(['stats']);
    expect(stdout).toContain('  today $0.0006; the cap leaves $1.00');
    expect(stdout).toContain('  this month $0.0006; the cap leaves $10.00');
    const stats = await json(place, 'stats');
    expect(stats.models.month).toMatchObject([
      { model: 'openai/gpt-5-mini', requests: 1, outputTokens: 200 },
    ]);
    expect((await json(place, 'show', '1')).analysis.model).toEqual({
      name: 'openai/gpt-5-mini',
      promptVersion: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    expect((await place.run(['show', '1'])).stdout).toMatch(/by openai\/gpt-5-mini, prompt [0-9a-f]{8}\)/);
  });

  it('that is killed between two answers does not pay for the first again', async () => {
    const asked: number[][] = [];
    let hangs = true;
    const { place, model } = await placeOn(
      (shown, request) => {
        asked.push(shown.map(({ id }) => id));
        return hangs && request === 2 ? { hang: true } : careful(shown, request);
      },
      '',
      60,
    );
    const child = place.start(['run']);
    const over = new Promise((resolve) => child.once('close', resolve));
    for (let tries = 0; model.requests.length < 2 && tries < 500; tries += 1) await sleep(20);
    child.kill('SIGKILL');
    await over;
    hangs = false;
    const { code, stderr } = await place.run(['run', '--limit', '0']);
    expect(code).toBe(0);
    const [first = [], hung = [], ...later] = asked;
    expect(first.length).toBeGreaterThan(0);
    expect(later.flat().sort()).toEqual(hung.toSorted());
    expect(stderr).toContain(`${first.length} answers kept from before`);
    expect((await json(place, 'stats')).models.today).toMatchObject([{ requests: 2 }]);
  });

  it('whose rate limit does not end cannot be overlooked: in part, in words, with what to do, and 3', async () => {
    const { model, place } = await placeOn(() => ({
      status: 429,
      error: { type: 'rate_limit_error', message: 'slow down' },
      headers: { 'retry-after': '3600' },
    }));
    const { code, stderr } = await place.run(['run', '--limit', '0']);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^warning: openai: 127\.0\.0\.1:\d+ asks for a pause for 3600 s\. Run again later/m,
    );
    expect(stderr).toMatch(/^done in part: .*; 12 signals analyzed by offline \(openai could not go on\)$/m);
    expect(stderr).toContain(
      'once openai can be asked: signal-harvester analyze --reanalyze --made-by offline',
    );
    expect(model.requests).toHaveLength(1);
    expect((await json(place, 'show', '1')).analysis.analyzer).toBe('offline');
  });

  it('that a cap stops is done, and says so: that is what the cap is for', async () => {
    const { model, place } = await placeOn(
      careful,
      'profiles: { poor: { models: { spend: { perDayUsd: 0 } } } }\n',
    );
    const { code, stderr } = await place.run(['run', '--limit', '0', '--profile', 'poor']);
    expect(code).toBe(0);
    expect(stderr).toContain('the cap of a day ($0.00) is used up, so openai/gpt-5-mini is not asked');
    expect(stderr).toContain('12 signals analyzed by offline (openai could not go on)');
    expect(model.requests).toEqual([]);
  });
});

it('doctor names the keys of models that are not set, and categories that offline cannot choose', async () => {
  const place = makeWorkplace({
    'config.yaml': `store: { path: s.sqlite }
analyzers: [openai, offline]
taxonomy: [{ id: refund, description: a }, { id: gift, description: b, examples: [gift card] }, { id: other, description: c }]
`,
  });
  const { stdout } = await place.run(['doctor']);
  expect(stdout).toMatch(/^key OPENAI_API_KEY\tfailed\tnot set, and openai needs it$/m);
  expect(stdout).toMatch(/^taxonomy\twarning\tthe offline analyzer never chooses refund: /m);
  const set = await place.run(['doctor'], { env: { OPENAI_API_KEY: 'x' } });
  expect(set.stdout).toMatch(/^key OPENAI_API_KEY\tok\t/m);
});
