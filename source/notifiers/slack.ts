import type { WebClient } from '@slack/web-api';
import type { NotifierKind } from '../config/notify-schema.ts';
import type { Message } from '../domain/message.ts';
import type { Clock } from '../ports/clock.ts';
import type { FindOutcome, Notifier, Outgoing, SendFailure, SendOutcome } from '../ports/notifier.ts';
import { networkFailure, pauseEnd, statusFailure } from './failure.ts';
import { plainSlackBody, type SlackBody, slackBody } from './slack-blocks.ts';
import { slackRefusal } from './slack-error.ts';

const eventType = 'signal_harvester_delivery';
const historyPage = 100;
const mostPages = 10;
/** How far Slack's clock and ours may be apart. */
const skewMs = 3_600_000;
/** Refusals of the form: the same words without blocks may be taken. */
const formRefusals = [
  'slack-invalid-blocks',
  'slack-invalid-blocks-format',
  'slack-msg-too-long',
  'slack-no-text',
];

const badAnswer: SendFailure = {
  code: 'slack-bad-answer',
  message: 'Slack gave an answer that is none; it may have taken the message.',
  fix: null,
  policy: 'again',
  arrived: 'unknown',
  until: null,
};

interface SlackTools {
  readonly token: string | null;
  readonly clock: Clock;
}

/**
 * Slack through the Web API. Every message carries its delivery key as
 * metadata, so that one whose answer was lost is found again in the history of
 * the channel, and not sent twice.
 */
export function createSlackNotifier(config: NotifierKind<'slack'>, { token, clock }: SlackTools): Notifier {
  const { channel, timeoutMs } = config;
  const target = isChannelId(channel) ? channel : `#${channel.replace(/^#/, '')}`;
  let connected: Promise<WebClient> | null = null;
  const connect = () => {
    connected ??= openClient(token, config);
    return connected;
  };

  /** One call of the API; a failure is explained, a bug is thrown. */
  const call = async <Answer>(act: (client: WebClient) => Promise<Answer>): Promise<Answer | SendFailure> => {
    if (token === null) return slackRefusal('not_authed', target);
    const client = await connect();
    try {
      return await act(client);
    } catch (error) {
      const failure = await explain(error, target, clock.now());
      if (failure === null) throw error;
      return failure;
    }
  };

  const post = async (
    outgoing: Outgoing,
    body: SlackBody | { readonly text: string },
  ): Promise<SendOutcome> => {
    const place = outgoing.thread === null ? null : placeOf(outgoing.thread);
    const answer = await call((client) =>
      client.chat.postMessage({
        channel: place?.channel ?? target,
        ...body,
        ...(place === null ? {} : { thread_ts: place.ts, reply_broadcast: outgoing.broadcast }),
        metadata: { event_type: eventType, event_payload: { delivery: outgoing.key } },
        parse: 'none',
        link_names: false,
        unfurl_links: false,
        unfurl_media: false,
      } as Parameters<WebClient['chat']['postMessage']>[0]),
    );
    if (isFailure(answer)) return { failure: answer };
    return { receipt: { reference: `${answer.channel ?? target}/${answer.ts ?? ''}` } };
  };

  return {
    name: config.name,
    kind: config.kind,
    threads: true,
    timeoutMs,
    pauseMs: config.pauseMs,
    send: async (outgoing) => {
      const outcome = await post(outgoing, slackBody(outgoing.message));
      if ('receipt' in outcome) return outcome;
      if (formRefusals.includes(outcome.failure.code))
        return post(outgoing, plainSlackBody(outgoing.message));
      // The message to answer was deleted: the news is worth a message of its own.
      if (outcome.failure.code === 'slack-thread-not-found' && outgoing.thread !== null) {
        return post({ ...outgoing, thread: null, broadcast: false }, slackBody(outgoing.message));
      }
      return outcome;
    },
    find: (outgoing) => findByKey(call, target, outgoing),
    edit: async (reference, message: Message) => {
      const { channel: id, ts } = placeOf(reference);
      const answer = await call((client) => client.chat.update({ channel: id, ts, ...slackBody(message) }));
      return isFailure(answer) ? { failure: answer } : { receipt: { reference } };
    },
    check: async () => {
      const answer = await call((client) => client.auth.test());
      if (isFailure(answer)) return { state: 'failed', finding: answer.message, fix: answer.fix };
      return {
        state: 'ok',
        finding: `${answer.user ?? 'app'} in ${answer.team ?? 'Slack'}, for ${target}`,
        fix: null,
      };
    },
  };
}

