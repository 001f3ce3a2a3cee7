import type { AnalysisRequest, AnalyzerEstimate } from '../ports/analyzer.ts';
import type { AnswerMemory } from './answer-memory.ts';
import { modelBatchSize, promptTokens } from './model.ts';
import { estimateTokens, type Prompt, postsPrompt, splitByTokens, usualAnswerTokens } from './prompt.ts';
import { type ModelPrices, usageCostUsd } from './purse.ts';

export interface EstimateSettings {
  readonly prompt: Prompt;
  readonly memory: AnswerMemory;
  readonly prices: ModelPrices;
  readonly batchTokens: number;
  readonly obstacle: string | null;
}

/** What a model would be asked about a batch if it answered all at once, and what that would cost. */
export async function estimateModel(
  batch: readonly AnalysisRequest[],
  { prompt, memory, prices, batchTokens, obstacle }: EstimateSettings,
  fresh: boolean,
): Promise<AnalyzerEstimate> {
  let reused = 0;
  let requests = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  for (let from = 0; from < batch.length; from += modelBatchSize) {
    const part = batch.slice(from, from + modelBatchSize);
    const groups = await memory.recall(part, fresh);
    const asked = groups.filter(({ known }) => known === null).map(({ requests: [first] }) => first);
    reused += part.length - asked.length;
    outputTokens += asked.length * usualAnswerTokens;
    for (const sent of splitByTokens(asked, batchTokens)) {
      requests += 1;
      inputTokens += promptTokens(prompt) + estimateTokens(postsPrompt(sent));
    }
  }
  const costUsd = usageCostUsd({ inputTokens, cachedTokens: 0, outputTokens }, prices);
  return { obstacle, reused, requests, inputTokens, outputTokens, costUsd };
}
