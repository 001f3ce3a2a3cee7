import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdSet } from '../../source/pipeline/id-set.ts';

test('an id is new once, whatever came before it', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(70), fc.nat(2_000_000)), { maxLength: 200 }), (ids) => {
      const kept = new IdSet();
      const reference = new Set<number>();
      for (const id of ids) {
        expect(kept.add(id)).toBe(!reference.has(id));
        reference.add(id);
      }
    }),
  );
});
