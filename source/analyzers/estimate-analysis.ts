import type { Config } from '../config/schema.ts';
import { defaultTaxonomy } from '../domain/taxonomy.ts';
import type { AnalysisRequest } from '../ports/analyzer.ts';
import { modelBatchSize } from './model.ts';
import { answerTokensPerPost, estimateTokens, postsPrompt, splitByTokens, systemPrompt } from './prompt.ts';
import { costUsd } from './purse.ts';

/** What asking about `batch` costs at most, about: as money is set aside before a request. The offline analyzer is free. */
export function estimateAnalysis(
  name: 'offline' | 'openai' | 'anthropic',
  models: Config['models'],
  batch: readonly AnalysisRequest[],
): { readonly requests: number; readonly tokens: number; readonly usd: number } {
  if (name === 'offline') return { requests: 0, tokens: 0, usd: 0 };
  const system = estimateTokens(systemPrompt(defaultTaxonomy));
  const parts = Array.from({ length: Math.ceil(batch.length / modelBatchSize) }, (_, at) =>
    splitByTokens(batch.slice(at * modelBatchSize, (at + 1) * modelBatchSize), models.batchTokens),
  ).flat();
  const inputTokens = parts.reduce((sum, part) => sum + system + estimateTokens(postsPrompt(part)), 0);
  const outputTokens = batch.length * answerTokensPerPost;
  const usd = costUsd({ inputTokens, cachedTokens: 0, outputTokens }, models[name].pricePerMillion);
  return { requests: parts.length, tokens: inputTokens + outputTokens, usd };
}