async function openClient(
  token: string | null,
  { baseUrl, timeoutMs }: NotifierKind<'slack'>,
): Promise<WebClient> {
  const { WebClient } = await import('@slack/web-api');
  const nothing = () => undefined;
  return new WebClient(token ?? undefined, {
    slackApiUrl: baseUrl,
    timeout: timeoutMs,
    // One policy for all notifiers, ours: nothing is sent again where the ledger does not see it.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // Its own logger would write over a screen.
    logger: {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: nothing,
      setLevel: nothing,
      getLevel: () => 'error' as never,
      setName: nothing,
    },
  });
}

type Call = <Answer>(act: (client: WebClient) => Promise<Answer>) => Promise<Answer | SendFailure>;

/** Looks through what was posted since the delivery was written down, in the thread or in the channel. */
async function findByKey(
  call: Call,
  target: string,
  { key, thread, createdAt }: Outgoing,
): Promise<FindOutcome> {
  const channel = thread === null ? await channelIdOf(call, target) : placeOf(thread).channel;
  if (channel === null) return 'cannot-tell';
  if (typeof channel !== 'string') return notNow(channel);
  const oldest = ((createdAt - skewMs) / 1_000).toFixed(6);
  const range = { channel, oldest, limit: historyPage, include_all_metadata: true };
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const at = cursor === undefined ? {} : { cursor };
    const answer = await call((client) =>
      thread === null
        ? client.conversations.history({ ...range, ...at })
        : client.conversations.replies({ ...range, ...at, ts: placeOf(thread).ts }),
    );
    if (isFailure(answer)) return notNow(answer);
    const found = (answer.messages ?? []).find(
      ({ metadata }) => metadata?.event_type === eventType && payloadKey(metadata.event_payload) === key,
    );
    if (found?.ts !== undefined) return { receipt: { reference: `${channel}/${found.ts}` } };
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return 'not-there';
  }
  return 'cannot-tell';
}

/** A look that failed for now says nothing of the message: to send it then may double it. */
function notNow(failure: SendFailure): FindOutcome {
  return failure.fix === null ? { failure: { ...failure, arrived: 'unknown' } } : 'cannot-tell';
}

function payloadKey(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'delivery' in payload ? payload.delivery : null;
}

/** Only ids have a history. */
async function channelIdOf(call: Call, target: string): Promise<string | SendFailure | null> {
  if (isChannelId(target)) return target;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await call((client) =>
      client.conversations.list({
        limit: 1_000,
        exclude_archived: true,
        types: 'public_channel,private_channel',
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    if (isFailure(answer)) return answer;
    const found = (answer.channels ?? []).find(({ name }) => `#${name}` === target);
    if (found?.id !== undefined) return found.id;
    cursor = answer.response_metadata?.next_cursor || undefined;
    if (cursor === undefined) return null;
  }
  return null;
}

/** Null for a bug. */
async function explain(error: unknown, target: string, now: number): Promise<SendFailure | null> {
  const { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } = await import(
    '@slack/web-api'
  );
  if (error instanceof WebAPIRateLimitedError) {
    return {
      code: 'rate-limited',
      message: 'Slack asks for a pause.',
      fix: null,
      policy: 'later',
      arrived: 'no',
      until: pauseEnd(String(error.retryAfter), now),
    };
  }
  if (error instanceof WebAPIPlatformError) {
    const { error: code } = error.data;
    if (code === 'ratelimited' || code === 'rate_limited') {
      return {
        ...slackRefusal(code, target),
        policy: 'later',
        message: 'Slack asks for a pause.',
        until: pauseEnd(null, now),
      };
    }
    // An answer that is no JSON, since it was cut, comes as the code of an error.
    return /^[a-z_]{1,60}$/.test(code) ? slackRefusal(code, target) : badAnswer;
  }
  if (error instanceof WebAPIHTTPError)
    return statusFailure(error.statusCode, 'Slack', error.headers['retry-after'] ?? null, now);
  if (error instanceof WebAPIRequestError) return networkFailure(error.original, 'Slack') ?? badAnswer;
  // What goes wrong behind the headers passes the SDK as it is.
  return networkFailure(error, 'Slack');
}

function isFailure(answer: unknown): answer is SendFailure {
  return typeof answer === 'object' && answer !== null && 'policy' in answer && 'arrived' in answer;
}

function isChannelId(channel: string): boolean {
  return /^[CGD][A-Z0-9]{7,}$/.test(channel);
}

function placeOf(reference: string): { readonly channel: string; readonly ts: string } {
  const [channel = '', ts = ''] = reference.split('/');
  return { channel, ts };
}
