import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decideFlag,
  describeLayer,
  describeStanding,
  type FlagState,
  flagLayers,
  flagNames,
  flags,
  isFlagName,
  readFlagState,
  rolloutPlaces,
  sharedFlags,
  shareOf,
  whyIneffective,
} from '../../source/domain/flags.ts';

const place = fc.integer({ min: 0, max: rolloutPlaces - 1 });
const percentage = fc.integer({ min: 0, max: rolloutPlaces }).map((share): FlagState => `${share / 100}%`);
const state = fc.oneof(fc.constantFrom<FlagState>('on', 'off'), percentage);
const layers = ['environment', 'key', 'config', 'store'] as const;

describe('a flag', () => {
  test('is declared with what it does, on and off, and an owner that is a part of the program', () => {
    for (const name of flagNames) {
      expect(name).toMatch(/^[a-z][a-z-]{2,40}$/);
      expect(flags[name].description.length).toBeGreaterThan(20);
      expect(flags[name].whenOff.length).toBeGreaterThan(20);
      expect(flags[name].owner).toMatch(/^[a-z]+$/);
    }
  });

  test('is what the strongest layer says, whatever the weaker ones say', () => {
    fc.assert(
      fc.property(fc.array(fc.option(state), { minLength: 4, maxLength: 4 }), place, (said, at) => {
        const given = Object.fromEntries(layers.map((layer, index) => [layer, said[index] ?? undefined]));
        const standing = decideFlag('live-events', given, at);
        const strongest = layers.findIndex((_, index) => said[index] !== null);
        expect(standing.from).toBe(strongest === -1 ? 'default' : layers[strongest]);
        expect(standing.state).toBe(strongest === -1 ? 'on' : said[strongest]);
        expect(standing.on).toBe(at < shareOf(standing.state));
        expect(Object.keys(standing.layers)).toEqual(flagLayers);
      }),
    );
  });

  test('of what runs make takes no word from a key: all see the same', () => {
    const standing = decideFlag('near-duplicates', { key: 'off', store: '100%' }, 0);
    expect(standing).toMatchObject({ on: true, from: 'store', layers: { key: 'off' } });
    expect(sharedFlags({ 'near-duplicates': 'off', 'live-events': 'off' })).toEqual(['near-duplicates']);
  });

  test('is never turned off for anybody by raising its percentage', () => {
    fc.assert(
      fc.property(percentage, percentage, place, (one, other, at) => {
        const [less, more] = shareOf(one) <= shareOf(other) ? [one, other] : [other, one];
        const under = (stored: FlagState) => decideFlag('live-events', { store: stored }, at).on;
        expect(under(less) && !under(more)).toBe(false);
      }),
    );
  });

  test('is on for nobody at 0% and for everybody at 100%', () => {
    fc.assert(
      fc.property(place, (at) => {
        expect(decideFlag('live-events', { store: '0%' }, at).on).toBe(false);
        expect(decideFlag('live-events', { store: '100%' }, at).on).toBe(true);
      }),
    );
  });

  test('that is set in the configuration or the environment says that the store has no effect', () => {
    expect(whyIneffective(decideFlag('live-events', { config: 'on', store: 'off' }, 0))).toBe(
      'set in config: this has no effect',
    );
    expect(whyIneffective(decideFlag('live-events', { environment: '5%' }, 0))).toContain('environment');
    expect(whyIneffective(decideFlag('live-events', { store: 'off' }, 0))).toBeNull();
  });
});

test('how a flag stands is said with the layer that says so, and the place in a rollout', () => {
  expect(describeStanding(decideFlag('live-events', {}, 0))).toBe('on by its default');
  expect(describeStanding(decideFlag('live-events', { config: 'off' }, 0))).toBe('off by the configuration');
  expect(describeStanding(decideFlag('live-events', { store: '12.34%' }, 1234))).toBe(
    'off by the store ("flags set"): 12.34% of subjects, and this one stands at 12.34%',
  );
  expect(describeStanding(decideFlag('live-events', { key: '5%' }, 7))).toBe(
    'on by the key: 5% of subjects, and this one stands at 0.07%',
  );
  expect(flagLayers.map(describeLayer)).toEqual([
    'the environment',
    'the key',
    'the configuration',
    'the store ("flags set")',
    'its default',
  ]);
});

test('a name is that of a flag only when one is declared so', () => {
  expect(flagNames.every(isFlagName)).toBe(true);
  expect(['toString', 'live-event', ''].some(isFlagName)).toBe(false);
});

describe('a state', () => {
  test.each(['on', 'off', '0%', '25%', '12.5%', '0.01%', '99.99%', '100%', '100.00%'])(
    'may be %s',
    (text) => {
      expect(readFlagState(` ${text.toUpperCase()} `)).toBe(text);
    },
  );

  test.each(['', 'true', '25', '101%', '-1%', '1.234%', '1e2%', '%', 'on off', '٢٥%', '100.5%'])(
    'may not be "%s"',
    (text) => {
      expect(readFlagState(text)).toBeNull();
    },
  );

  test('has a share of the places, of which "on" is all and "off" is none', () => {
    expect((['on', '100%', '25%', '0.01%', '0%', 'off'] as const).map(shareOf)).toEqual([
      rolloutPlaces,
      rolloutPlaces,
      2500,
      1,
      0,
      0,
    ]);
  });

  test('of two decimals is a whole number of places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: rolloutPlaces }), (share) => {
        expect(shareOf((share / 100).toFixed(2).concat('%') as FlagState)).toBe(share);
      }),
    );
  });
});
