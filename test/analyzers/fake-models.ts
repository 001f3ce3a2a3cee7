import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One post as the model was shown it. */
export interface ShownPost {
  readonly id: number;
  readonly text: string;
  readonly title?: string;
}

export interface FakeAnswer {
  /** The results; what a model would put into its JSON. */
  readonly results?: unknown;
  /** Instead of results: text that is not what was asked for. */
  readonly raw?: string;
  readonly stop?: 'done' | 'truncated' | 'refused' | 'filtered';
  /** Instead of an answer. */
  readonly status?: number;
  readonly error?: { readonly type: string; readonly message: string };
  readonly headers?: Readonly<Record<string, string>>;
  readonly hang?: boolean;
}

export interface FakeModel {
  readonly baseUrl: string;
  /** Requests so far: the posts of each, and the whole body. */
  readonly requests: { readonly posts: readonly ShownPost[]; readonly body: Record<string, unknown> }[];
}

export type Brain = (posts: readonly ShownPost[], request: number) => FakeAnswer;

/** What a careful model answers. */
export function labelPosts(posts: readonly ShownPost[]) {
  return posts.map(({ id, text }) => ({
    id,
    category: text.includes('down') ? 'outage' : 'praise',
    sentiment: 'negative',
    urgency: 4,
    tags: ['login'],
    reasoning: 'it says so',
    confidence: 0.9,
  }));
}

/** What a server that imitates OpenAI's takes of a request. */
export interface Manners {
  /** Values of response_format.type; `none` is a request without. All when absent. */
  readonly formats?: readonly ('json_schema' | 'json_object' | 'none')[];
  /** Names that are refused when the request has them. */
  readonly refuses?: readonly ('max_completion_tokens' | 'reasoning_effort')[];
}

/** Speaks as OpenAI's Chat Completions API does, and refuses what that (or a server with less manners) would refuse. */
export async function fakeOpenai(brain: Brain, manners: Manners = {}): Promise<FakeModel> {
  return serveModel(
    brain,
    (request, body, answer) => {
      if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return notFound();
      const messages = body.messages as { role: string; content: string }[];
      const format = body.response_format as
        | { type: string; json_schema?: { strict: boolean; schema: unknown } }
        | undefined;
      if (messages[0]?.role !== 'system') return notFound();
      const turnAway = (message: string) => ({
        status: 400,
        json: { error: { type: 'invalid_request_error', message } },
      });
      const refused = manners.refuses?.find((name) => name in body);
      if (refused !== undefined) return turnAway(`Unsupported parameter: '${refused}'`);
      const formats: readonly string[] = manners.formats ?? ['json_schema'];
      if (!formats.includes(format?.type ?? 'none'))
        return turnAway(`'response_format.type' must be one of ${formats.join(', ')}`);
      if (format?.type === 'json_schema' && !format.json_schema?.strict) return turnAway('not strict');
      if (!isClosed(format?.json_schema?.schema)) return turnAway('schema must be closed');
      if (
        request.headers.authorization !== 'Bearer right-key' &&
        request.headers.authorization !== 'Bearer none'
      ) {
        return {
          status: 401,
          json: {
            error: {
              type: 'invalid_request_error',
              code: 'invalid_api_key',
              message: 'Incorrect API key provided',
            },
          },
        };
      }
      if (answer.status !== undefined)
        return { status: answer.status, json: { error: { ...answer.error, code: answer.error?.type } } };
      const reason = { done: 'stop', truncated: 'length', refused: 'stop', filtered: 'content_filter' }[
        answer.stop ?? 'done'
      ];
      const content = answer.raw ?? JSON.stringify({ results: answer.results ?? [] });
      const refusal = answer.stop === 'refused' ? 'I cannot help with that.' : null;
      return {
        status: 200,
        json: {
          id: 'chatcmpl-1',
          object: 'chat.completion',
          created: 0,
          model: body.model,
          choices: [
            {
              index: 0,
              finish_reason: reason,
              message: { role: 'assistant', content: refusal ? null : content, refusal },
            },
          ],
          usage: {
            prompt_tokens: 1000,
            completion_tokens: 200,
            total_tokens: 1200,
            prompt_tokens_details: { cached_tokens: 400 },
          },
        },
      };
    },
    (body) => String((body.messages as { content: string }[])[1]?.content),
    '/v1',
  );
}

