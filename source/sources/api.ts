import type { z } from 'zod';
import { readRetryAfter } from '../domain/retry-after.ts';
import { exitCodes, UserError } from '../errors.ts';
import type { FetchOptions, Quota } from '../ports/source.ts';
import type { HttpAnswer, HttpBody } from './http.ts';
import { rateLimitedError, statusError } from './http-error.ts';
import type { SourceTools } from './kind.ts';

/** One call of a JSON API. */
export interface ApiCall<Answer extends z.ZodType> {
  /** What people call the service: "Reddit". */
  readonly service: string;
  readonly url: URL | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent by POST when given. */
  readonly body?: HttpBody;
  /** What the answer must look like; unknown fields are fine. */
  readonly answer: Answer;
  /** Reads how much may still be asked from an answer of any status; `parsed` is its JSON, null when it has none. */
  readonly quota?: (answer: HttpAnswer, parsed: unknown, now: number) => Quota | null;
  /**
   * Recognises a rate limit that is not told by a 429: milliseconds until it
   * ends, null when only the quota may know, undefined when it is no limit.
   */
  readonly limit?: (answer: HttpAnswer, parsed: unknown, now: number) => number | null | undefined;
  /** Turns a refusal (400 to 499, but for 429) into words that say what to change; null for the general ones. */
  readonly explain?: (answer: HttpAnswer, parsed: unknown) => UserError | null;
  /** The words for a 429 that no wait will end (a cap of the month); null for a limit that passes. */
  readonly explainCap?: (answer: HttpAnswer, parsed: unknown) => UserError | null;
}

type CallOptions = Pick<FetchOptions, 'signal' | 'onNotice' | 'onQuota'>;

/** Every refusal is read, since APIs say in the body what is wrong. 408, 425 and 5xx are retried by the client. */
const refusals = Array.from({ length: 100 }, (_, index) => 400 + index).filter(
  (status) => status !== 408 && status !== 425,
);
const maxLimitWaits = 3;

/**
 * Calls a JSON API politely: tells the quota, waits out a rate limit that ends
 * within `http.maxWaitMs`, and otherwise throws.
 *
 * @throws UserError `rate-limited` with the time at which it ends, what
 * `explain` says of a refusal, `http-status`, `bad-answer` for another shape,
 * or what the HTTP client throws
 */
export async function callApi<Answer extends z.ZodType>(
  tools: SourceTools,
  call: ApiCall<Answer>,
  options: CallOptions,
): Promise<{ readonly value: z.infer<Answer>; readonly answer: HttpAnswer }> {
  const { http, clock } = tools;
  const url = String(call.url);
  const { host } = new URL(url);
  const request = {
    headers: { accept: 'application/json', ...call.headers },
    accept: refusals,
    signal: options.signal,
    onNotice: options.onNotice,
  };
  for (let waits = 0; ; waits += 1) {
    const answer =
      call.body === undefined ? await http.get(url, request) : await http.post(url, call.body, request);
    const parsed = parseJson(answer.body);
    const now = clock.now();
    const quota = call.quota?.(answer, parsed, now) ?? null;
    if (quota !== null) options.onQuota?.(quota);
    const limit = answer.status >= 400 ? call.limit?.(answer, parsed, now) : undefined;
    if (answer.status === 429 || limit !== undefined) {
      const cap = call.explainCap?.(answer, parsed) ?? null;
      if (cap !== null) throw cap;
      const waitMs = limit ?? limitEndsIn(answer, quota, now);
      if (waitMs === null || waitMs > http.maxWaitMs || waits >= maxLimitWaits) {
        throw rateLimitedError(host, waitMs === null ? null : now + waitMs);
      }
      options.onNotice?.(`waiting ${Math.ceil(waitMs / 1000)} s: the rate limit of ${call.service}`);
      await clock.sleep(waitMs, options.signal);
      continue;
    }
    if (answer.status >= 400) throw call.explain?.(answer, parsed) ?? statusError(answer.status, url);
    const value = call.answer.safeParse(parsed);
    if (value.success) return { value: value.data, answer };
    throw new UserError('bad-answer', `${call.service} answered in a shape that is not known here`, {
      fix: 'Try again later; if it lasts, the service has changed: look for a newer version of this program',
      exitCode: exitCodes.unreachable,
      cause: value.error,
    });
  }
}

/** Milliseconds until the limit ends: what the answer asks for, else when the window begins anew. */
function limitEndsIn(answer: HttpAnswer, quota: Quota | null, now: number): number | null {
  const asked = readRetryAfter(answer.header('retry-after'), now);
  if (asked !== null) return asked;
  return quota === null || quota.resetsAt === null ? null : Math.max(1000, quota.resetsAt - now);
}

/** The three headers that most services use, under a service's own prefix; `reset` is read as told. */
export function quotaFromHeaders(
  answer: HttpAnswer,
  names: { readonly remaining: string; readonly limit?: string; readonly reset: string },
  reset: 'epoch-seconds' | 'seconds' | 'date',
  now: number,
): Quota | null {
  const remaining = numberOf(answer.header(names.remaining));
  if (remaining === null) return null;
  const raw = answer.header(names.reset);
  const seconds = numberOf(raw);
  const date = raw === null ? Number.NaN : Date.parse(raw);
  const resetsAt =
    reset === 'date'
      ? Number.isNaN(date)
        ? null
        : date
      : seconds === null
        ? null
        : seconds * 1000 + (reset === 'seconds' ? now : 0);
  return {
    remaining: Math.max(0, Math.floor(remaining)),
    limit: names.limit === undefined ? null : numberOf(answer.header(names.limit)),
    resetsAt,
  };
}

function numberOf(value: string | null): number | null {
  if (value === null || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
