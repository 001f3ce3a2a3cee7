import { z } from 'zod';
import { exitCodes, UserError } from '../errors.ts';
import type { FetchOptions, Quota } from '../ports/source.ts';
import { optionalText, quoteMessage } from './answer-fields.ts';
import { type ApiCall, callApi, quotaFromHeaders } from './api.ts';
import type { HttpAnswer, HttpBody } from './http.ts';
import type { SourceTools } from './kind.ts';
import { Pace } from './pace.ts';
import { requiredSecret } from './required-secret.ts';

type Asking = Pick<FetchOptions, 'signal' | 'onNotice' | 'onQuota'>;

const sessionAnswer = z.object({ accessJwt: z.string().min(1), refreshJwt: z.string().min(1) });
type Session = z.infer<typeof sessionAnswer>;
const refusalSchema = z.object({ error: optionalText, message: optionalText });
const quotaHeaders = { remaining: 'ratelimit-remaining', limit: 'ratelimit-limit', reset: 'ratelimit-reset' };

/**
 * An account's session with its server (https://docs.bsky.app/docs/advanced-guides/api-directory).
 * Kept in memory: a login is rare (300 a day), renewing is not limited that way.
 */
export class BlueskySession {
  readonly #tools: SourceTools;
  readonly #server: string;
  readonly #handle: string;
  readonly #pace: Pace;
  #session: Session | null = null;

  constructor(tools: SourceTools, server: string, handle: string) {
    this.#tools = tools;
    this.#server = server;
    this.#handle = handle.replace(/^@/, '');
    this.#pace = new Pace(tools, server, [{ calls: 3_000, perMs: 300_000 }]);
  }

  /** What a query of the network answers. Signs in first, and renews a session that has ended. */
  async get<Answer extends z.ZodType>(
    method: string,
    parameters: URLSearchParams,
    answer: Answer,
    request: Asking,
  ): Promise<z.infer<Answer>> {
    this.#session ??= await this.#logIn(request);
    const used = this.#session;
    const ask = async ({ accessJwt }: Session) =>
      this.#call({ method: `${method}?${parameters}`, token: accessJwt, answer }, request);
    try {
      return await ask(used);
    } catch (error) {
      if (!isExpired(error)) throw error;
      this.#session = (await this.#renew(used, request)) ?? (await this.#logIn(request));
      return await ask(this.#session);
    }
  }

  async #logIn(request: Asking): Promise<Session> {
    this.#session = null;
    const how = 'Make an app password at https://bsky.app/settings/app-passwords';
    const password = requiredSecret(this.#tools, 'BLUESKY_APP_PASSWORD', 'Bluesky', how);
    const body = { json: { identifier: this.#handle, password } };
    const method = 'com.atproto.server.createSession';
    return this.#call({ method, body, answer: sessionAnswer }, request);
  }

  /** Null when the session can no longer be renewed. */
  async #renew({ refreshJwt }: Session, request: Asking): Promise<Session | null> {
    try {
      const method = 'com.atproto.server.refreshSession';
      // The server refuses a body where it expects none.
      const body = { empty: true } as const;
      return await this.#call({ method, body, token: refreshJwt, answer: sessionAnswer }, request);
    } catch (error) {
      if (error instanceof UserError && (isExpired(error) || error.code === 'bad-key')) return null;
      throw error;
    }
  }

  async #call<Answer extends z.ZodType>(
    call: {
      readonly method: string;
      readonly body?: HttpBody;
      readonly token?: string;
      readonly answer: Answer;
    },
    request: Asking,
  ): Promise<z.infer<Answer>> {
    await this.#pace.turn(request);
    const onQuota = (quota: Quota) => {
      // A login has limits of its own, which say nothing of the searches.
      if (call.body) return;
      this.#pace.noteQuota(quota);
      request.onQuota?.(quota);
    };
    const full: ApiCall<Answer> = {
      service: 'Bluesky',
      url: `${new URL(this.#server).origin}/xrpc/${call.method}`,
      ...(call.token !== undefined && { headers: { authorization: `Bearer ${call.token}` } }),
      ...(call.body && { body: call.body }),
      answer: call.answer,
      quota: (answer, _parsed, now) => quotaFromHeaders(answer, quotaHeaders, 'epoch-seconds', now),
      explain: (answer, parsed) => explainBluesky(answer, parsed, this.#handle),
    };
    return (await callApi(this.#tools, full, { ...request, onQuota })).value;
  }
}

function isExpired(error: unknown): boolean {
  return error instanceof UserError && error.code === 'expired-session';
}

function explainBluesky({ status }: HttpAnswer, parsed: unknown, handle: string): UserError | null {
  const refusal = refusalSchema.safeParse(parsed).data ?? null;
  const said = quoteMessage(refusal?.message);
  const quoted = said === null ? '' : `: ${said}`;
  switch (refusal?.error) {
    case 'ExpiredToken':
    case 'InvalidToken':
      return new UserError('expired-session', `the session with Bluesky has ended${quoted}`, {
        fix: 'Run again',
        exitCode: exitCodes.unreachable,
      });
    case 'AuthFactorTokenRequired':
      return new UserError('bad-key', `Bluesky asks ${handle} for a code by mail as well`, {
        fix: 'Put an app password into BLUESKY_APP_PASSWORD, not the password of the account: https://bsky.app/settings/app-passwords',
      });
    case 'AccountTakedown':
      return new UserError('no-access', `Bluesky has taken the account ${handle} down`, {
        fix: 'Use another account (handle and BLUESKY_APP_PASSWORD), or appeal to Bluesky',
      });
    case 'BadQueryString':
      return new UserError('bad-query', `Bluesky does not understand the query${quoted}`, {
        fix: 'Correct query',
      });
  }
  if (status === 401) {
    return new UserError('bad-key', `Bluesky does not accept ${handle} with BLUESKY_APP_PASSWORD${quoted}`, {
      fix: 'Check handle (without @), and make a new app password at https://bsky.app/settings/app-passwords',
    });
  }
  if (status === 403) {
    return new UserError('no-access', `Bluesky refuses the search${quoted}`, {
      fix: 'Set baseUrl to the server of the account; public hosts of Bluesky do not search',
      exitCode: exitCodes.unreachable,
    });
  }
  if (status !== 400 || said === null) return null;
  return new UserError('bad-query', `Bluesky does not accept the request${quoted}`, {
    fix: 'Correct query and handle',
  });
}
