import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from '../sources/loopback.ts';
import { blockKitProblems } from './block-kit-rules.ts';

export interface SlackMessage {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly body: Record<string, unknown>;
  readonly metadata: { readonly event_type: string; readonly event_payload: Record<string, unknown> };
}

/** A workspace with one channel, #alerts (C0ALERTS00), for the token "xoxb-good". */
export interface FakeSlack {
  readonly messages: SlackMessage[];
  /** Every method that was called. */
  readonly calls: string[];
  /** Requests that broke the documented contract of their method. */
  readonly breaches: string[];
  /** What the next calls of chat.postMessage meet, in order; then all is well. */
  readonly next: Trouble[];
  readonly scopes: Set<string>;
  inChannel: boolean;
  now: () => number;
}

export type Trouble =
  | { readonly error: string }
  | { readonly status: number; readonly retryAfter?: number }
  /** Takes the message, and never answers. */
  | { readonly accept: 'and-hang' | 'and-reset' };

const channel = { id: 'C0ALERTS00', name: 'alerts' };

export function createFakeSlack(now: () => number = () => Date.now()): FakeSlack {
  return {
    messages: [],
    calls: [],
    breaches: [],
    next: [],
    scopes: new Set(['chat:write', 'channels:history', 'channels:read']),
    inChannel: true,
    now,
  };
}

/** The methods that this program calls, each with the arguments that Slack documents. */
const known: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postMessage': [
    'channel',
    'text',
    'blocks',
    'thread_ts',
    'reply_broadcast',
    'metadata',
    'parse',
    'link_names',
    'unfurl_links',
    'unfurl_media',
  ],
  'chat.update': ['channel', 'ts', 'text', 'blocks'],
  'conversations.history': ['channel', 'oldest', 'limit', 'cursor', 'include_all_metadata'],
  'conversations.replies': ['channel', 'ts', 'oldest', 'limit', 'cursor', 'include_all_metadata'],
  'conversations.list': ['limit', 'cursor', 'exclude_archived', 'types'],
};

export function fakeSlack(world: FakeSlack): Handler {
  return (request, response) => {
    read(request).then(
      (body) => respond(world, request, new URLSearchParams(body), response),
      () => response.destroy(),
    );
  };
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function respond(
  world: FakeSlack,
  request: IncomingMessage,
  form: URLSearchParams,
  response: ServerResponse,
) {
  const method = (request.url ?? '').replace(/^\/api\//, '');
  world.calls.push(method);
  const args = known[method];
  if (args === undefined) return answer(response, { ok: false, error: 'unknown_method' });
  if (request.method !== 'POST') world.breaches.push(`${method}: ${request.method}`);
  if (form.has('token')) world.breaches.push(`${method}: a token in the body`);
  for (const name of form.keys())
    if (!args.includes(name)) world.breaches.push(`${method}: unknown argument ${name}`);
  if (request.headers.authorization !== 'Bearer xoxb-good')
    return answer(response, { ok: false, error: 'invalid_auth' });
  switch (method) {
    case 'auth.test':
      return answer(response, {
        ok: true,
        url: 'https://acme.slack.com/',
        team: 'Acme',
        user: 'harvester',
        bot_id: 'B0',
      });
    case 'chat.postMessage':
      return post(world, form, response);
    case 'chat.update': {
      const found = world.messages.findIndex(({ ts }) => ts === form.get('ts'));
      const old = world.messages[found];
      if (old === undefined) return answer(response, { ok: false, error: 'message_not_found' });
      world.messages[found] = { ...old, body: bodyOf(form) };
      return answer(response, { ok: true, channel: channel.id, ts: old.ts });
    }
    case 'conversations.list':
      if (!world.scopes.has('channels:read')) return answer(response, { ok: false, error: 'missing_scope' });
      return answer(response, { ok: true, channels: [channel], response_metadata: { next_cursor: '' } });
    default:
      return history(world, form, response, method === 'conversations.replies');
  }
}

function post(world: FakeSlack, form: URLSearchParams, response: ServerResponse) {
  const trouble = world.next.shift();
  if (trouble !== undefined && 'status' in trouble) {
    const headers = trouble.retryAfter === undefined ? {} : { 'retry-after': String(trouble.retryAfter) };
    response.writeHead(trouble.status, headers).end('');
    return;
  }
  if (trouble !== undefined && 'error' in trouble)
    return answer(response, { ok: false, error: trouble.error });
  const place = form.get('channel') ?? '';
  if (![channel.id, `#${channel.name}`, channel.name].includes(place)) {
    return answer(response, { ok: false, error: 'channel_not_found' });
  }
  if (!world.inChannel) return answer(response, { ok: false, error: 'not_in_channel' });
  const thread = form.get('thread_ts');
  if (thread !== null && !world.messages.some(({ ts }) => ts === thread)) {
    return answer(response, { ok: false, error: 'thread_not_found' });
  }
  const body = bodyOf(form);
  const problems = blockKitProblems(body);
  if (problems.length > 0) {
    world.breaches.push(...problems);
    return answer(response, { ok: false, error: 'invalid_blocks' });
  }
  const ts = `${Math.floor(world.now() / 1_000)}.${String(world.messages.length + 1).padStart(6, '0')}`;
  world.messages.push({
    ts,
    ...(thread === null ? {} : { thread_ts: thread }),
    body: { ...body, reply_broadcast: form.get('reply_broadcast') === 'true' },
    metadata: JSON.parse(form.get('metadata') ?? 'null'),
  });
  if (trouble !== undefined) {
    // Accepted; the answer is lost on its way.
    if (trouble.accept === 'and-reset') response.destroy();
    return;
  }
  answer(response, { ok: true, channel: channel.id, ts, message: { type: 'message' } });
}

function history(world: FakeSlack, form: URLSearchParams, response: ServerResponse, replies: boolean) {
  if (!world.scopes.has('channels:history')) return answer(response, { ok: false, error: 'missing_scope' });
  if (form.get('channel') !== channel.id) return answer(response, { ok: false, error: 'channel_not_found' });
  const oldest = Number(form.get('oldest') ?? 0);
  const thread = form.get('ts');
  const found = world.messages
    .filter(
      ({ ts, thread_ts }) =>
        Number(ts) > oldest && (replies ? thread_ts === thread : thread_ts === undefined),
    )
    .toReversed();
  const limit = Number(form.get('limit') ?? 100);
  const start = Number(form.get('cursor') ?? 0);
  const page = found.slice(start, start + limit);
  const next = start + limit < found.length ? String(start + limit) : '';
  const metadata = form.get('include_all_metadata') === 'true';
  answer(response, {
    ok: true,
    messages: page.map((message) => ({
      ts: message.ts,
      ...(metadata ? { metadata: message.metadata } : {}),
    })),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  });
}

function bodyOf(form: URLSearchParams): Record<string, unknown> {
  const blocks = form.get('blocks');
  return { text: form.get('text'), ...(blocks === null ? {} : { blocks: JSON.parse(blocks) as unknown }) };
}

function answer(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}
