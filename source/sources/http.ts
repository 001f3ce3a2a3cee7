import type { Agent } from 'undici';
import type { HttpSettings } from '../config/schema.ts';
import { readRetryAfter } from '../domain/retry-after.ts';
import { UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import { guardLookup, isPrivateAddress, type LookupAll, refusePrivate } from './http-address.ts';
import { readBody } from './http-body.ts';
import { explainFailure, RequestFailure, rateLimitedError, statusError, timeoutError } from './http-error.ts';
import { HostGate } from './http-gate.ts';
import { requestHeaders, withoutSecrets } from './http-headers.ts';
import { backoffMs, isRetryableStatus } from './http-retry.ts';

/** An answer, whole, decompressed, after redirects. */
export interface HttpAnswer {
  /** 2xx, 304, or a status that the request accepted. */
  readonly status: number;
  /** The value of a header (any case), null when absent. */
  header(name: string): string | null;
  /** Address that answered in the end, without credentials. */
  readonly url: string;
  readonly body: Buffer;
}

export interface HttpGetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Called when the client waits: words for the screen. */
  readonly onNotice?: ((notice: string) => void) | undefined;
  /** Further statuses that are answers rather than failures. */
  readonly accept?: readonly number[];
  /** Further tries; the settings' `retries` when absent. Discovery asks for 0: a guess is not worth a wait. */
  readonly retries?: number;
}

/**
 * The one way in which sources speak HTTP. `get` either returns an answer or
 * throws a `UserError` (`bad-address`, `unreachable-host`, `connection-lost`,
 * `bad-certificate`, `bad-answer`, `timeout`, `too-large`, `redirect-loop`,
 * `private-address`, `rate-limited`, `http-status`) or the signal's reason.
 */
export interface HttpClient {
  /** Longest wait that a host may ask for, milliseconds: `http.maxWaitMs`. */
  readonly maxWaitMs: number;
  get(url: string, options: HttpGetOptions): Promise<HttpAnswer>;
  /** Sends `body`; a redirect is refused, since what was sent may be a secret. Retried as `get` is: only for requests that may be repeated. */
  post(url: string, body: HttpBody, options: HttpGetOptions): Promise<HttpAnswer>;
  /** Closes idle connections; requests under way fail. */
  close(): Promise<void>;
}

/** What is sent: a form (URLSearchParams), a value as JSON, or nothing. */
export type HttpBody =
  | { readonly form: Readonly<Record<string, string>> }
  | { readonly json: unknown }
  | { readonly empty: true };

/** What only tests replace. */
export interface HttpSeams {
  readonly lookup?: LookupAll;
  readonly random?: () => number;
}

