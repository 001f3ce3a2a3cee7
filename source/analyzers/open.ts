import type { Config } from '../config/schema.ts';
import type { SpendMeter } from '../domain/spend.ts';
import { defaultTaxonomy } from '../domain/taxonomy.ts';
import { UserError } from '../errors.ts';
import type { Analyzer } from '../ports/analyzer.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelLedger } from '../ports/ledger.ts';
import type { Teacher } from '../ports/teacher.ts';
import { createAnthropicClient } from './anthropic.ts';
import { createModelAnalyzer, type ModelClient } from './model.ts';
import { createOfflineAnalyzer } from './offline/offline.ts';
import { createOpenaiClient } from './openai.ts';
import { systemPrompt } from './prompt.ts';
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

type ModelName = 'openai' | 'anthropic';

const keys: Readonly<Record<ModelName, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
};
const openaiHost = 'api.openai.com';
const keylessBatch = 1_000;

/**
 * The configured analyzers, in the order of the chain. Opening asks nobody: a
 * missing key is told by the first batch, and the chain goes on without it.
 */
export function openAnalyzers(
  config: Pick<Config, 'analyzers' | 'models'>,
  tools: AnalyzerTools,
): readonly Analyzer[] {
  return config.analyzers.map((name) => {
    if (name === 'offline') return createOfflineAnalyzer({ teacher: tools.teacher });
    const client = openClient(name, config.models, tools);
    return client === null ? withoutKey(name) : openModel(client, config.models, tools);
  });
}

function openModel(client: ModelClient, models: Config['models'], tools: AnalyzerTools): Analyzer {
  return createModelAnalyzer(client, {
    system: systemPrompt(defaultTaxonomy),
    purse: createPurse(client.model, models[client.name].pricePerMillion, tools),
    clock: tools.clock,
    batchTokens: models.batchTokens,
    retries: models.retries,
    maxWaitMs: models.maxWaitMs,
  });
}

/** Null when the service wants a key and none is set. */
function openClient(
  name: ModelName,
  models: Config['models'],
  { secrets }: AnalyzerTools,
): ModelClient | null {
  const apiKey = secrets[keys[name]] ?? null;
  const { model, baseUrl } = models[name];
  const { timeoutMs } = models;
  if (name === 'openai') {
    // A server of one's own (Ollama, vLLM, LM Studio) usually wants no key.
    if (apiKey === null && new URL(baseUrl).host === openaiHost) return null;
    return createOpenaiClient({ apiKey, model, baseUrl, timeoutMs });
  }
  return apiKey === null ? null : createAnthropicClient({ apiKey, model, baseUrl, timeoutMs });
}

function withoutKey(name: ModelName): Analyzer {
  return {
    name,
    batchSize: keylessBatch,
    analyze: async () => {
      throw new UserError('model-no-key', `There is no key for ${name}.`, {
        fix: `Set ${keys[name]} in the environment, or leave ${name} out of "analyzers".`,
      });
    },
  };
}
