import { z } from 'zod';

/** Most that may be spent, in US dollars; null is no limit. */
export const usdCap = z.number().min(0).max(1_000_000).nullable();

const price = z.number().min(0).max(10_000);

function modelSchema(defaults: {
  model: string;
  baseUrl: string;
  input: number;
  cached: number;
  output: number;
}) {
  return z.strictObject({
    model: z
      .string()
      .min(1)
      .max(180)
      .default(defaults.model)
      .describe('Name of the model, as the service knows it'),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .default(defaults.baseUrl)
      .describe('Where the service is'),
    pricePerMillion: z
      .strictObject({
        inputUsd: price.default(defaults.input).describe('Sent'),
        cachedUsd: price.default(defaults.cached).describe('Sent, and cached by the service'),
        outputUsd: price.default(defaults.output).describe('Answered'),
      })
      .prefault({})
      .describe('US dollars for a million tokens'),
  });
}

export const modelsSchema = z
  .strictObject({
    batchTokens: z
      .int()
      .min(500)
      .max(100_000)
      .default(6_000)
      .describe('Tokens of posts in one request, about'),
    timeoutMs: z
      .int()
      .min(1_000)
      .max(600_000)
      .default(60_000)
      .describe('Time limit of one request, in milliseconds'),
    retries: z.int().min(0).max(10).default(2).describe('Further tries after a passing failure'),
    language: z
      .string()
      .regex(/^[a-z]{2}$/, 'a language code of two letters, such as en or de')
      .default('en')
      .describe('Language of reasons and tags, as a code of two letters'),
    cacheDays: z
      .int()
      .min(0)
      .max(3650)
      .default(90)
      .describe(
        'Days for which an answer is kept, so that an unchanged post is never paid for twice; 0 keeps none',
      ),
    maxWaitMs: z
      .int()
      .min(0)
      .max(600_000)
      .default(30_000)
      .describe(
        'Longest wait that a service may ask for before the next analyzer takes over, in milliseconds',
      ),
    spend: z
      .strictObject({
        perRunUsd: usdCap
          .default(0.5)
          .describe('Most that the models of one run may cost, in US dollars; null is no limit'),
        perDayUsd: usdCap.default(1).describe('The same for one day (UTC)'),
        perMonthUsd: usdCap.default(10).describe('The same for one month (UTC)'),
      })
      .prefault({})
      .describe('Caps on what models may cost; a request that would pass one is not made'),
    openai: modelSchema({
      model: 'gpt-5-mini',
      baseUrl: 'https://api.openai.com/v1',
      input: 0.25,
      cached: 0.025,
      output: 2,
    })
      .extend({
        reasoningEffort: z
          .enum(['none', 'minimal', 'low', 'medium', 'high'])
          .nullable()
          .default('minimal')
          .describe(
            'How long the model may think, which is paid for as output; null leaves it to the service, and a server that knows no such setting is asked without it',
          ),
      })
      .prefault({})
      .describe('OpenAI, or any server with its Chat Completions API (Ollama, vLLM, LM Studio, OpenRouter)'),
    anthropic: modelSchema({
      model: 'claude-haiku-4-5',
      baseUrl: 'https://api.anthropic.com',
      input: 1,
      cached: 0.1,
      output: 5,
    })
      .prefault({})
      .describe('Anthropic'),
  })
  .prefault({})
  .describe('Language models, for those named under analyzers');
