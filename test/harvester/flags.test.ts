import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { flagLayers, flagNames, flags } from '../../source/domain/flags.ts';
import { createFlags, flagsFrom, type PinnedFlags, rolloutPlace } from '../../source/harvester/flags.ts';
import { stoppedClock } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { application } from './application.ts';

const by = { actor: 'cli', via: 'cli' } as const;
const nothing: PinnedFlags = { environment: {}, config: {} };

async function desk(pinned: PinnedFlags = nothing) {
  const store = await temporaryStore();
  return { store, flags: createFlags({ store, clock: stoppedClock, pinned }) };
}

describe('every flag that exists is used', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const text = globSync('source/**/*.{ts,tsx}', { cwd: root })
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const asked = [...text.matchAll(/\bisOn\(\s*'([^']+)'/g)].map(([, name]) => name);

  test.each(flagNames)('%s is asked for', (name) => {
    expect(asked).toContain(name);
  });

  test('and none is asked for that is not declared', () => {
    expect(asked.filter((name) => !flagNames.some((known) => known === name))).toEqual([]);
    // @ts-expect-error the type knows the names, so that this does not compile
    expect(flagsFrom([]).isOn('no-such-flag')).toBe(false);
  });
});

describe('a rollout', () => {
  test('spreads subjects evenly: chi-square over 20 bins of 20,000 fixed ids, for each flag', () => {
    for (const name of flagNames) {
      const bins = new Array<number>(20).fill(0);
      for (let id = 0; id < 20_000; id += 1) {
        const bin = Math.floor(rolloutPlace(name, `subject-${id}`) / 500);
        bins[bin] = (bins[bin] ?? 0) + 1;
      }
      const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      // 19 degrees of freedom: beyond 43.8 once in a thousand.
      expect(chiSquare, name).toBeLessThan(43.8);
    }
  });

  test('puts a subject at the same place today and tomorrow, and at another for another flag', () => {
    // Fixed: a change of the formula would move every subject of every rollout.
    expect(rolloutPlace('live-events', 'k3wq7abc')).toBe(4824);
    expect(rolloutPlace('near-duplicates', 'k3wq7abc')).not.toBe(4824);
  });
});