interface Hop {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Time on the wire, without the wait for a turn. */
  readonly spentMs: number;
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const errorBodyBytes = 65_536;

export function createHttpClient(settings: HttpSettings, clock: Clock, seams: HttpSeams = {}): HttpClient {
  const gate = new HostGate(settings, clock);
  const random = seams.random ?? Math.random;
  let agent: Promise<Agent> | undefined;

  /** One request on the wire, body included, within `budgetMs`. */
  async function send(
    url: URL,
    headers: Record<string, string>,
    budgetMs: number,
    options: HttpGetOptions,
    sent: string | null,
  ): Promise<Hop> {
    const leave = await gate.enter(url.host, options.signal, options.onNotice);
    const startedAt = performance.now();
    const controller = new AbortController();
    const onAbort = () => controller.abort(options.signal.reason);
    const timer = setTimeout(
      () => controller.abort(timeoutError({ host: url.host, timeoutMs: settings.timeoutMs })),
      budgetMs,
    );
    options.signal.addEventListener('abort', onAbort, { once: true });
    try {
      options.signal.throwIfAborted();
      agent ??= openAgent(settings, seams.lookup);
      const [{ request }, dispatcher] = await Promise.all([import('undici'), agent]);
      const answer = await request(url, {
        dispatcher,
        headers,
        signal: controller.signal,
        ...(sent === null ? {} : { method: 'POST', body: sent }),
      });
      const { statusCode: status, headers: answerHeaders } = answer;
      const done = (body: Buffer): Hop => ({
        status,
        headers: answerHeaders,
        body,
        spentMs: performance.now() - startedAt,
      });
      if (status === 304 || !isAnswer(status, options)) {
        await answer.body.dump({ limit: errorBodyBytes }).catch(() => {});
        return done(Buffer.alloc(0));
      }
      const encoding = headerOf(answerHeaders, 'content-encoding');
      return done(await readBody(answer.body, { encoding, maxBytes: settings.maxBytes, host: url.host }));
    } catch (error) {
      // Whatever the stream said about being aborted, the reason is the truth.
      if (options.signal.aborted) throw options.signal.reason;
      const cause = controller.signal.aborted ? controller.signal.reason : error;
      throw explainFailure(cause, { host: url.host, timeoutMs: settings.timeoutMs });
    } finally {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
      leave();
    }
  }

  /** One try: a chain of redirects that shares one time budget. */
  async function follow(
    first: URL,
    headers: Record<string, string>,
    options: HttpGetOptions,
    sent: string | null,
  ) {
    const seen = new Set([first.href]);
    let url = first;
    let carried = headers;
    let budgetMs = settings.timeoutMs;
    for (;;) {
      const hop = await send(url, carried, budgetMs, options, sent);
      budgetMs -= hop.spentMs;
      const location = redirectStatuses.has(hop.status) ? headerOf(hop.headers, 'location') : null;
      if (location === null || sent !== null) return { hop, url };
      const next = parseAddress(location, url);
      if (seen.has(next.href)) throw redirectError(`${first.host} redirects in a circle (at ${next.href})`);
      if (seen.size > settings.maxRedirects) {
        throw redirectError(`${first.host} redirects more than ${settings.maxRedirects} times`);
      }
      if (budgetMs <= 0) throw timeoutError({ host: url.host, timeoutMs: settings.timeoutMs });
      seen.add(next.href);
      if (next.origin !== url.origin) carried = withoutSecrets(carried);
      url = next;
    }
  }

  async function call(address: string, options: HttpGetOptions, sent: string | null): Promise<HttpAnswer> {
    const target = parseAddress(address);
    const headers = requestHeaders(target, options.headers ?? {}, settings.userAgent);
    target.username = '';
    target.password = '';
    const retries = options.retries ?? settings.retries;
    for (let attempt = 0; ; attempt += 1) {
      options.signal.throwIfAborted();
      let host = target.host;
      let failure: UserError;
      let waitMs = backoffMs(attempt, random);
      try {
        const { hop, url } = await follow(target, headers, options, sent);
        host = url.host;
        if (isAnswer(hop.status, options)) {
          return {
            status: hop.status,
            header: (name) => headerOf(hop.headers, name),
            url: url.href,
            body: hop.body,
          };
        }
        failure = hop.status === 429 ? rateLimitedError(host, null) : statusError(hop.status, url.href);
        if (!isRetryableStatus(hop.status)) throw failure;
        const asked = readRetryAfter(headerOf(hop.headers, 'retry-after'), clock.now());
        if (asked !== null) {
          gate.block(host, asked);
          if (asked > settings.maxWaitMs) throw rateLimitedError(host, clock.now() + asked);
          waitMs = Math.max(waitMs, asked);
        }
        if (attempt >= retries) throw failure;
      } catch (error) {
        // Aborts, refusals and bugs end it; only what happened on the wire may pass by itself.
        if (!(error instanceof RequestFailure)) throw error;
        const allowed = error.retry === 'yes' ? retries : error.retry === 'once' ? Math.min(1, retries) : 0;
        failure = error.error;
        if (attempt >= allowed) throw failure;
      }
      options.onNotice?.(`trying again in ${Math.ceil(waitMs / 1000)} s: ${failure.message}`);
      await clock.sleep(waitMs, options.signal);
    }
  }

  return {
    maxWaitMs: settings.maxWaitMs,
    get: (address, options) => call(address, options, null),
    post: (address, body, options) => {
      if ('empty' in body) return call(address, options, '');
      const form = 'form' in body;
      const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
      const sent = form ? new URLSearchParams(body.form).toString() : JSON.stringify(body.json);
      return call(address, { ...options, headers: { 'content-type': type, ...options.headers } }, sent);
    },
    async close() {
      await (await agent)?.destroy();
    },
  };
}

async function openAgent(settings: HttpSettings, lookup: LookupAll | undefined): Promise<Agent> {
  const { Agent: UndiciAgent, buildConnector } = await import('undici');
  const isAllowed = settings.allowPrivate ? () => true : (peer: string) => !isPrivateAddress(peer);
  const connect = buildConnector({ timeout: settings.timeoutMs, lookup: guardLookup(isAllowed, lookup) });
  return new UndiciAgent({
    connect: settings.allowPrivate ? connect : refusePrivate(connect),
    connections: settings.perHostConcurrency,
    headersTimeout: settings.timeoutMs,
    bodyTimeout: settings.timeoutMs,
    maxHeaderSize: 65_536,
  });
}

function isAnswer(status: number, options: HttpGetOptions): boolean {
  return (status >= 200 && status < 300) || status === 304 || (options.accept?.includes(status) ?? false);
}

function parseAddress(address: string, base?: URL): URL {
  const url = URL.canParse(address, base?.href) ? new URL(address, base?.href) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) {
    url.hash = '';
    return url;
  }
  throw new UserError('bad-address', `"${address.slice(0, 200)}" is not a web address`, {
    fix: 'Give an address that begins with https:// or http://',
  });
}

function redirectError(message: string): UserError {
  return new UserError('redirect-loop', message, {
    fix: 'Open the address in a browser and use the one it ends at',
  });
}

function headerOf(headers: Hop['headers'], name: string): string | null {
  const value = headers[name.toLowerCase()];
  return value === undefined ? null : Array.isArray(value) ? (value[0] ?? null) : value;
}
