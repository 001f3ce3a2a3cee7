import { z } from 'zod';
import { readRetryAfter } from '../domain/retry-after.ts';
import { exitCodes, UserError } from '../errors.ts';
import type { FetchOptions, Quota } from '../ports/source.ts';
import { anyList, isoTime, optionalText, quoteMessage } from './answer-fields.ts';
import { callApi } from './api.ts';
import { explainRefusal, readLimit, readQuota, secondaryPauseMs, tokenVariable } from './github-api.ts';
import type { HttpAnswer } from './http.ts';
import { rateLimitedError } from './http-error.ts';
import type { SourceTools } from './kind.ts';
import type { Pace } from './pace.ts';
import { badQueryError } from './service-error.ts';

/** What GitHub’s GraphQL API is asked with; it counts its limits apart from those of REST. */
export interface GraphqlApi {
  /** Where the REST API is: `https://api.github.com`, or `https://HOST/api/v3`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly tools: SourceTools;
  readonly pace: Pace;
}

/** One operation, its variables, and what its `data` must look like. */
export interface GraphqlQuery<Data extends z.ZodType> {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly data: Data;
}

const maxLimitWaits = 3;

const answerSchema = z.object({ data: z.unknown().optional(), errors: anyList });
const errorSchema = z.object({ type: optionalText, message: optionalText });
type GraphqlError = z.infer<typeof errorSchema>;
const quotaSchema = z.object({
  data: z.object({ rateLimit: z.object({ remaining: z.number(), limit: z.number(), resetAt: isoTime }) }),
});

/**
 * Asks once, when the limits allow it. GraphQL tells its errors in an answer
 * with status 200: a rate limit is waited out as any other, what came with
 * errors beside it is returned with them in words, and what did not come at
 * all throws.
 *
 * @throws UserError `rate-limited`, `no-access`, `bad-query`, `bad-answer`, or what `callApi` throws
 */
export async function askGraphql<Data extends z.ZodType>(
  { baseUrl, token, tools, pace }: GraphqlApi,
  { query, variables, data }: GraphqlQuery<Data>,
  request: Pick<FetchOptions, 'signal' | 'onNotice' | 'onQuota'>,
): Promise<{ readonly value: z.infer<Data>; readonly warnings: string[] }> {
  const url = `${baseUrl.replace(/\/+$/, '').replace(/\/v3$/, '')}/graphql`;
  for (let waits = 0; ; waits += 1) {
    await pace.turn(request);
    const { value: said, answer } = await callApi(
      tools,
      {
        service: 'GitHub',
        url,
        headers: { authorization: `Bearer ${token}` },
        body: { json: { query, variables } },
        answer: answerSchema,
        quota: (response, parsed, now) => {
          const quota = quotaOf(response, parsed, now);
          if (quota !== null) pace.noteQuota(quota);
          return quota;
        },
        limit: readLimit,
        explain: explainRefusal,
      },
      request,
    );
    const errors = said.errors.map((error) => errorSchema.safeParse(error).data ?? nameless);
    const limit = errors.find(isLimit);
    if (limit) {
      const endsAt = limitEndsAt(limit, answer, tools.clock.now());
      if (waits >= maxLimitWaits) throw rateLimitedError(new URL(url).host, endsAt);
      pace.pauseUntil(endsAt);
      continue;
    }
    const value = data.safeParse(said.data);
    if (value.success) return { value: value.data, warnings: warningsOf(errors) };
    throw explainErrors(errors, value.error);
  }
}

const nameless: GraphqlError = { type: null, message: null };

/** The type has been `RATE_LIMITED` and is now `RATE_LIMIT`; the secondary limits have none. */
function isLimit({ type, message }: GraphqlError): boolean {
  return type === 'RATE_LIMITED' || type === 'RATE_LIMIT' || /rate limit/i.test(message ?? '');
}

/**
 * What the answer asks for; else when the hour begins anew, even with a few
 * points left of it, which were too few; else, of a secondary limit, a minute.
 */
function limitEndsAt({ message }: GraphqlError, answer: HttpAnswer, now: number): number {
  const asked = readRetryAfter(answer.header('retry-after'), now);
  if (asked !== null) return now + asked;
  const resetsAt = /secondary/i.test(message ?? '') ? null : (readQuota(answer, now)?.resetsAt ?? null);
  return resetsAt === null ? now + secondaryPauseMs : Math.max(now + 1_000, resetsAt);
}

function quotaOf(answer: HttpAnswer, parsed: unknown, now: number): Quota | null {
  const told = quotaSchema.safeParse(parsed).data?.data.rateLimit;
  if (!told) return readQuota(answer, now);
  return { remaining: Math.max(0, told.remaining), limit: told.limit, resetsAt: told.resetAt };
}

/** What is gone or hidden comes as null with an error each: said once, with how often. */
function warningsOf(errors: readonly GraphqlError[]): string[] {
  const [first] = errors;
  if (!first) return [];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return [`GitHub left out part of the answer: ${wordsOf(first)}${more}`];
}

function explainErrors(errors: readonly GraphqlError[], cause: unknown): UserError {
  const [first] = errors;
  if (!first) {
    return new UserError('bad-answer', 'GitHub answered in a shape that is not known here', {
      fix: 'Try again later; if it lasts, the service has changed: look for a newer version of this program',
      exitCode: exitCodes.unreachable,
      cause,
    });
  }
  if (first.type === 'FORBIDDEN' || first.type === 'INSUFFICIENT_SCOPES') {
    const message = `GitHub does not let the token in ${tokenVariable} read this: ${wordsOf(first)}`;
    return new UserError('no-access', message, {
      fix: `Put a token that may read it into the environment variable ${tokenVariable}`,
    });
  }
  // A timeout has no type: "Something went wrong while executing your query".
  if (first.type === null) {
    return new UserError('bad-answer', `GitHub did not come to an answer: ${wordsOf(first)}`, {
      fix: 'Try again later; a narrower query helps',
      exitCode: exitCodes.unreachable,
    });
  }
  const fix = 'Correct query; https://docs.github.com/search-github explains its language';
  return badQueryError('GitHub', wordsOf(first), fix);
}

function wordsOf({ type, message }: GraphqlError): string {
  return quoteMessage(message) ?? type ?? 'no reason given';
}
