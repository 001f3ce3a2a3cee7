import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainScore } from '../../source/domain/explain.ts';
import { learnRelevance, type RelevanceDecision } from '../../source/domain/relevance.ts';
import type { RelevanceSubject } from '../../source/domain/relevance-features.ts';

const subject = (text: string, fields: Partial<RelevanceSubject> = {}): RelevanceSubject => ({
  source: 'feed',
  author: 'ann',
  title: null,
  text,
  link: null,
  category: 'other',
  ...fields,
});

const decide = (signalId: number, kept: boolean, text: string, fields: Partial<RelevanceSubject> = {}) => ({
  ...subject(text, fields),
  signalId,
  kept,
});

const kept = (count: number, from = 0): RelevanceDecision[] =>
  Array.from({ length: count }, (_, index) =>
    decide(from + index, true, `checkout fails with my payment, attempt ${index}`),
  );
const dismissed = (count: number, from = 1_000): RelevanceDecision[] =>
  Array.from({ length: count }, (_, index) =>
    decide(from + index, false, `giveaway: win a lovely mug, number ${index}`),
  );

const anyText = fc.oneof(fc.string({ maxLength: 200, unit: 'grapheme' }), fc.lorem({ maxCount: 30 }));
const anySubject: fc.Arbitrary<RelevanceSubject> = fc.record({
  source: fc.constantFrom('a', 'b'),
  author: fc.option(fc.string({ maxLength: 12 })),
  title: fc.option(anyText),
  text: anyText,
  link: fc.option(fc.webUrl()),
  category: fc.constantFrom('bug', 'praise', ''),
});
const anyDecisions = fc.uniqueArray(
  fc.tuple(fc.nat(), fc.boolean(), anySubject).map(([signalId, isKept, about]) => ({
    ...about,
    signalId,
    kept: isKept,
  })),
  { selector: ({ signalId }) => signalId, minLength: 20, maxLength: 40 },
);

describe('relevance', () => {
  test('is not learned from fewer than 20 decisions, or fewer than 5 of a kind', () => {
    expect(learnRelevance([])).toBeNull();
    expect(learnRelevance([...kept(10), ...dismissed(9)])).toBeNull();
    expect(learnRelevance([...kept(4), ...dismissed(100)])).toBeNull();
    expect(learnRelevance([...kept(100), ...dismissed(4)])).toBeNull();
    expect(learnRelevance([...kept(15), ...dismissed(5)])).not.toBeNull();
  });

  test('lifts what is like what was kept and lowers what is like what was dismissed', () => {
    const model = learnRelevance([...kept(10), ...dismissed(10)]);
    expect(model?.factorOf(subject('my payment at the checkout'))).toBeGreaterThan(1.3);
    expect(model?.factorOf(subject('a giveaway of a mug'))).toBeLessThan(0.7);
  });

  test('is told by its words', () => {
    const model = learnRelevance([...kept(10), ...dismissed(10)]);
    const words = model?.wordsOf(subject('payment fails, and a giveaway'));
    expect(words?.keeps).toEqual(expect.arrayContaining(['payment', 'fails']));
    expect(words?.dismisses).toEqual(['giveaway']);
    expect(model?.strongest(3).keeps).toHaveLength(3);
  });

  test('learns from the author, the site and the category where the words are all alike', () => {
    const same = 'the same words every time';
    const decisions = Array.from({ length: 40 }, (_, index) =>
      decide(index, index % 2 === 0, same, {
        author: index % 2 === 0 ? 'journalist' : 'bot',
        link: index % 2 === 0 ? 'https://news.example/a' : 'https://spam.example/b',
      }),
    );
    const model = learnRelevance(decisions);
    const of = (author: string, link: string) => model?.factorOf(subject(same, { author, link })) ?? 1;
    expect(of('journalist', 'https://news.example/z')).toBeGreaterThan(
      of('bot', 'https://spam.example/z') + 0.5,
    );
  });

  test('stays within 0.5 and 1.5 for any decisions and any post, in steps of 0.01', () => {
    fc.assert(
      fc.property(anyDecisions, fc.array(anySubject, { maxLength: 10 }), (decisions, subjects) => {
        const model = learnRelevance(decisions);
        for (const each of [...subjects, ...decisions]) {
          const factor = model?.factorOf(each) ?? 1;
          expect(factor).toBeGreaterThanOrEqual(0.5);
          expect(factor).toBeLessThanOrEqual(1.5);
          expect(Math.round(factor * 100) / 100).toBe(factor);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('does not depend on the order of the decisions', () => {
    fc.assert(
      fc.property(
        anyDecisions.chain((decisions) =>
          fc.tuple(fc.constant(decisions), fc.shuffledSubarray(decisions, { minLength: decisions.length })),
        ),
        anySubject,
        ([decisions, shuffled], about) => {
          expect(learnRelevance(shuffled)?.factorOf(about)).toBe(learnRelevance(decisions)?.factorOf(about));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is as before once a decision is taken back', () => {
    const before = [...kept(12), ...dismissed(12)];
    const about = subject('a giveaway at the checkout');
    const factor = learnRelevance(before)?.factorOf(about);
    const more = [...before, ...dismissed(3, 5_000)];
    expect(learnRelevance(more)?.factorOf(about)).not.toBe(factor);
    expect(learnRelevance(more.slice(0, before.length))?.factorOf(about)).toBe(factor);
  });
});

test('the explanation of a score names what is kept above 1, and what is dismissed below', () => {
  const explain = (relevance: number) =>
    explainScore({
      factors: { base: 1, engagement: 0, urgency: 8, category: 1, sentiment: 1, source: 1, relevance },
      category: 'bug',
      sentiment: 'negative',
      echoes: 0,
      salience: 10,
      ageHours: 1,
      relevanceWords: { keeps: ['checkout', 'payment'], dismisses: ['giveaway'] },
    });
  expect(explain(1.32)).toContain('relevance ×1.32 (you keep: checkout, payment)');
  expect(explain(0.7)).toContain('relevance ×0.7 (you dismiss: giveaway)');
  expect(explain(1)).not.toContain('relevance');
});
