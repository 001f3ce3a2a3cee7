import { exitCodes, RateLimited, UserError } from '../errors.ts';

/** What is known when a request fails, for the sentence that explains it. */
export interface FailureContext {
  readonly host: string;
  readonly timeoutMs: number;
}

/** A failure with the client's own judgement on whether another try may help. */
export class RequestFailure extends Error {
  readonly error: UserError;
  /** `once` for a timeout: it has already cost its whole time. */
  readonly retry: 'no' | 'once' | 'yes';

  constructor(error: UserError, retry: RequestFailure['retry']) {
    super(error.message, { cause: error });
    this.error = error;
    this.retry = retry;
  }
}

const nameCodes = new Set(['ENOTFOUND', 'EAI_NODATA', 'EAI_NONAME', 'ERR_INVALID_URL']);
const timeoutCodes = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
]);
const lostCodes = new Set([
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_ABORTED',
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ERR_STREAM_PREMATURE_CLOSE',
]);
const tlsPattern = /CERT|TLS|SSL|^EPROTO$|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|HOSTNAME_MISMATCH/;
const answerPattern =
  /^(?:HTTPParserError$|HPE_|Z_|ERR__?ZLIB|ERR_BROTLI|ERR_PADDING|ERR_FORMAT|UND_ERR_HEADERS_OVERFLOW)/;

export function timeoutError(context: FailureContext, cause?: unknown): UserError {
  const seconds = Math.round(context.timeoutMs / 100) / 10;
  return unreachable('timeout', `${context.host} did not answer within ${seconds} s`, {
    fix: 'Try again later, or raise http.timeoutMs',
    cause,
  });
}

/**
 * Turns whatever undici, the socket or zlib threw into words. A `UserError`
 * stays as it is: somebody who knew more has already said it. Our own mistakes
 * are thrown on, with their stack.
 */
export function explainFailure(cause: unknown, context: FailureContext): RequestFailure {
  if (cause instanceof UserError) return new RequestFailure(cause, cause.code === 'timeout' ? 'once' : 'no');
  if (isBug(cause)) throw cause;
  const code = failureCode(cause);
  const { host } = context;
  if (timeoutCodes.has(code)) return new RequestFailure(timeoutError(context, cause), 'once');
  if (nameCodes.has(code)) {
    const error = unreachable('unreachable-host', `${host} is not known: no such host name`, {
      fix: 'Check the spelling of the address and the network connection',
      cause,
    });
    return new RequestFailure(error, 'no');
  }
  if (answerPattern.test(code)) {
    const message = code.startsWith('H')
      ? `${host} did not answer in the language of the web (HTTP)`
      : `${host} sent a compressed answer that is damaged or breaks off`;
    const error = unreachable('bad-answer', message, { fix: 'Try again later', cause });
    // What does not speak HTTP never will; bytes that were damaged on their way may come whole the next time.
    return new RequestFailure(error, code.startsWith('H') ? 'no' : 'once');
  }
  if (tlsPattern.test(code)) {
    const spoken = /CERT|SELF_SIGNED|UNABLE|HOSTNAME/.test(code);
    const message = `${host} ${spoken ? 'has no valid certificate' : 'does not speak https'} (${code})`;
    const fix = spoken
      ? 'Check the address and the clock of this computer; if the site is at fault, wait for it to be mended'
      : 'Check whether the address begins with http:// instead';
    return new RequestFailure(unreachable('bad-certificate', message, { fix, cause }), 'no');
  }
  if (lostCodes.has(code)) {
    const error = unreachable('connection-lost', `${host} broke the connection off`, {
      fix: 'Try again later',
      cause,
    });
    return new RequestFailure(error, 'yes');
  }
  const error = unreachable('unreachable-host', `${host} cannot be reached (${code})`, {
    fix: 'Check the address and the network connection',
    cause,
  });
  return new RequestFailure(error, 'yes');
}

const statusFixes: Readonly<Record<number, string>> = {
  400: 'Check the address and the options of the source',
  401: 'The site wants a login: check the key or the password in the address',
  403: 'The site refuses programs or this network; look for another feed of the same content',
  404: 'Check the address: the page has moved or never was there',
  410: 'The site has removed it for good: remove the source',
};

/** The sentence for a status that is not an answer. */
export function statusError(status: number, url: string): UserError {
  const server = status >= 500;
  const said = server ? 'has a problem of its own' : 'refused the request';
  return new UserError('http-status', `${new URL(url).host} ${said} (HTTP ${status} for ${url})`, {
    fix:
      statusFixes[status] ?? (server ? 'Try again later' : 'Check the address and the options of the source'),
    exitCode: exitCodes.unreachable,
  });
}

export function rateLimitedError(host: string, untilMs: number | null): UserError {
  const message =
    untilMs === null
      ? `${host} asks for fewer requests`
      : `${host} asks not to be called before ${new Date(untilMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return new RateLimited(message, untilMs, {
    fix:
      untilMs === null
        ? 'Run less often, or raise http.perHostDelayMs'
        : 'Run again after that time, or raise http.maxWaitMs to wait for it',
    exitCode: exitCodes.unreachable,
  });
}

export function tooLargeError(host: string, maxBytes: number): UserError {
  const mebibytes = Math.round((maxBytes / 1_048_576) * 10) / 10;
  return new UserError(
    'too-large',
    `${host} sent more than ${mebibytes} MiB, the largest answer that is read`,
    {
      fix: 'Raise http.maxBytes if an answer of this size is expected',
      exitCode: exitCodes.unreachable,
    },
  );
}

function unreachable(code: string, message: string, options: { fix: string; cause?: unknown }): UserError {
  return new UserError(code, message, { ...options, exitCode: exitCodes.unreachable });
}

/** Errors of the language itself, thrown by code and not by a network. */
function isBug(cause: unknown): boolean {
  const kinds = [TypeError, ReferenceError, RangeError, SyntaxError];
  return !hasCode(cause) && kinds.some((kind) => cause instanceof kind);
}

function failureCode(cause: unknown): string {
  if (cause instanceof AggregateError && !hasCode(cause)) return failureCode(cause.errors[0]);
  if (hasCode(cause)) return cause.code;
  return cause instanceof Error ? cause.name : 'unknown';
}

function hasCode(cause: unknown): cause is { code: string } {
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string';
}
