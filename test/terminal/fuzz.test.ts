import { expect, test } from 'vitest';
import { typeRandomKeys } from './random-keys.ts';

test('thousands of random keys crash nothing, leave the store sound and the terminal restored', async () => {
  const { check, decided } = await typeRandomKeys(4000, 20_261_122);
  expect(check.code).toBe(0);
  // The keys did reach the store.
  expect(decided).toBeGreaterThan(0);
}, 180_000);
