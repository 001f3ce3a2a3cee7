import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ScoreChange, scoreRanges } from '../../source/domain/score-settings.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import { createHarvester } from '../../source/harvester/create.ts';
import { listSource, scriptedParts, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { untaughtParts } from './untaught.ts';

async function filled(count: number) {
  const store = await temporaryStore();
  const source = listSource('one', syntheticPosts('acme', count));
  const saved: ScoreChange[] = [];
  const scripted = scriptedParts(store);
  const harvester = createHarvester({
    ...scripted,
    scoring: { ...scripted.scoring, sourceWeights: { one: 1.5 } },
    ...untaughtParts(store),
    store,
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    sources: [{ name: 'one', kind: 'list', enabled: true, target: 'a list', open: () => source }],
    categories: categoryIds,
    openAdHoc: () => {
      throw new Error('none');
    },
    analyst: 'ann',
    timeZone: 'UTC',
    views: [],
    doctor: { configPath: null, nodeVersion: '24.0.0', keys: [], clockSkewMs: () => null },
    saveScore: async (change) => {
      saved.push(change);
      return '/home/ann/config.yaml';
    },
  });
  await harvester.run({});
  return { harvester, store, saved };
}

type Filled = Awaited<ReturnType<typeof filled>>['harvester'];

const listed = async (harvester: Filled) =>
  (await harvester.signals.page({ statuses: ['inbox'], limit: 500 })).rows.map(({ id }) => id);

const changes: fc.Arbitrary<ScoreChange> = fc.dictionary(
  fc.constantFrom('likes', 'reposts', 'echoes', 'urgency', 'categories.outage', 'categories.other'),
  fc.integer({ min: 1, max: 400 }).map((tenths) => tenths / 10),
  { minKeys: 1, maxKeys: 4 },
);

describe('a preview', () => {
  test('gives the order and the salience that a real scoring then gives', async () => {
    const { harvester } = await filled(160);
    const halfLives = fc.integer({ min: 1, max: 300 });
    await fc.assert(
      fc.asyncProperty(changes, halfLives, async (some, halfLifeHours) => {
        const change = { ...some, halfLifeHours };
        const before = await listed(harvester);
        const preview = await harvester.scoring.preview(change, { limit: 500, refresh: true });
        expect(preview.all).toBe(true);
        expect(preview.top.map(({ placeBefore }) => before[(placeBefore ?? 0) - 1])).toEqual(
          preview.top.map(({ signalId }) => signalId),
        );
        const same = (await harvester.scoring.settings()).every(
          ({ name, value }) =>
            (change as ScoreChange)[name] === undefined || (change as ScoreChange)[name] === value,
        );
        if (same) return;
        await harvester.scoring.save(change);
        await harvester.run({ stages: ['score'] });
        const { rows } = await harvester.signals.page({ statuses: ['inbox'], limit: 500 });
        expect(rows.map(({ id }) => id)).toEqual(preview.top.map(({ signalId }) => signalId));
        rows.forEach(({ salience }, index) => {
          expect(salience).toBeCloseTo(preview.top[index]?.salience ?? -1, 6);
        });
      }),
      { numRuns: 15 },
    );
  });

  test('says who leaves the first ones, and changes nothing', async () => {
    const { harvester, saved } = await filled(120);
    const before = await listed(harvester);
    const { top, left } = await harvester.scoring.preview({ 'categories.outage': 0.01 }, { limit: 10 });
    expect(top).toHaveLength(10);
    expect(top.every(({ category }) => category === 'other')).toBe(true);
    expect(left.every(({ category, place }) => category === 'outage' && place > 10)).toBe(true);
    const stayed = top.filter(({ placeBefore }) => (placeBefore ?? 11) <= 10).length;
    expect(left).toHaveLength(10 - stayed);
    expect(await listed(harvester)).toEqual(before);
    expect(saved).toEqual([]);
  });

  test('looks beyond the first 2,000 for what other weights would lift', async () => {
    const { harvester, store } = await filled(4200);
    const whole = await store.scoredSignals(10_000, categoryIds);
    expect(whole.all).toBe(true);
    const { signals, all } = await store.scoredSignals(2000, categoryIds);
    expect(all).toBe(false);
    expect(signals.slice(0, 2000)).toEqual(whole.signals.slice(0, 2000));
    expect(signals.length).toBeGreaterThan(2000);
    const best = whole.signals.find(({ category, rank }) => category === 'other' && rank > 0);
    const preview = await harvester.scoring.preview({ 'categories.other': 100 }, { limit: 1 });
    expect(preview).toMatchObject({ all: false, lookedAt: signals.length });
    expect(preview.top[0]).toMatchObject({ signalId: best?.signalId, category: 'other' });
  });
});

describe('saving', () => {
  test('writes what differs, tells what was before, and counts at once', async () => {
    const { harvester, saved } = await filled(30);
    const done = await harvester.scoring.save({ halfLifeHours: 72, likes: 1, 'categories.bug': 2 });
    expect(done).toEqual({
      path: '/home/ann/config.yaml',
      before: { halfLifeHours: 24, 'categories.bug': 1.3 },
      after: { halfLifeHours: 72, 'categories.bug': 2 },
    });
    expect(saved).toEqual([done.after]);
    const now = await harvester.scoring.settings();
    expect(now.find(({ name }) => name === 'halfLifeHours')).toMatchObject({
      value: 72,
      min: 0.1,
      max: 8760,
    });
    await expect(harvester.scoring.save({ halfLifeHours: 72 })).rejects.toMatchObject({ code: 'no-change' });
    const run = await harvester.run({ stages: ['score'] });
    const all = (await harvester.signals.count({})).count;
    expect(run.stages).toContainEqual(expect.objectContaining({ name: 'score', done: all, total: all }));
  });

  test('refuses what is no setting or no value of one, with the nearest', async () => {
    const { harvester, saved } = await filled(5);
    const tried = (change: ScoreChange) => harvester.scoring.save(change).catch((error: unknown) => error);
    expect(await tried({ halflife: 3 })).toMatchObject({
      code: 'invalid-setting',
      message: 'The score has no setting "halflife": did you mean "halfLifeHours"?',
    });
    expect(await tried({ bug: 3 })).toMatchObject({ message: expect.stringContaining('"categories.bug"') });
    expect(await tried({ negatve: 3 })).toMatchObject({
      message: expect.stringContaining('"sentiments.negative"'),
    });
    expect(await tried({ zzz: 3 })).toMatchObject({ message: 'The score has no setting "zzz".' });
    expect(await tried({ cap: 101 })).toMatchObject({
      message: 'cap cannot be 101.',
      fix: `Give it a number from 1 to ${scoreRanges.cap.max}; it is 100 now.`,
    });
    expect(await tried({ base: Number.NaN })).toMatchObject({ code: 'invalid-setting' });
    expect(saved).toEqual([]);
  });

  test('leaves decisions quick while everything is due, and what was learned of a signal stays with it', async () => {
    const { harvester, store } = await filled(4000);
    const db = new Database(store.path);
    db.exec(`UPDATE signals SET factors = json_set(factors, '$.relevance', 1.4)`);
    await store.applyScoreSettings('"other"', true);
    const due = () =>
      (db.prepare('SELECT count(*) AS due FROM signals WHERE scoredAt IS NULL').get() as { due: number }).due;
    const before = due();
    await harvester.triage.apply({ action: 'correct', urgency: 5 }, { ids: [1] });
    expect(before - due()).toBe(2000);
    expect(await harvester.signals.get(1)).toMatchObject({ factors: { relevance: 1.4, urgency: 20 } });
    db.close();
  });
});
