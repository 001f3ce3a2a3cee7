import { z } from 'zod';
import { exitCodes, UserError } from '../errors.ts';
import { anyList, optionalText, quoteMessage } from './answer-fields.ts';
import type { HttpAnswer } from './http.ts';

/** A refusal: https://docs.x.com/x-api/fundamentals/response-codes-and-errors */
const problemSchema = z.object({
  title: optionalText,
  detail: optionalText,
  reason: optionalText,
  errors: anyList,
});
const mistakeSchema = z.object({
  message: optionalText,
  parameters: z.record(z.string(), z.unknown()).catch({}),
});

const windowParameters = ['next_token', 'pagination_token', 'since_id', 'until_id', 'start_time'];

/** Words for what X refuses; null where the general ones say as much. */
export function explainX(answer: HttpAnswer, parsed: unknown): UserError | null {
  const problem = problemSchema.safeParse(parsed).data ?? null;
  const mistakes = (problem?.errors ?? []).flatMap((error) => mistakeSchema.safeParse(error).data ?? []);
  const said = mistakes.find(({ message }) => message !== null)?.message ?? problem?.detail;
  const message = quoteMessage(said);
  const quoted = message === null ? '' : `: ${message}`;
  if (answer.status === 401) {
    return new UserError('bad-key', 'X does not accept the token in X_BEARER_TOKEN', {
      fix: 'Copy the bearer token of your app from the developer console of X, or make a new one, and set X_BEARER_TOKEN',
    });
  }
  if (answer.status === 402 || problem?.title === 'CreditsDepleted') {
    return new UserError('no-credits', 'The X account has no credits left: nothing can be read', {
      fix: 'Buy credits in the developer console of X, or wait for its automatic recharge',
      exitCode: exitCodes.unreachable,
    });
  }
  if (answer.status === 403) return explainForbidden(problem?.reason ?? null, problem?.detail ?? '', quoted);
  if (answer.status !== 400) return null;
  if (mistakes.some(({ parameters }) => windowParameters.some((name) => name in parameters))) {
    return new UserError('stale-window', `X does not go on from where the last run stopped${quoted}`, {
      fix: 'Run again; if it lasts, fetch once with --since 7d',
      exitCode: exitCodes.unreachable,
    });
  }
  return new UserError('bad-query', `X does not understand the query${quoted}`, {
    fix: 'Correct query; https://docs.x.com/x-api/posts/search/integrate/operators lists what it may hold',
  });
}

function explainForbidden(reason: string | null, detail: string, quoted: string): UserError {
  if (reason === 'client-not-enrolled') {
    return new UserError('no-access', 'The X app of this token belongs to no project with access to search', {
      fix: 'In the developer console of X put the app in a project with a plan that includes recent search',
    });
  }
  if (/suspend/i.test(detail)) {
    return new UserError('no-access', `X has suspended the app or account of this token${quoted}`, {
      fix: 'Read the message of X in the developer console and appeal there, or use the token of another app',
    });
  }
  return new UserError('no-access', `X refuses this app recent search${quoted}`, {
    fix: 'Check in the developer console of X that the plan of the app includes recent search',
  });
}

/** The monthly cap on reads answers 429 as a rate limit does, but no wait within a run ends it. */
export function explainXCap(_answer: HttpAnswer, parsed: unknown): UserError | null {
  const problem = problemSchema.safeParse(parsed).data;
  if (problem?.title !== 'UsageCapExceeded') return null;
  return new UserError('usage-cap', 'X gives no more posts this month: the cap of the plan is used up', {
    fix: 'Raise the cap or the plan in the developer console of X, or wait for the next billing month',
    exitCode: exitCodes.unreachable,
  });
}
