import { expect, test } from 'vitest';
import { usageCostUsd } from '../../source/analyzers/purse.ts';

const prices = { inputUsd: 1, cachedUsd: 0.1, outputUsd: 5 };
const million = 1_000_000;

test('cached tokens cost their own price, and those written into a cache a quarter more than read ones', () => {
  const usage = { inputTokens: million, cachedTokens: 0, outputTokens: 0 };
  expect(usageCostUsd(usage, prices)).toBeCloseTo(1, 9);
  expect(usageCostUsd({ ...usage, cachedTokens: million }, prices)).toBeCloseTo(0.1, 9);
  expect(usageCostUsd({ ...usage, writtenTokens: million }, prices)).toBeCloseTo(1.25, 9);
  expect(usageCostUsd({ ...usage, outputTokens: million }, prices)).toBeCloseTo(6, 9);
});
