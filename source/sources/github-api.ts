import { z } from 'zod';
import { readRetryAfter } from '../domain/retry-after.ts';
import type { UserError } from '../errors.ts';
import type { Quota } from '../ports/source.ts';
import { anyList, optionalText, quoteMessage } from './answer-fields.ts';
import { quotaFromHeaders } from './api.ts';
import type { HttpAnswer } from './http.ts';
import { badKeyError, badQueryError } from './service-error.ts';

export const tokenVariable = 'GITHUB_TOKEN';
/** "If neither header is present, wait for at least one minute" (GitHub, Rate limits for the REST API). */
export const secondaryPauseMs = 60_000;

const refusalSchema = z.object({ message: optionalText, errors: anyList });
const mistakeSchema = z.object({ message: z.string() });

/** What is left of the window that an answer belongs to; null when it does not say. */
export function readQuota(answer: HttpAnswer, now: number): Quota | null {
  const names = {
    remaining: 'x-ratelimit-remaining',
    limit: 'x-ratelimit-limit',
    reset: 'x-ratelimit-reset',
  };
  return quotaFromHeaders(answer, names, 'epoch-seconds', now);
}

/** GitHub says both its limits with 403 or 429; the secondary ones often without a time. */
export function readLimit(answer: HttpAnswer, parsed: unknown, now: number): number | null | undefined {
  if (answer.status !== 403 && answer.status !== 429) return undefined;
  const asked = readRetryAfter(answer.header('retry-after'), now);
  if (asked !== null) return asked;
  const quota = readQuota(answer, now);
  if (quota?.remaining === 0) return null;
  return /rate limit|abuse detection/i.test(refusalOf(parsed)) || answer.status === 429
    ? secondaryPauseMs
    : undefined;
}

/** A key that is not accepted, or a query that cannot be read; null for other refusals. */
export function explainRefusal(answer: HttpAnswer, parsed: unknown): UserError | null {
  const said = quoteMessage(refusalOf(parsed));
  if (answer.status === 401) return badKeyError('GitHub', tokenVariable, said);
  if (answer.status !== 422) return null;
  return badQueryError(
    'GitHub',
    said,
    'Correct query; https://docs.github.com/search-github explains its language',
  );
}

function refusalOf(parsed: unknown): string {
  const { message, errors } = refusalSchema.safeParse(parsed).data ?? { message: null, errors: [] };
  const mistakes = errors.map((error) => mistakeSchema.safeParse(error).data?.message);
  return [message, ...mistakes].filter(Boolean).join('; ');
}
