import { expect, test } from 'vitest';
import { AnalyzerTally } from '../../source/domain/analyzer-tally.ts';
import { describeAnalyzers, describeModelSpend, hasFailed } from '../../source/domain/describe-spend.ts';

const badKey = { code: 'model-bad-key', message: 'no', fix: null };
const cap = { code: 'spend-cap', message: 'no', fix: null };

test('a cap that is met later does not hide a failure before it', () => {
  const tally = new AnalyzerTally();
  tally.add('openai');
  tally.fail('openai', cap);
  expect(tally.list().some(hasFailed)).toBe(false);
  tally.fail('openai', badKey);
  tally.fail('openai', cap);
  tally.add('openai');
  expect(tally.list()).toEqual([{ name: 'openai', analyzed: 2, error: badKey }]);
});

test('who analyzed is worth a word when several did, or one could not', () => {
  const tally = new AnalyzerTally();
  expect(describeAnalyzers(tally.list())).toBeNull();
  tally.add('offline');
  expect(describeAnalyzers(tally.list())).toBeNull();
  tally.fail('openai', badKey);
  expect(describeAnalyzers(tally.list())).toBe('1 signal analyzed by offline (openai could not go on)');
  tally.add('anthropic');
  expect(describeAnalyzers(tally.list())).toBe(
    '1 signal analyzed by offline, 1 by anthropic (openai could not go on)',
  );
});

test('what a model cost is said in one line', () => {
  const spend = {
    model: 'openai/a',
    requests: 1234,
    inputTokens: 1_000_000,
    cachedTokens: 0,
    outputTokens: 20,
    costUsd: 0.5,
    reused: 1,
  };
  expect(describeModelSpend(spend)).toBe(
    'openai/a: 1,234 requests, 1,000,000 tokens in, 20 out, $0.50; 1 answer kept from before',
  );
  expect(describeModelSpend({ ...spend, requests: 0, reused: 2 })).toBe(
    'openai/a: not asked; 2 answers kept from before',
  );
});
