import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSpan } from '../../../source/domain/calendar.ts';
import { keepEverything, planRetention, type RetentionPolicy } from '../../../source/domain/retention.ts';
import { describeOtherRules, knobs } from '../../../source/tui/model/policy-knobs.ts';
import { sampleSnapshots } from '../retention-sample.ts';

const now = { bytes: 10 * 2 ** 20, files: 56 };
const knob = (name: string) => {
  const found = knobs.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const turn = (name: string, policy: RetentionPolicy, ...directions: (1 | -1)[]) =>
  directions.reduce((turned, direction) => knob(name).turn(turned, direction, now), policy);

test('a count goes up and down by one, and stops at its ends', () => {
  expect(turn('daily', keepEverything, 1, 1, -1).keepDaily).toBe(1);
  expect(turn('daily', keepEverything, -1).keepDaily).toBe(0);
  expect(turn('at least', keepEverything, -1).keepMin).toBe(1);
  expect(turn('last', { ...keepEverything, keepLast: 999 }, 1).keepLast).toBe(999);
});

test('a limit begins below what there is, and becomes none when it binds nothing', () => {
  const once = turn('most bytes', keepEverything, -1);
  expect(once.maxBytes).toBe(8 * 2 ** 20);
  expect(knob('most bytes').show(once)).toBe('8.0 MiB');
  expect(turn('most bytes', once, -1).maxBytes).toBe(6 * 2 ** 20);
  expect(turn('most bytes', once, 1, 1).maxBytes).toBeNull();
  expect(turn('most files', keepEverything, -1).maxFiles).toBe(49);
  expect(turn('most files', keepEverything, -1, 1, 1).maxFiles).toBeNull();
});

test('a span goes on from one that no key would give', () => {
  expect(turn('within', { ...keepEverything, keepWithin: '10d' }, 1).keepWithin).toBe('14d');
  expect(turn('within', { ...keepEverything, keepWithin: '10d' }, -1).keepWithin).toBe('7d');
  expect(turn('within', keepEverything, -1).keepWithin).toBe('');
});

test('whatever is turned is a policy that can be planned, and a rule turned up never removes more', () => {
  const turns = fc.array(
    fc.tuple(fc.integer({ min: 0, max: knobs.length - 1 }), fc.constantFrom<1 | -1>(1, -1)),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(turns, fc.integer({ min: 0, max: knobs.length - 1 }), (list, last) => {
      const policy = list.reduce(
        (turned, [index, direction]) => knobs[index]?.turn(turned, direction, now) ?? turned,
        { ...keepEverything, keepLast: 1 } as RetentionPolicy,
      );
      expect(policy.keepWithin === '' || parseSpan(policy.keepWithin) !== null).toBe(true);
      expect(policy.keepMin).toBeGreaterThanOrEqual(1);
      // From no rule at all, which keeps everything, the first rule lets others go.
      const ruled = policy.keepLast > 0;
      const more = knobs[last]?.turn(policy, 1, now) ?? policy;
      const kept = (each: RetentionPolicy) =>
        planRetention(sampleSnapshots, each).decisions.filter(({ keep }) => keep).length;
      if (ruled) expect(kept(more)).toBeGreaterThanOrEqual(kept(policy));
    }),
  );
});

test('rules without a key are named', () => {
  expect(describeOtherRules(keepEverything)).toBe('');
  expect(describeOtherRules({ ...keepEverything, keepWithinDaily: '1m', keepWithinYearly: '5y' })).toBe(
    'daily within 1m, yearly within 5y',
  );
});
