import { type ModelAnswer, type ModelClient, noUsage } from './model-client.ts';
import { explainSdkFailure, isContentFilter, limitAnswer, requireList } from './model-failure.ts';
import { parseAnswer } from './read-answer.ts';

export interface AnthropicSettings {
  readonly apiKey: string;
  readonly model: string;
  readonly baseUrl: string;
  readonly timeoutMs: number;
}

const tool = 'label_posts';

/**
 * A model behind the Messages API that answers through a tool. The constant
 * prefix (tool, then system prompt) is marked for caching where it ends; a
 * service caches it only from a length on (docs/models.md). The SDK is loaded by
 * the first request.
 */
export function createAnthropicClient({ apiKey, model, baseUrl, timeoutMs }: AnthropicSettings): ModelClient {
  return {
    name: 'anthropic',
    model,
    async ask({ system, user, schema, maxOutputTokens }, { signal }): Promise<ModelAnswer> {
      const { default: Anthropic } = await import('@anthropic-ai/sdk');
      const client = new Anthropic({
        apiKey,
        baseURL: baseUrl,
        // One policy for all services, ours, so that a wait or a refusal is never hidden in a library.
        maxRetries: 0,
        timeout: timeoutMs,
        authToken: null,
      });
      const limit = limitAnswer(signal, timeoutMs);
      try {
        const answer = await client.messages.create(
          {
            model,
            max_tokens: maxOutputTokens,
            system: [{ type: 'text', text: system, cache_control: { type: 'ephemeral' } }],
            tools: [
              {
                name: tool,
                description: 'Takes the labels of all posts of the batch.',
                input_schema: { ...schema, type: 'object' },
              },
            ],
            tool_choice: { type: 'tool', name: tool },
            messages: [{ role: 'user', content: user }],
          },
          { signal: limit },
        );
        requireList(answer, 'content', baseUrl);
        const block = answer.content.find((each) => each.type === 'tool_use');
        // Servers that imitate the API may count nothing.
        const counted: Partial<typeof answer.usage> = answer.usage ?? {};
        const cached = counted.cache_read_input_tokens ?? 0;
        const written = counted.cache_creation_input_tokens ?? 0;
        const usage = {
          // The service counts cached tokens beside the others rather than among them.
          inputTokens: (counted.input_tokens ?? 0) + cached + written,
          cachedTokens: cached,
          writtenTokens: written,
          outputTokens: counted.output_tokens ?? 0,
        };
        return { content: readInput(block?.input), stop: stopOf(answer.stop_reason), usage };
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (
          error instanceof Anthropic.APIError &&
          isContentFilter(error.status ?? 0, errorType(error.error), error.message)
        )
          return { content: null, stop: 'filtered', usage: noUsage };
        throw explainSdkFailure(error, Anthropic, {
          baseUrl,
          model,
          keyVariable: 'ANTHROPIC_API_KEY',
          setting: 'models.anthropic.baseUrl',
          isLate: limit.aborted,
          codeOf: (failure) => (failure instanceof Anthropic.APIError ? errorType(failure.error) : ''),
        });
      }
    },
  };
}

/** Servers that imitate the API give the input of a tool as text. */
function readInput(input: unknown): unknown {
  return typeof input === 'string' ? parseAnswer(input) : (input ?? null);
}

function stopOf(reason: string | null): ModelAnswer['stop'] {
  if (reason === 'max_tokens') return 'truncated';
  return reason === 'refusal' ? 'refused' : 'done';
}

function errorType(body: unknown): string {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  return typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
}