/** Speaks as Anthropic's Messages API does, and refuses what that would refuse. */
export async function fakeAnthropic(brain: Brain, _manners?: Manners): Promise<FakeModel> {
  return serveModel(
    brain,
    (request, body, answer) => {
      if (request.method !== 'POST' || request.url !== '/v1/messages') return notFound();
      const system = body.system as { cache_control?: { type: string } }[];
      const choice = body.tool_choice as { type: string; name: string };
      const tools = body.tools as { name: string; input_schema: { type: string } }[];
      const error = (status: number, type: string, message: string) => ({
        status,
        json: { type: 'error', error: { type, message } },
      });
      if (request.headers['anthropic-version'] === undefined)
        return error(400, 'invalid_request_error', 'anthropic-version');
      if (
        request.headers['x-api-key'] !== 'right-key' &&
        request.headers.authorization !== 'Bearer right-key'
      )
        return error(401, 'authentication_error', 'invalid x-api-key');
      if (
        system[0]?.cache_control?.type !== 'ephemeral' ||
        tools[0]?.input_schema.type !== 'object' ||
        tools[0]?.name !== choice.name
      ) {
        return error(400, 'invalid_request_error', 'not what was asked for');
      }
      if (answer.status !== undefined)
        return error(answer.status, answer.error?.type ?? 'api_error', answer.error?.message ?? '');
      const reason = { done: 'tool_use', truncated: 'max_tokens', refused: 'refusal', filtered: 'refusal' }[
        answer.stop ?? 'done'
      ];
      const input = answer.raw ?? { results: answer.results ?? [] };
      return {
        status: 200,
        json: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: body.model,
          stop_reason: reason,
          stop_sequence: null,
          content: reason === 'refusal' ? [] : [{ type: 'tool_use', id: 'tool_1', name: choice.name, input }],
          usage: {
            input_tokens: 600,
            cache_read_input_tokens: 400,
            cache_creation_input_tokens: 0,
            output_tokens: 200,
          },
        },
      };
    },
    (body) => String((body.messages as { content: string }[])[0]?.content),
    '',
  );
}

type Reply = { readonly status: number; readonly json: unknown };

async function serveModel(
  brain: Brain,
  reply: (request: IncomingMessage, body: Record<string, unknown>, answer: FakeAnswer) => Reply,
  postsOf: (body: Record<string, unknown>) => string,
  path: string,
): Promise<FakeModel> {
  const requests: FakeModel['requests'] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text) as Record<string, unknown>;
    const posts = readPosts(postsOf(body));
    requests.push({ posts, body });
    const answer = brain(posts, requests.length);
    if (answer.hang) return;
    const { status, json } = reply(request, body, answer);
    response
      .writeHead(status, { 'content-type': 'application/json', ...answer.headers })
      .end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, requests };
}

/** The posts between the fences; a post that could break out of its line would fail here. */
function readPosts(content: string): ShownPost[] {
  const [first, ...lines] = content.split('\n');
  if (first !== '<posts>' || lines.pop() !== '</posts>')
    throw new Error(`no fence around the posts: ${content}`);
  return lines.map((line) => JSON.parse(line) as ShownPost);
}

function notFound(): Reply {
  return { status: 404, json: { error: { type: 'not_found', message: 'not found' } } };
}

/** Strict structured output wants every object closed and every field required. */
function isClosed(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return true;
  const { type, properties, required, additionalProperties } = schema as Record<string, unknown>;
  if (type === 'object') {
    const names = Object.keys((properties ?? {}) as object);
    if (additionalProperties !== false || names.some((name) => !(required as string[]).includes(name)))
      return false;
  }
  return Object.values(schema).every(isClosed);
}
