import { analyzeWithChain } from '../../source/analyzers/chain.ts';
import { openAnalyzers } from '../../source/analyzers/open.ts';
import { anySource, configSchema } from '../../source/config/schema.ts';
import { type ModelSpend, SpendMeter } from '../../source/domain/spend.ts';
import type { AnalysisRequest } from '../../source/ports/analyzer.ts';
import type { Clock } from '../../source/ports/clock.ts';
import { type Brain, fakeAnthropic, fakeOpenai, type Manners } from './fake-models.ts';
import { memoryLedger } from './memory-ledger.ts';

export const services = [
  ['openai', fakeOpenai],
  ['anthropic', fakeAnthropic],
] as const;

export const request = (signalId: number, text: string): AnalysisRequest => ({
  signalId,
  text,
  kind: 'rss',
  author: 'somebody',
  title: null,
  lang: 'en',
});
export const posts = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    request(from + index + 1, `post ${from + index}: login is down`),
  );

/** A service of one kind with this brain, and the chain `service, offline` on it. */
export async function chainOn(
  [name, fake]: (typeof services)[number],
  brain: Brain,
  change: {
    key?: string | undefined;
    models?: object;
    caps?: { perRunUsd: number };
    taxonomy?: readonly object[];
    manners?: Manners;
  } = {},
) {
  const model = await fake(brain, change.manners);
  const config = configSchema(anySource).parse({
    analyzers: [name, 'offline'],
    models: { [name]: { baseUrl: model.baseUrl }, ...change.models },
    ...(change.taxonomy && { taxonomy: change.taxonomy }),
  });
  const slept: number[] = [];
  const clock: Clock = { now: () => Date.UTC(2026, 10, 22), sleep: async (ms) => void slept.push(ms) };
  const ledger = memoryLedger();
  const meter = new SpendMeter(
    { perRunUsd: null, perDayUsd: null, perMonthUsd: null, ...change.caps },
    { todayUsd: 0, monthUsd: 0 },
  );
  const key = 'key' in change ? change.key : 'right-key';
  const analyzers = openAnalyzers(config, {
    clock,
    ledger,
    meter: () => meter,
    secrets: { OPENAI_API_KEY: key, ANTHROPIC_API_KEY: key },
  });
  const warnings: string[] = [];
  const failures: [analyzer: string, code: string][] = [];
  const told: ModelSpend[] = [];
  const analyze = async (
    batch: readonly AnalysisRequest[],
    signal = new AbortController().signal,
    fresh = false,
  ) => {
    const results = await analyzeWithChain(analyzers, batch, {
      signal,
      fresh,
      categories: config.taxonomy.map(({ id }) => id),
      onWarning: (warning) => warnings.push(warning),
      onLoss: (words, count) => warnings.push(`${words} ${count} ${count === 1 ? 'post' : 'posts'}`),
      onFailure: (analyzer, { code }) => failures.push([analyzer, code]),
      onUse: (use) => told.push(use),
    });
    return new Map(results.map((result) => [result.signalId, result]));
  };
  return { model, analyzers, analyze, warnings, failures, told, slept, uses: ledger.uses, meter };
}
