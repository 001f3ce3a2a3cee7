import { describe, expect, test } from 'vitest';
import { addModelSpend, type ModelSpend, SpendMeter } from '../../source/domain/spend.ts';

const nothing = { todayUsd: 0, monthUsd: 0 };

describe('the spend meter', () => {
  test.each([
    [{ perRunUsd: 1, perDayUsd: 2, perMonthUsd: 3 }, nothing, 1, 'the cap of a run ($1.00)'],
    [
      { perRunUsd: 1, perDayUsd: 2, perMonthUsd: 30 },
      { todayUsd: 1.5, monthUsd: 5 },
      0.5,
      'the cap of a day ($2.00)',
    ],
    [
      { perRunUsd: 1, perDayUsd: 2, perMonthUsd: 3 },
      { todayUsd: 0, monthUsd: 9 },
      0,
      'the cap of a month ($3.00)',
    ],
    [{ perRunUsd: null, perDayUsd: null, perMonthUsd: 3 }, nothing, 3, 'the cap of a month ($3.00)'],
    [{ perRunUsd: null, perDayUsd: null, perMonthUsd: null }, nothing, null, 'the cap of a run (none)'],
  ])('of %j after %j leaves %s, by %s', (caps, spent, leftUsd, limit) => {
    const meter = new SpendMeter(caps, spent);
    expect(meter.leftUsd).toBe(leftUsd);
    expect(meter.limit).toBe(limit);
  });

  test('sets money aside as long as it lasts, and takes back what was not charged', () => {
    const meter = new SpendMeter({ perRunUsd: 1, perDayUsd: null, perMonthUsd: null }, nothing);
    expect(meter.reserveUsd(0.75)).toBe(true);
    expect(meter.leftUsd).toBeCloseTo(0.25, 10);
    expect(meter.reserveUsd(0.5)).toBe(false);
    expect(meter.leftUsd).toBeCloseTo(0.25, 10);
    expect(meter.reserveUsd(0.25)).toBe(true);
    meter.settleUsd(0.75, 0.25);
    expect(meter.leftUsd).toBeCloseTo(0.5, 10);
  });

  test('lets what is free pass without setting anything aside', () => {
    const meter = new SpendMeter({ perRunUsd: 0, perDayUsd: null, perMonthUsd: null }, nothing);
    expect(meter.reserve(50, 0)).toBe(50);
    expect(meter.reserve(50, 0.01)).toBe(0);
    expect(meter.leftUsd).toBe(0);
  });

  test('gives no negative number of reads, even when more was charged than set aside', () => {
    const meter = new SpendMeter({ perRunUsd: 1, perDayUsd: null, perMonthUsd: null }, nothing);
    meter.settle(0, 200, 0.01);
    expect(meter.reserve(5, 0.01)).toBe(0);
  });
});

test('what models cost is summed by model, in the order in which each came first', () => {
  const spend = (model: string, each: number): ModelSpend => ({
    model,
    requests: each,
    inputTokens: each * 10,
    cachedTokens: each * 5,
    outputTokens: each * 3,
    costUsd: each * 0.5,
    reused: each * 2,
  });
  expect(addModelSpend([spend('b', 1), spend('a', 2), spend('b', 4)])).toEqual([
    spend('b', 5),
    spend('a', 2),
  ]);
  expect(addModelSpend([])).toEqual([]);
});
