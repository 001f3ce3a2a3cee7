import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStoreFile } from '../../source/store/database.ts';
import { makeWorkplace, type Workplace } from './program.ts';

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const labels = Array.from({ length: 20 }, (_, index) => ({
  text: `The zorbulator number ${index} is wobbling`,
  category: 'outage',
  sentiment: 'negative',
  urgency: 5,
}));

async function placeWithLabels(config = ''): Promise<Workplace> {
  const place = makeWorkplace({ 'config.yaml': `store: { path: signals.sqlite }\n${config}` });
  const { code, stderr } = await place.run(['labels', 'import', '-'], { input: lines(labels) });
  expect([code, stderr]).toEqual([0, expect.stringContaining('20 labels added')]);
  return place;
}

describe('"labels"', () => {
  it('writes what it reads: an export imports as it was', async () => {
    const place = await placeWithLabels();
    const exported = (await place.run(['labels', 'export'])).stdout;
    expect(exported.trim().split('\n')).toHaveLength(20);
    const other = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
    await other.run(['labels', 'import', '-'], { input: exported });
    expect((await other.run(['labels', 'export'])).stdout).toBe(exported);
  });

  it('says which lines it could not read, takes the others, and ends with 3', async () => {
    const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
    writeFileSync(join(place.folder, 'some.ndjson'), `${lines(labels.slice(0, 2))}nonsense\n{"text":"x"}\n`);
    const { code, stderr } = await place.run(['labels', 'import', 'some.ndjson']);
    expect(code).toBe(3);
    expect(stderr).toContain('line 3: not JSON');
    expect(stderr).toContain('line 4: wants a category, a sentiment or an urgency');
    expect(stderr).toContain('2 labels added');
    const listed = JSON.parse((await place.run(['labels', 'list', '--json'])).stdout) as { total: number };
    expect(listed.total).toBe(2);
  });

  it('removes by id, and only with --force', async () => {
    const place = await placeWithLabels();
    const refused = await place.run(['labels', 'remove', '1', '2']);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--force')]);
    const { stdout } = await place.run(['labels', 'remove', '1', '2', '--force', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ removed: 2 });
  });

  it('tells a missing file with a fix', async () => {
    const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
    const { code, stderr } = await place.run(['labels', 'import', 'nowhere.ndjson']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/nowhere\.ndjson could not be read[\s\S]*fix:/);
  });
});

interface EvalJson {
  readonly posts: number;
  readonly analyzers: readonly {
    readonly analyzer: string;
    readonly category: { n: number; accuracy: number; perLabel: Record<string, unknown> } | null;
    readonly urgencyError: number | null;
    readonly usd: number;
  }[];
}

describe('"eval"', () => {
  it('judges the taught analyzer out-of-fold beside the untaught one', async () => {
    const place = await placeWithLabels();
    const { code, stdout, stderr } = await place.run(['eval', '--json']);
    const { posts, analyzers } = JSON.parse(stdout) as EvalJson;
    expect([code, stderr, posts]).toEqual([0, '', 20]);
    expect(analyzers.map(({ analyzer }) => analyzer)).toEqual(['offline, taught', 'offline, untaught']);
    const [taught, untaught] = analyzers;
    expect(taught?.category?.accuracy).toBe(1);
    expect(untaught?.category?.accuracy).toBe(0);
    expect((await place.run(['eval'])).stderr).toContain('judged out-of-fold');
  });

  it('does not praise itself for what it has learned by heart', async () => {
    const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
    // Words that occur once: who has learned a label can say it again, and learns nothing for the others.
    const unlike = Array.from({ length: 30 }, (_, index) => ({
      text: `Xq${index}rt vv${index}mno kk${index}zzy`.replace(/\d+/g, (digits) =>
        [...digits].map((digit) => 'abcdefghij'[Number(digit)]).join(''),
      ),
      category: index % 2 === 0 ? 'outage' : 'praise',
    }));
    await place.run(['labels', 'import', '-'], { input: lines(unlike) });
    const { analyzers } = JSON.parse((await place.run(['eval', '--json'])).stdout) as EvalJson;
    expect(analyzers[0]?.category?.accuracy).toBeLessThan(0.8);
  });

  it('judges a file only where it speaks, and maps its labels', async () => {
    const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
    const rows = [
      { text: 'It crashes when I open a file', label: 'bug' },
      { text: 'I love it, thanks a lot', label: 'not' },
      { text: 'Please add a dark mode', label: 'wish' },
      { text: 'three stars', label: 'stars' },
      { text: 'two apples', label: 'fruit' },
    ];
    const args = ['eval', '--data=-', '--no-own', '--map', 'wish=feature,fruit=-'];
    const { code, stdout, stderr } = await place.run([...args, '--json'], { input: lines(rows) });
    const { posts, analyzers } = JSON.parse(stdout) as EvalJson;
    expect([code, stderr, posts]).toEqual([0, '', 3]);
    expect(analyzers[0]?.category).toMatchObject({ n: 3, accuracy: 1 });
    expect(Object.keys(analyzers[0]?.category?.perLabel ?? {})).toEqual(['bug', 'feature', 'none']);
    const told = await place.run([...args, '--details'], { input: lines(rows) });
    expect(told.stderr).toContain('1 labelled "stars" left out');
    expect(told.stderr).not.toContain('fruit');
    expect(told.stdout).toMatch(/^ANALYZER +POSTS +CATEGORY +MACRO-F1/);
    expect(told.stdout).toMatch(/precision +recall +F1/);
  });

  it('asks nobody who costs money without --force', async () => {
    const place = await placeWithLabels();
    const args = ['eval', '--analyzer', 'offline,openai'];
    const estimate = JSON.parse((await place.run([...args, '--estimate', '--json'])).stdout) as {
      estimate: { totalUsd: number; analyzers: { analyzer: string; usd: number; requests: number }[] };
    };
    expect(estimate.estimate.analyzers[0]).toMatchObject({ analyzer: 'offline', usd: 0, requests: 0 });
    expect(estimate.estimate.totalUsd).toBeGreaterThan(0);
    const { code, stderr } = await place.run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/would cost up to \$[\d.]+, so nobody was asked/);
  });

  it('with nothing to judge by says where labels come from', async () => {
    const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
    const { code, stderr } = await place.run(['eval']);
    expect(code).toBe(2);
    expect(stderr).toContain('labels import');
  });
});

