import { analyzeWithChain } from '../analyzers/chain.ts';
import { openAnalyzers } from '../analyzers/open.ts';
import type { LoadedConfig } from '../config/load.ts';
import { SpendMeter } from '../domain/spend.ts';
import { UserError } from '../errors.ts';
import type { AnalysisDeskParts } from '../harvester/analysis-desk.ts';
import type { EvaluationParts } from '../harvester/evaluation.ts';
import type { StoreTeacher } from '../harvester/teacher.ts';
import type { AnalysisChain } from '../pipeline/analyze.ts';
import { systemClock } from '../ports/clock.ts';
import type { Flags } from '../ports/flags.ts';
import type { ModelLedger } from '../ports/ledger.ts';
import type { Store } from '../ports/store.ts';

const msPerDay = 86_400_000;

/** More answers of models than this are not kept, oldest first: some tens of megabytes. */
const mostKeptAnswers = 100_000;

export function openAnalysis(
  { config, secrets }: LoadedConfig,
  store: Store,
  teacher: StoreTeacher,
): Pick<AnalysisDeskParts, 'analyzers' | 'chainOf' | 'modelCaps'> {
  const { spend, cacheDays } = config.models;
  let meter = new SpendMeter(spend, { todayUsd: 0, monthUsd: 0 });
  const tools = { clock: systemClock, ledger: store, meter: () => meter, secrets, teacher };
  const analyzers = openAnalyzers(config, tools);
  const categories = config.taxonomy.map(({ id }) => id);
  const begin = async () => {
    const now = systemClock.now();
    await teacher.refresh();
    meter = new SpendMeter(spend, await store.modelSpent(now));
    await store.pruneAnswers(now - cacheDays * msPerDay, mostKeptAnswers);
  };
  const offline = analyzers.filter(({ name }) => name === 'offline');
  /** Without the chain, the offline analyzer stands in also where the configuration does not name it. */
  const alone = offline.length > 0 ? offline : openAnalyzers({ ...config, analyzers: ['offline'] }, tools);
  const chainOf = (name: string | undefined, flags: Flags): AnalysisChain => {
    const asked = analyzers.filter((analyzer) => name === undefined || analyzer.name === name);
    if (asked.length === 0) throw unknownAnalyzer(name ?? '', config.analyzers);
    const chosen = flags.isOn('model-chain') ? asked : alone;
    if (name !== undefined && !chosen.some((analyzer) => analyzer.name === name)) throw withoutModels(name);
    return {
      batchSize: Math.max(...chosen.map(({ batchSize }) => batchSize)),
      begin,
      analyze: async (batch, options) => {
        const answers = await analyzeWithChain(chosen, batch, { ...options, categories });
        return answers.map(({ signalId, analysis, analyzer, model }) => ({
          signalId,
          analysis: { ...analysis, analyzer, ...(model && { model }) },
        }));
      },
    };
  };
  return { analyzers, chainOf, modelCaps: spend };
}

function unknownAnalyzer(name: string, known: readonly string[]): UserError {
  return new UserError('unknown-analyzer', `The configuration has no analyzer "${name}".`, {
    fix: `Use one of ${known.join(', ')}, or add it to "analyzers".`,
  });
}

function withoutModels(name: string): UserError {
  return new UserError('flag-off', `${name} is not asked while the flag model-chain is off.`, {
    fix: 'See "signal-harvester flags explain model-chain", or leave the analyzer out.',
  });
}

/** Analyzers one at a time, with books of their own; the caps of models hold. */
export function openEvaluation(
  { config, secrets }: LoadedConfig,
  store: Store,
): Omit<EvaluationParts, 'store' | 'learns'> {
  const { models } = config;
  const openMeter = async () => new SpendMeter(models.spend, await store.modelSpent(systemClock.now()));
  let meter = new SpendMeter(models.spend, { todayUsd: 0, monthUsd: 0 });
  return {
    leftUsd: async () => (await openMeter()).leftUsd,
    begin: async () => {
      meter = await openMeter();
    },
    estimate: async (name, batch) => {
      const teacher = { teaching: async () => ({ labels: [], usual: [] }) };
      const tools = { clock: systemClock, ledger: store, meter: () => meter, secrets, teacher };
      const [analyzer] = openAnalyzers({ ...config, analyzers: [name] }, tools);
      const estimate = await analyzer?.estimate?.(batch, {});
      if (estimate === undefined) return { requests: 0, tokens: 0, usd: 0 };
      const { requests, inputTokens, outputTokens, costUsd } = estimate;
      return { requests, tokens: inputTokens + outputTokens, usd: costUsd };
    },
    open: (name, teaching) => {
      const used = { requests: 0, tokens: 0, usd: 0 };
      const ledger: ModelLedger = {
        modelSpent: store.modelSpent,
        modelSpendOf: store.modelSpendOf,
        keptAnswers: store.keptAnswers,
        pruneAnswers: store.pruneAnswers,
        recordModelUse: async (use, answers, at) => {
          used.requests += 1;
          used.tokens += use.inputTokens + use.outputTokens;
          used.usd += use.costUsd;
          await store.recordModelUse(use, answers, at);
        },
      };
      const teacher = { teaching: async () => teaching };
      const tools = { clock: systemClock, ledger, meter: () => meter, secrets, teacher };
      const analyzers = openAnalyzers({ ...config, analyzers: [name] }, tools);
      return {
        analyze: (batch, options) => analyzeWithChain(analyzers, batch, options),
        used: () => ({ ...used }),
      };
    },
  };
}
