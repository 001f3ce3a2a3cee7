import type { Config } from '../config/schema.ts';
import type { SpendMeter } from '../domain/spend.ts';
import type { Category } from '../domain/taxonomy.ts';
import { UserError } from '../errors.ts';
import type { Analyzer } from '../ports/analyzer.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelLedger } from '../ports/ledger.ts';
import type { Teacher } from '../ports/teacher.ts';
import { createAnswerMemory } from './answer-memory.ts';
import { createAnthropicClient } from './anthropic.ts';
import { createModelAnalyzer, modelBatchSize } from './model.ts';
import type { ModelClient } from './model-client.ts';
import { estimateModel } from './model-estimate.ts';
import { openOfflineAnalyzer } from './offline/open.ts';
import { keepToTaxonomy } from './offline/own-categories.ts';
import { createOpenaiClient } from './openai.ts';
import { makePrompt, type Prompt } from './prompt.ts';
import { createPurse } from './purse.ts';

/** What analyzers are given to work with. */
export interface AnalyzerTools {
  readonly clock: Clock;
  readonly ledger: ModelLedger;
  /** The money of the present run. */
  readonly meter: () => SpendMeter;
  /** By environment variable. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
  /** Whose labels the offline analyzer learns from. */
  readonly teacher?: Teacher;
}

type AnalyzerConfig = Pick<Config, 'analyzers' | 'models' | 'taxonomy'>;
type ModelName = 'openai' | 'anthropic';

const keys: Readonly<Record<ModelName, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
};
const openaiHost = 'api.openai.com';

/**
 * The configured analyzers, in the order of the chain. Opening asks nobody: a
 * missing key is told by the first batch, and the chain goes on without it.
 */
export function openAnalyzers(config: AnalyzerConfig, tools: AnalyzerTools): readonly Analyzer[] {
  const prompt = makePrompt(config.taxonomy, config.models.language);
  return config.analyzers.map((name) =>
    name === 'offline'
      ? keepToTaxonomy(openOfflineAnalyzer({ teacher: tools.teacher }), config.taxonomy)
      : openModel(name, prompt, config, tools),
  );
}

/** The keys that the configured models need, and whether each is set. */
export function neededModelKeys(
  { analyzers, models }: AnalyzerConfig,
  secrets: AnalyzerTools['secrets'],
): readonly { readonly variable: string; readonly neededBy: string; readonly set: boolean }[] {
  return analyzers
    .filter((name) => name !== 'offline')
    .filter((name) => name === 'anthropic' || isOpenai(models.openai.baseUrl))
    .map((name) => ({ variable: keys[name], neededBy: name, set: (secrets[keys[name]] ?? '') !== '' }));
}

function isOpenai(baseUrl: string): boolean {
  return new URL(baseUrl).host === openaiHost;
}

function openModel(
  name: ModelName,
  prompt: Prompt,
  { models, taxonomy }: AnalyzerConfig,
  tools: AnalyzerTools,
): Analyzer {
  const { batchTokens, retries, maxWaitMs, language, cacheDays } = models;
  const { model: modelName, pricePerMillion: prices } = models[name];
  const mark = { name: `${name}/${modelName}`, promptVersion: prompt.version };
  const categories = idsOf(taxonomy);
  const memory = createAnswerMemory(mark, { ...tools, categories, cacheDays });
  const client = openClient(name, models, tools);
  const analyzer =
    client === null
      ? withoutKey(name)
      : createModelAnalyzer(client, {
          mark,
          prompt,
          categories,
          language,
          purse: createPurse(mark.name, prices, tools),
          memory,
          clock: tools.clock,
          batchTokens,
          retries,
          maxWaitMs,
        });
  const obstacle = client === null ? noKey(name) : null;
  const estimated = { prompt, memory, prices, batchTokens, obstacle };
  return {
    ...analyzer,
    model: mark,
    estimate: (batch, { fresh = false }) => estimateModel(batch, estimated, fresh),
  };
}

function idsOf(taxonomy: readonly Category[]): ReadonlySet<string> {
  return new Set(taxonomy.map(({ id }) => id));
}

/** Null when the service wants a key and none is set. */
function openClient(
  name: ModelName,
  models: Config['models'],
  { secrets }: AnalyzerTools,
): ModelClient | null {
  const apiKey = secrets[keys[name]] ?? null;
  const { timeoutMs } = models;
  if (name === 'openai') {
    // A server of one's own (Ollama, vLLM, LM Studio) usually wants no key.
    if (apiKey === null && isOpenai(models.openai.baseUrl)) return null;
    const { model, baseUrl, reasoningEffort } = models.openai;
    return createOpenaiClient({ apiKey, model, baseUrl, reasoningEffort, timeoutMs });
  }
  const { model, baseUrl } = models.anthropic;
  return apiKey === null ? null : createAnthropicClient({ apiKey, model, baseUrl, timeoutMs });
}

function withoutKey(name: ModelName): Analyzer {
  return {
    name,
    batchSize: modelBatchSize,
    analyze: async () => {
      throw new UserError('model-no-key', noKey(name), {
        fix: `Set ${keys[name]} in the environment, or leave ${name} out of "analyzers".`,
      });
    },
  };
}

function noKey(name: ModelName): string {
  return `There is no key for ${name}.`;
}
