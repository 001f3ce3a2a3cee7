import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anySource, configSchema } from '../../source/config/schema.ts';
import { explainScore } from '../../source/domain/explain.ts';
import { rankForSalience, type ScoreInput, salienceAt, scoreSignal } from '../../source/domain/score.ts';
import { categoryBoosts, categoryIds } from '../../source/domain/taxonomy.ts';

const { score, taxonomy } = configSchema(anySource).parse({});
const settings = { ...score, categories: categoryBoosts(taxonomy) };
const hour = 3_600_000;
const now = Date.UTC(2026, 5, 1, 12);

const counts = fc.integer({ min: 0, max: 1_000_000 });
const inputs: fc.Arbitrary<ScoreInput> = fc.record({
  engagement: fc.record({ likes: counts, reposts: counts, replies: counts, quotes: counts }),
  echoes: fc.integer({ min: 0, max: 10_000 }),
  urgency: fc.integer({ min: 0, max: 5 }),
  category: fc.constantFrom(...categoryIds, 'a category of their own'),
  sentiment: fc.constantFrom('negative', 'neutral', 'positive'),
  source: fc.double({ min: 0.1, max: 10, noNaN: true }),
  relevance: fc.double({ min: 0.5, max: 1.5, noNaN: true }),
  createdAt: fc.integer({ min: now - 1000 * hour, max: now }),
});

const quiet: ScoreInput = {
  engagement: { likes: 0, reposts: 0, replies: 0, quotes: 0 },
  echoes: 0,
  urgency: 0,
  category: 'other',
  sentiment: 'positive',
  source: 1,
  relevance: 1,
  createdAt: now,
};

describe('the score', () => {
  test('is the formula of the design, worked out by hand', () => {
    const outage: ScoreInput = {
      ...quiet,
      engagement: { likes: 10, reposts: 2, replies: 3, quotes: 2 },
      echoes: 4,
      urgency: 5,
      category: 'outage',
      sentiment: 'negative',
    };
    const { weight, factors } = scoreSignal(outage, settings);
    // 10 likes + 2*3 reposts + 3*2 replies + 2*2.5 quotes + 4*3 echoes = 39; (1 + 10 ln 40 + 5*4) * 2 * 1.2
    expect(factors.engagement).toBeCloseTo(10 * Math.log(40), 10);
    expect(weight).toBeCloseTo((1 + 10 * Math.log(40) + 20) * 2 * 1.2, 10);
  });

  test('multiplies every count by its weight and every boost with the others', () => {
    const { weight } = scoreSignal(
      {
        ...quiet,
        engagement: { likes: 3, reposts: 5, replies: 7, quotes: 11 },
        echoes: 13,
        source: 1.5,
        relevance: 0.8,
      },
      { ...settings, likes: 2, reposts: 3, replies: 5, quotes: 7, echoes: 11 },
    );
    // 3*2 + 5*3 + 7*5 + 11*7 + 13*11 = 276
    expect(weight).toBeCloseTo((1 + 10 * Math.log(277)) * 1.5 * 0.8, 10);
  });

  test('halves with every half-life and never passes the cap', () => {
    const { rank } = scoreSignal({ ...quiet, urgency: 5 }, settings);
    expect(salienceAt(rank, now, settings)).toBeCloseTo(21, 8);
    expect(salienceAt(rank, now + 24 * hour, settings)).toBeCloseTo(10.5, 8);
    const huge = scoreSignal({ ...quiet, echoes: 1e9, category: 'outage', urgency: 5 }, settings);
    expect(salienceAt(huge.rank, now, settings)).toBe(100);
  });

  test('never falls when any engagement count, echo or level of urgency is added', () => {
    fc.assert(
      fc.property(
        inputs,
        fc.constantFrom('likes', 'reposts', 'replies', 'quotes'),
        counts,
        (input, count, more) => {
          const before = scoreSignal(input, settings);
          const raised = { ...input.engagement, [count]: input.engagement[count] + more };
          expect(scoreSignal({ ...input, engagement: raised }, settings).weight).toBeGreaterThanOrEqual(
            before.weight,
          );
          expect(
            scoreSignal({ ...input, echoes: input.echoes + more }, settings).rank,
          ).toBeGreaterThanOrEqual(before.rank);
          if (input.urgency < 5) {
            expect(scoreSignal({ ...input, urgency: input.urgency + 1 }, settings).rank).toBeGreaterThan(
              before.rank,
            );
          }
        },
      ),
    );
  });

  test('never rises with age', () => {
    fc.assert(
      fc.property(
        inputs,
        fc.integer({ min: 0, max: 1000 * hour }),
        fc.nat(1000 * hour),
        (input, later, more) => {
          const { rank } = scoreSignal(input, settings);
          const before = salienceAt(rank, now + later, settings);
          expect(salienceAt(rank, now + later + more, settings)).toBeLessThanOrEqual(before);
        },
      ),
    );
  });

  test('orders uncapped signals the same by rank and by salience, at every moment', () => {
    fc.assert(
      fc.property(inputs, inputs, fc.nat(5000 * hour), (one, other, later) => {
        const [a, b] = [scoreSignal(one, settings), scoreSignal(other, settings)];
        const [sa, sb] = [
          salienceAt(a.rank, now + later, settings),
          salienceAt(b.rank, now + later, settings),
        ];
        // Below a billionth of a rank two doubles cannot be told apart once 2^ has rounded them.
        fc.pre(sa < settings.cap && sb < settings.cap && Math.abs(a.rank - b.rank) > 1e-9);
        expect(Math.sign(sa - sb)).toBe(Math.sign(a.rank - b.rank));
      }),
    );
  });

  test('finds by rank exactly the signals of at least a salience', () => {
    fc.assert(
      fc.property(inputs, fc.double({ min: 0.1, max: 99, noNaN: true }), (input, least) => {
        const { rank } = scoreSignal(input, settings);
        const salience = salienceAt(rank, now, settings);
        fc.pre(Math.abs(salience - least) > 1e-6);
        expect(rank >= rankForSalience(least, now, settings)).toBe(salience >= least);
      }),
    );
  });

  test('is explained in one sentence that names the strongest reason first', () => {
    const { factors } = scoreSignal(
      { ...quiet, echoes: 12, urgency: 5, category: 'outage', sentiment: 'negative' },
      settings,
    );
    const explained = {
      factors,
      category: 'outage',
      sentiment: 'negative',
      echoes: 12,
      salience: 97.24,
      ageHours: 2,
    };
    expect(explainScore(explained)).toBe(
      '97.2: engagement 36.1 (12 echoes) and urgency 20; outage ×2, negative ×1.2; 2 hours old.',
    );
  });
});