describe('"learning"', () => {
  it('shows what was learned, uses it for new posts, and forgets it on a reset', async () => {
    const place = await placeWithLabels();
    const shown = (await place.run(['learning', 'show'])).stdout;
    expect(shown).toMatch(/labels +20 \(20 of category/);
    expect(shown).toMatch(/outage +.*zorbulator/);
    expect(shown).toMatch(/accuracy +0\.0% untaught, 100\.0% taught/);
    const texts = {
      first: 'Our zorbulator is wobbling since lunch',
      second: 'This afternoon the zorbulator next door wobbled too',
    };
    const analyzeNew = async (id: keyof typeof texts) => {
      const post = {
        id,
        text: texts[id],
        createdAt: new Date().toISOString(),
      };
      await place.run(['import', '-', '--name', id], { input: lines([post]) });
      const { signals } = JSON.parse((await place.run(['list', '--json', '--source', id])).stdout) as {
        signals: { category: string }[];
      };
      return signals[0]?.category;
    };
    expect(await analyzeNew('first')).toBe('outage');
    const refused = await place.run(['learning', 'reset']);
    expect([refused.code, refused.stdout]).toEqual([2, expect.stringContaining('Plan: Forget')]);
    expect((await place.run(['learning', 'reset', '--force'])).code).toBe(0);
    expect(await analyzeNew('second')).toBe('other');
    const { corrections } = JSON.parse((await place.run(['learning', 'show', '--json'])).stdout) as {
      corrections: { labels: number; learnedFrom: number; resetAt: number };
    };
    expect(corrections).toMatchObject({ labels: 20, learnedFrom: 0 });
    expect(corrections.resetAt).toBeGreaterThan(0);
  });

  it('turned off in the configuration, corrections teach nothing', async () => {
    const place = await placeWithLabels('learning: { corrections: false }\n');
    expect((await place.run(['learning', 'show'])).stdout).toContain('off (learning.corrections');
    const { analyzers } = JSON.parse((await place.run(['eval', '--json'])).stdout) as EvalJson;
    expect(analyzers.map(({ analyzer }) => analyzer)).toEqual(['offline']);
  });

  it('explains the relevance of a signal by the words that are kept', async () => {
    const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
    const posts = Array.from({ length: 30 }, (_, index) => ({
      id: String(index),
      text: `${index % 2 === 0 ? 'the checkout refuses my card' : 'win a lovely mug today'} ${'abcdefghijklmnopqrstuvwxyzABCD'[index]?.repeat(7)} ${index * 7919} ${index * 104_729}`,
      createdAt: new Date(Date.now() - index * 60_000).toISOString(),
    }));
    await place.run(['import', '-', '--name', 'posts'], { input: lines(posts) });
    const file = openStoreFile(join(place.folder, 'signals.sqlite'));
    const { waits } = { waits: (await place.run(['learning', 'show'])).stdout };
    expect(waits).toContain('waits for 20 more decisions');
    file.connection.exec(`UPDATE signals SET decidedAt = 1000 + id, status =
      CASE WHEN leadPostId IN (SELECT id FROM posts WHERE text LIKE 'the checkout%') THEN 'escalated' ELSE 'dismissed' END
      WHERE id <= 22`);
    file.connection.close();
    const { stderr } = await place.run(['learning', 'refresh']);
    expect(stderr).toContain('8 signals scored again');
    const { signals } = JSON.parse((await place.run(['list', '--json'])).stdout) as {
      signals: { id: number; text: string }[];
    };
    expect(signals.slice(0, 4).every(({ text }) => text.startsWith('the checkout'))).toBe(true);
    const told = (await place.run(['show', String(signals[0]?.id)])).stdout;
    expect(told).toMatch(/relevance ×1\.\d+ \(you keep: .*(?:checkout|refuses|card)/);
  });
});
