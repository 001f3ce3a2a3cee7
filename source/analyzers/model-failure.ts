import { cleanLine } from '../domain/clean.ts';
import { readRetryAfter } from '../domain/retry-after.ts';
import { UserError } from '../errors.ts';
import { ModelFailure } from './model-client.ts';

interface Refusal {
  /** Host of the service. */
  readonly service: string;
  readonly model: string;
  readonly keyVariable: string;
  readonly status: number;
  /** The service's own name for what is wrong. */
  readonly code: string;
  readonly message: string;
  readonly waitMs: number | null;
  readonly cause: unknown;
}

type ErrorClass<Shape extends Error> = new (...args: never[]) => Shape;

/** The errors of an SDK; those of both services have these in common. */
interface SdkErrors {
  readonly APIConnectionTimeoutError: ErrorClass<Error>;
  readonly APIConnectionError: ErrorClass<Error>;
  readonly APIError: ErrorClass<Error & { status: number | undefined; headers: Headers | undefined }>;
}

interface AskedService {
  readonly baseUrl: string;
  readonly model: string;
  readonly keyVariable: string;
  /** Where its address stands in the configuration. */
  readonly setting: string;
  /** True when the time for the whole answer was over. */
  readonly isLate: boolean;
  /** The service's own name for a refusal. */
  codeOf(error: Error): string;
}

/**
 * What ends a request: the caller, or the time for the whole answer. The SDKs
 * count only until the headers are there, and a body may come for ever.
 */
export function limitAnswer(signal: AbortSignal, timeoutMs: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

/** What an SDK threw, as a failure with a policy; what it did not throw passes unchanged, as a bug. */
export function explainSdkFailure(error: unknown, errors: SdkErrors, asked: AskedService): unknown {
  const service = new URL(asked.baseUrl).host;
  const later = (code: string, message: string, fix: string) =>
    new ModelFailure(new UserError(code, message, { fix, cause: error }), 'later');
  if (asked.isLate || error instanceof errors.APIConnectionTimeoutError) {
    return later(
      'model-timeout',
      `${service} did not answer in time.`,
      'Raise models.timeoutMs, or lower models.batchTokens.',
    );
  }
  if (error instanceof errors.APIConnectionError) {
    return later(
      'model-unreachable',
      `${service} cannot be reached.`,
      `Check the network and ${asked.setting}.`,
    );
  }
  if (isBrokenAnswer(error)) {
    return later(
      'model-broke-off',
      `${service} broke its answer off, or it came damaged.`,
      'Run again later.',
    );
  }
  if (!(error instanceof errors.APIError) || error.status === undefined) return error;
  return explainModelStatus({
    service,
    model: asked.model,
    keyVariable: asked.keyVariable,
    status: error.status,
    code: asked.codeOf(error),
    message: error.message,
    waitMs: waitFromHeaders(error.headers),
    cause: error,
  });
}

/**
 * The SDKs give on whatever comes with status 200: the page of a portal that
 * wants a login is none of the service's answers, and no reason to ask about each post alone.
 */
export function requireList(answer: unknown, name: string, baseUrl: string): void {
  if (typeof answer === 'object' && answer !== null && name in answer) {
    if (Array.isArray((answer as Record<string, unknown>)[name])) return;
  }
  const { host } = new URL(baseUrl);
  const error = new UserError('model-bad-answer', `What ${host} answers is no answer of a model.`, {
    fix: 'Check the network (a login page of a Wi-Fi?) and the address of the service.',
  });
  throw new ModelFailure(error, 'later');
}

/** What goes wrong behind the headers passes the SDKs as it is: a connection, a length, a checksum, JSON that ends early. */
function isBrokenAnswer(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth += 1) {
    const code = 'code' in each && typeof each.code === 'string' ? each.code : '';
    if (/^(?:UND_ERR_(?!INVALID)|HPE_|Z_|ERR_STREAM_PREMATURE|ECONN|EPIPE|ETIMEDOUT)/.test(code)) return true;
  }
  return false;
}

/**
 * What a status means and what to do about it, in words of its own each: a
 * rate limit that looks like any other error is how such programs turn
 * silently into garbage.
 */
function explainModelStatus(refusal: Refusal): ModelFailure {
  const { service, model, keyVariable, status, code, waitMs, cause } = refusal;
  // The SDKs begin their messages with the status, which is said already.
  const said = cleanLine(refusal.message)
    .replace(/^\d{3} /, '')
    .slice(0, 200);
  const never = (name: string, message: string, fix: string) =>
    new ModelFailure(new UserError(name, message, { fix, cause }), 'never');
  const later = (name: string, message: string, fix: string) =>
    new ModelFailure(new UserError(name, message, { fix, cause }), 'later', waitMs);

  if (status === 402 || /insufficient_quota|billing|credit/i.test(`${code} ${said}`)) {
    return never(
      'model-no-credit',
      `${service} has no credit left for this key.`,
      'Top up, or leave it out of "analyzers".',
    );
  }
  if (status === 401)
    return never('model-bad-key', `${service} does not accept the key.`, `Check ${keyVariable}.`);
  if (status === 403) {
    return never(
      'model-forbidden',
      `${service} refuses this key or this region.`,
      `Check what ${keyVariable} may do.`,
    );
  }
  if (status === 404) {
    return never(
      'model-unknown',
      `${service} has no model ${model}.`,
      'Correct the model under "models" in the configuration.',
    );
  }
  if (status === 408)
    return later('model-timeout', `${service} did not answer in time.`, 'Raise models.timeoutMs.');
  if (status === 429) {
    const pause = waitMs === null ? '' : ` for ${Math.ceil(waitMs / 1000)} s`;
    return later(
      'model-rate-limited',
      `${service} asks for a pause${pause}.`,
      'Run again later, or lower models.batchTokens.',
    );
  }
  if (status === 529 || status === 503 || /overloaded/i.test(code)) {
    return later('model-overloaded', `${service} is overloaded.`, 'Run again later.');
  }
  if (status >= 500)
    return later('model-broken', `${service} has a problem of its own (HTTP ${status}).`, 'Run again later.');
  return never(
    'model-refused',
    `${service} refuses the request (HTTP ${status}: ${said}).`,
    'Check the model and the settings under "models".',
  );
}

/** Milliseconds that `Retry-After` or its relatives ask for; null when absent. */
function waitFromHeaders(headers: Headers | undefined): number | null {
  const inMs = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(inMs)) return Math.max(0, inMs);
  return readRetryAfter(headers?.get('retry-after') ?? null, Date.now());
}

/** Whether a request was refused for what a post says: then the others of its batch are asked without it. */
export function isContentFilter(status: number, code: string, message: string): boolean {
  return (
    [400, 403, 422].includes(status) &&
    /content.?(?:filter|policy|management policy|moderation)|responsible.?ai/i.test(`${code} ${message}`)
  );
}
