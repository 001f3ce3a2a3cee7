import { formatUsd } from './limits.ts';
import type { AnalyzerProgress } from './run.ts';
import type { ModelSpend } from './spend.ts';

/** "openai/gpt-5-mini: 3 requests, 12,400 tokens in (4,000 cached), 610 out, $0.12; 8 answers kept from before". */
export function describeModelSpend(spend: ModelSpend): string {
  const { model, requests, inputTokens, cachedTokens, outputTokens, costUsd, reused } = spend;
  const cached = cachedTokens > 0 ? ` (${grouped(cachedTokens)} cached)` : '';
  const asked =
    requests === 0
      ? 'not asked'
      : `${counted(requests, 'request')}, ${grouped(inputTokens)} tokens in${cached}, ${grouped(outputTokens)} out, ${formatUsd(costUsd)}`;
  return `${model}: ${asked}${reused > 0 ? `; ${counted(reused, 'answer')} kept from before` : ''}`;
}

/** "30 signals analyzed by openai, 10 by offline": worth a word when several did, or one failed; null otherwise. */
export function describeAnalyzers(analyzers: readonly AnalyzerProgress[]): string | null {
  const worked = analyzers.filter(({ analyzed }) => analyzed > 0);
  const failed = analyzers.filter(({ error }) => error !== null).map(({ name }) => name);
  if (worked.length + failed.length < 2) return null;
  const [first, ...others] = worked.map(({ name, analyzed }) => ({ name, count: analyzed }));
  if (first === undefined) return null;
  const rest = others.map(({ name, count }) => `, ${grouped(count)} by ${name}`).join('');
  const why = failed.length === 0 ? '' : ` (${failed.join(' and ')} could not go on)`;
  return `${counted(first.count, 'signal')} analyzed by ${first.name}${rest}${why}`;
}

/** Whether an analyzer could not do what it was asked; one that a spend cap stopped did as told. */
export function hasFailed({ error }: AnalyzerProgress): boolean {
  return error !== null && error.code !== 'spend-cap';
}

export function modelsUsd(spends: readonly ModelSpend[]): number {
  return spends.reduce((sum, { costUsd }) => sum + costUsd, 0);
}

function counted(count: number, one: string): string {
  return `${grouped(count)} ${one}${count === 1 ? '' : 's'}`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
