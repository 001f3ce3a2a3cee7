import fc from 'fast-check';
import { expect, test } from 'vitest';
import { moveTo } from '../../../source/tui/model/list-cursor.ts';

test('the cursor is always on a row and always on screen', () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: -30, max: 30 }), fc.constantFrom(-Infinity, Infinity)));
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 40 }),
      (moves, rows, height) => {
        let cursor = { index: 0, top: 0 };
        for (const step of moves) {
          cursor = moveTo(cursor, cursor.index + step, rows, height);
          expect(cursor.index).toBeGreaterThanOrEqual(0);
          expect(cursor.index).toBeLessThan(Math.max(1, rows));
          expect(cursor.top).toBeGreaterThanOrEqual(0);
          expect(cursor.index - cursor.top).toBeGreaterThanOrEqual(0);
          expect(cursor.index - cursor.top).toBeLessThan(height);
          if (rows > height) expect(cursor.top).toBeLessThanOrEqual(rows - height);
        }
      },
    ),
  );
});

test('it scrolls no further than is needed', () => {
  expect(moveTo({ index: 5, top: 0 }, 10, 100, 10)).toEqual({ index: 10, top: 1 });
  expect(moveTo({ index: 5, top: 3 }, 2, 100, 10)).toEqual({ index: 2, top: 2 });
  const still = { index: 5, top: 3 };
  expect(moveTo(still, 5, 100, 10)).toBe(still);
});
