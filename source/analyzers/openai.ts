import { z } from 'zod';
import type { ModelAnswer, ModelClient } from './model.ts';
import { explainSdkFailure, parseAnswer } from './model-failure.ts';
import { batchAnswerSchema } from './prompt.ts';

export interface OpenaiSettings {
  /** Null for a server of one's own that wants none. */
  readonly apiKey: string | null;
  readonly model: string;
  /** OpenAI's, or that of any server with the same Chat Completions API. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
}

/** A model behind the Chat Completions API with strict structured output. The SDK is loaded by the first request. */
export function createOpenaiClient({ apiKey, model, baseUrl, timeoutMs }: OpenaiSettings): ModelClient {
  const format = {
    type: 'json_schema' as const,
    json_schema: { name: 'analyses', strict: true, schema: strictSchema() },
  };
  return {
    name: 'openai',
    model,
    async ask(system, user, maxOutputTokens, signal): Promise<ModelAnswer> {
      const { default: OpenAI } = await import('openai');
      const client = new OpenAI({
        apiKey: apiKey ?? 'none',
        baseURL: baseUrl,
        // One policy for all services, ours, so that a wait or a refusal is never hidden in a library.
        maxRetries: 0,
        timeout: timeoutMs,
        organization: null,
        project: null,
      });
      try {
        const answer = await client.chat.completions.create(
          {
            model,
            max_completion_tokens: maxOutputTokens,
            response_format: format,
            messages: [
              { role: 'system', content: system },
              { role: 'user', content: user },
            ],
          },
          { signal },
        );
        const choice = answer.choices[0];
        const usage = {
          inputTokens: answer.usage?.prompt_tokens ?? 0,
          cachedTokens: answer.usage?.prompt_tokens_details?.cached_tokens ?? 0,
          outputTokens: answer.usage?.completion_tokens ?? 0,
        };
        return { content: parseAnswer(choice?.message.content ?? null), stop: stopOf(choice), usage };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw explainSdkFailure(error, OpenAI, {
          baseUrl,
          model,
          keyVariable: 'OPENAI_API_KEY',
          setting: 'models.openai.baseUrl',
          codeOf: (failure) =>
            failure instanceof OpenAI.APIError ? String(failure.code ?? failure.type ?? '') : '',
        });
      }
    },
  };
}

function stopOf(
  choice: { finish_reason: string; message: { refusal: string | null } } | undefined,
): ModelAnswer['stop'] {
  if (choice?.message.refusal) return 'refused';
  if (choice?.finish_reason === 'length') return 'truncated';
  return choice?.finish_reason === 'content_filter' ? 'filtered' : 'done';
}

/** Strict mode wants every object closed and every field required; bounds are left to our own check. */
function strictSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(batchAnswerSchema, {
    override: ({ jsonSchema }) => {
      for (const bound of ['minimum', 'maximum', 'minLength', 'maxLength', 'maxItems'] as const)
        delete jsonSchema[bound];
    },
  });
  return schema;
}
