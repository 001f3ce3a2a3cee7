import { z } from 'zod';
import { exitCodes, UserError } from '../errors.ts';
import type { FetchOptions, Quota } from '../ports/source.ts';
import { optionalText, quoteMessage } from './answer-fields.ts';
import { type ApiCall, callApi, quotaFromHeaders } from './api.ts';
import type { HttpAnswer } from './http.ts';
import type { SourceTools } from './kind.ts';
import { Pace } from './pace.ts';

type Asking = Pick<FetchOptions, 'signal' | 'onNotice' | 'onQuota'>;

const timelineAnswer = z.array(z.unknown());
const searchAnswer = z.object({ statuses: z.array(z.unknown()) });
const refusalSchema = z.object({ error: optionalText });
const quotaHeaders = {
  remaining: 'x-ratelimit-remaining',
  limit: 'x-ratelimit-limit',
  reset: 'x-ratelimit-reset',
};
/** A tag that nobody has used yet. */
const unknownTag = new UserError('unknown-tag', 'the tag is not known there yet', { fix: 'Wait for a post' });

/** What is read of one instance: https://docs.joinmastodon.org/methods/timelines/ and /search/ */
export class MastodonApi {
  readonly instance: string;
  readonly #tools: SourceTools;
  readonly #token: string;
  readonly #pace: Pace;

  /** @param instance host or address */
  constructor(tools: SourceTools, instance: string) {
    this.instance = new URL(/^https?:\/\//i.test(instance) ? instance : `https://${instance}`).origin;
    this.#tools = tools;
    this.#token = tools.secrets.MASTODON_TOKEN?.trim() ?? '';
    this.#pace = new Pace(tools, this.instance, [{ calls: 300, perMs: 300_000 }]);
  }

  get hasToken(): boolean {
    return this.#token !== '';
  }

  /** The statuses with a tag that follow `minId` at once, newest first. */
  async tagTimeline(tag: string, minId: string, request: Asking): Promise<readonly unknown[]> {
    const parameters = { min_id: minId, limit: '40' };
    try {
      const path = `/api/v1/timelines/tag/${encodeURIComponent(tag)}`;
      return await this.#get(path, parameters, timelineAnswer, request);
    } catch (error) {
      if (error === unknownTag) return [];
      throw error;
    }
  }

  /** Statuses that contain words, newest first. Needs a token. */
  async search(parameters: Readonly<Record<string, string>>, request: Asking): Promise<readonly unknown[]> {
    const all = { type: 'statuses', limit: '40', ...parameters };
    return (await this.#get('/api/v2/search', all, searchAnswer, request)).statuses;
  }

  async #get<Answer extends z.ZodType>(
    path: string,
    parameters: Readonly<Record<string, string>>,
    answer: Answer,
    request: Asking,
  ): Promise<z.infer<Answer>> {
    await this.#pace.turn(request);
    const onQuota = (quota: Quota) => {
      this.#pace.noteQuota(quota);
      request.onQuota?.(quota);
    };
    const call: ApiCall<Answer> = {
      service: new URL(this.instance).host,
      url: `${this.instance}${path}?${new URLSearchParams(parameters)}`,
      ...(this.hasToken && { headers: { authorization: `Bearer ${this.#token}` } }),
      answer,
      quota: (response, _parsed, now) => quotaFromHeaders(response, quotaHeaders, 'date', now),
      explain: (response, parsed) => this.#explain(response, parsed),
    };
    return (await callApi(this.#tools, call, { ...request, onQuota })).value;
  }

  #explain({ status }: HttpAnswer, parsed: unknown): UserError | null {
    const { host } = new URL(this.instance);
    const said = quoteMessage(refusalSchema.safeParse(parsed).data?.error);
    const quoted = said === null ? '' : `: ${said}`;
    if (status === 401 && !this.hasToken) return tokenNeeded(`${host} shows nothing without a login`);
    if (status === 401) {
      return new UserError('bad-key', `${host} does not accept the token in MASTODON_TOKEN${quoted}`, {
        fix: `Make an application with the scope read under "Development" in the settings of your account on ${host}, and set MASTODON_TOKEN to its token`,
      });
    }
    if (status === 403) {
      return new UserError('no-access', `${host} refuses the request${quoted}`, {
        fix: 'Check that the token in MASTODON_TOKEN has the scope read, or name another instance',
        exitCode: exitCodes.unreachable,
      });
    }
    if (status === 404 && said === 'Record not found') return unknownTag;
    if (status === 404) {
      return new UserError('no-access', `${host} is no Mastodon instance (HTTP 404)`, {
        fix: 'Correct instance: the part after the second @ of an account there, mastodon.social for example',
        exitCode: exitCodes.unreachable,
      });
    }
    if (status !== 400 && status !== 422) return null;
    return new UserError('bad-query', `${host} does not understand the request${quoted}`, {
      fix: 'Correct tags and query',
    });
  }
}

export function tokenNeeded(why: string): UserError {
  return new UserError('missing-key', `${why}: it needs a token`, {
    fix: 'Set MASTODON_TOKEN to the token of an application in your account on that instance (scope read)',
  });
}
