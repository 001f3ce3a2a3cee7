import type { OpenAI } from 'openai';
import { concede, type Dialect, withSchema } from './dialect.ts';
import { type ModelAnswer, type ModelClient, type ModelQuestion, noUsage } from './model-client.ts';
import { explainSdkFailure, isContentFilter, limitAnswer, requireList } from './model-failure.ts';
import { parseAnswer } from './read-answer.ts';

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high';

export interface OpenaiSettings {
  /** Null for a server of one's own that wants none. */
  readonly apiKey: string | null;
  readonly model: string;
  /** OpenAI's, or that of any server with the same Chat Completions API. */
  readonly baseUrl: string;
  /** How long the model may think; null leaves it to the service. */
  readonly reasoningEffort: ReasoningEffort | null;
  readonly timeoutMs: number;
}

/**
 * A model behind the Chat Completions API with strict structured output, and
 * with less where a server knows less. The SDK is loaded by the first request.
 */
export function createOpenaiClient(settings: OpenaiSettings): ModelClient {
  const { apiKey, model, baseUrl, reasoningEffort, timeoutMs } = settings;
  const host = new URL(baseUrl).host;
  let dialect: Dialect = {
    format: 'json_schema',
    limit: 'max_completion_tokens',
    effort: reasoningEffort !== null,
  };
  const concessions = new Set<string>();

  return {
    name: 'openai',
    model,
    async ask(question, { signal, onWarning }): Promise<ModelAnswer> {
      const { default: Sdk } = await import('openai');
      const client = new Sdk({
        apiKey: apiKey ?? 'none',
        baseURL: baseUrl,
        // One policy for all services, ours, so that a wait or a refusal is never hidden in a library.
        maxRetries: 0,
        timeout: timeoutMs,
        organization: null,
        project: null,
      });
      const codeOf = (failure: unknown) =>
        failure instanceof Sdk.APIError ? String(failure.code ?? failure.type ?? '') : '';
      for (;;) {
        const limit = limitAnswer(signal, timeoutMs);
        try {
          const body = requestBody(question, { model, reasoningEffort, dialect });
          const answer = await client.chat.completions.create(body, { signal: limit });
          requireList(answer, 'choices', baseUrl);
          for (const said of concessions) onWarning(`${host} ${said}`);
          return readCompletion(answer);
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          const refusal = error instanceof Sdk.APIError && error.status !== undefined ? error : null;
          if (refusal !== null && isContentFilter(refusal.status ?? 0, codeOf(refusal), refusal.message))
            return { content: null, stop: 'filtered', usage: noUsage };
          const conceded =
            refusal === null ? null : concede(dialect, refusal.status ?? 0, describeRefusal(refusal));
          if (conceded === null) {
            throw explainSdkFailure(error, Sdk, {
              baseUrl,
              model,
              keyVariable: 'OPENAI_API_KEY',
              setting: 'models.openai.baseUrl',
              isLate: limit.aborted,
              codeOf,
            });
          }
          dialect = conceded.dialect;
          concessions.add(conceded.said);
        }
      }
    },
  };
}

function describeRefusal({ message, param, error }: InstanceType<typeof OpenAI.APIError>): string {
  return `${message} ${param ?? ''} ${JSON.stringify(error ?? '')}`;
}

function requestBody(
  { system, user, schema, maxOutputTokens }: ModelQuestion,
  {
    model,
    reasoningEffort,
    dialect,
  }: Pick<OpenaiSettings, 'model' | 'reasoningEffort'> & { dialect: Dialect },
): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const { format, limit, effort } = dialect;
  return {
    model,
    [limit]: maxOutputTokens,
    ...(effort && reasoningEffort !== null && { reasoning_effort: reasoningEffort }),
    ...(format === 'json_schema' && {
      response_format: {
        type: 'json_schema' as const,
        json_schema: { name: 'analyses', strict: true, schema: { ...schema } },
      },
    }),
    ...(format === 'json_object' && { response_format: { type: 'json_object' as const } }),
    messages: [
      { role: 'system', content: format === 'json_schema' ? system : withSchema(system, schema) },
      { role: 'user', content: user },
    ],
  };
}

function readCompletion({ choices, usage }: OpenAI.ChatCompletion): ModelAnswer {
  const choice = choices?.[0];
  return {
    content: parseAnswer(choice?.message.content ?? null),
    stop: stopOf(choice),
    usage: {
      inputTokens: usage?.prompt_tokens ?? 0,
      cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
      outputTokens: usage?.completion_tokens ?? 0,
    },
  };
}

function stopOf(choice: OpenAI.ChatCompletion.Choice | undefined): ModelAnswer['stop'] {
  if (choice?.message.refusal) return 'refused';
  if (choice?.finish_reason === 'length') return 'truncated';
  return choice?.finish_reason === 'content_filter' ? 'filtered' : 'done';
}