describe('flags', () => {
  test('are as by default in a new store, for an installation that keeps its id', async () => {
    const { store, flags } = await desk();
    const first = await flags.list();
    expect(first.flags.map(({ name, on, from }) => [name, on, from])).toEqual(
      flagNames.map((name) => [name, true, 'default']),
    );
    expect(first.subject.kind).toBe('install');
    const again = createFlags({ store, clock: stoppedClock, pinned: nothing });
    expect((await again.list()).subject).toEqual(first.subject);
    const ids = await Promise.all(Array.from({ length: 5 }, () => store.installId(() => 'another')));
    expect(new Set(ids)).toEqual(new Set([first.subject.id]));
  });

  test('that are set stand in the store, are audited, and can be taken back', async () => {
    const { store, flags } = await desk();
    expect(await flags.set('live-events', ' OFF ', by)).toMatchObject({
      flag: { on: false, state: 'off', from: 'store' },
      ineffective: null,
    });
    await flags.set('live-events', '100%', by);
    expect(await flags.unset('live-events', by)).toMatchObject({ flag: { on: true, from: 'default' } });
    await flags.unset('live-events', by);
    const trail = await store.audit({ limit: 10 });
    expect(trail.map(({ action, target, before, after }) => [action, target, before, after])).toEqual([
      ['flags.unset', 'live-events', { state: '100%' }, null],
      ['flags.set', 'live-events', { state: 'off' }, { state: '100%' }],
      ['flags.set', 'live-events', null, { state: 'off' }],
    ]);
  });

  test('that the configuration or the environment decides are told: this has no effect', async () => {
    const { flags } = await desk({ environment: { 'model-chain': 'off' }, config: { 'live-events': 'on' } });
    expect(await flags.set('live-events', 'off', by)).toMatchObject({
      flag: { on: true, from: 'config' },
      ineffective: 'set in config: this has no effect',
    });
    expect((await flags.set('model-chain', 'on', by)).ineffective).toContain('environment');
  });

  test.each([
    ['near-duplicate', 'did you mean "near-duplicates"'],
    ['live events', 'did you mean "live-events"'],
    ['__proto__', 'There is no flag'],
    ['toString', 'There is no flag'],
    ['\u001b[31mx\u202e', 'There is no flag "x"'],
    ['', 'There is no flag'],
  ])('that are not declared are refused: %j', async (name, words) => {
    const { flags, store } = await desk();
    for (const act of [
      () => flags.set(name, 'on', by),
      () => flags.unset(name, by),
      () => flags.explain(name),
    ])
      await expect(act()).rejects.toMatchObject({
        code: 'unknown-flag',
        message: expect.stringContaining(words),
      });
    await expect(flags.set('live-events', '25', by)).rejects.toMatchObject({ code: 'bad-flag-state' });
    expect(await store.storedFlags()).toEqual([]);
  });

  test('of a key count for its requests, before configuration and store and behind the environment', async () => {
    const { store, flags } = await desk({ environment: {}, config: { 'live-events': 'on' } });
    const { keys } = application(store);
    const own = { 'live-events': 'off', 'model-chain': 'off' } as const;
    const { key } = await keys.create({ name: 'tester', scopes: ['read'], expiresAt: null, flags: own }, by);
    const { subject, flags: standings } = await flags.list(key.id);
    expect(subject).toEqual({ kind: 'key', id: key.id });
    const found = (name: string) => standings.find((each) => each.name === name);
    expect(found('live-events')).toMatchObject({ on: false, from: 'key' });
    expect(found('model-chain')).toMatchObject({ on: true, from: 'default', layers: { key: 'off' } });
    const strict = { environment: { 'live-events': 'on' }, config: {} } as const;
    const forced = createFlags({ store, clock: stoppedClock, pinned: strict });
    expect((await forced.explain('live-events', key.id)).flag).toMatchObject({
      on: true,
      from: 'environment',
    });
    // What runs make is shared: a key stands where the installation stands.
    const place = (await flags.explain('model-chain')).flag.place;
    expect(found('model-chain')?.place).toBe(place);
    // For the installation, nothing has changed.
    expect((await flags.explain('live-events')).flag).toMatchObject({ on: true, from: 'config' });
  });

  test('of a rollout stay with a key that is rotated, and so do its own flags', async () => {
    const { store, flags } = await desk();
    const { keys } = application(store);
    const own = { 'near-duplicates': 'off' } as const;
    const first = await keys.create({ name: 'ann', scopes: ['read'], expiresAt: null, flags: own }, by);
    const second = await keys.rotate(first.key.id, 0, by);
    const third = await keys.rotate(second.key.id, 0, by);
    expect(third.key).toMatchObject({ flags: own, subject: first.key.id });
    const placeOf = async (id: string) => (await flags.explain('live-events', id)).flag.place;
    expect(await placeOf(third.key.id)).toBe(await placeOf(first.key.id));
  });

  test('of an unknown subject are those of its place in the rollout', async () => {
    const { flags } = await desk();
    await flags.set('live-events', '48.24%', by);
    expect((await flags.explain('live-events', 'k3wq7abc')).flag.on).toBe(false);
    await flags.set('live-events', '48.25%', by);
    const { subject, flag } = await flags.explain('live-events', 'k3wq7abc');
    expect([subject.kind, flag.on, flag.state]).toEqual(['other', true, '48.25%']);
  });

  test('that a later version left in the store say nothing and do no harm', async () => {
    const { store, flags } = await desk();
    await store.setFlag('of-tomorrow', 'off', by, 0);
    await store.setFlag('live-events', '700%', by, 0);
    expect((await flags.list()).flags.every(({ from }) => from === 'default')).toBe(true);
  });
});

describe('docs/flags.md', () => {
  const page = readFileSync(new URL('../../docs/flags.md', import.meta.url), 'utf8');

  test.each(flagNames)('has a row for %s, and says what off means', (name) => {
    const { owner, default: state, decidedFor } = flags[name];
    const who = decidedFor === 'caller' ? 'the caller' : 'the installation';
    expect(page).toContain(`| \`${name}\` | ${owner} | ${state} | ${who} | `);
    expect(page).toContain(`- **\`${name}\`** off`);
  });

  test('gives the layers in the order in which they count', () => {
    const rows = [...page.matchAll(/^\| (\w+) \| [^|]+ \| [^|]+ \|$/gm)].map(([, layer]) => layer);
    expect(rows.filter((row) => flagLayers.some((layer) => layer === row))).toEqual(flagLayers);
  });
});
