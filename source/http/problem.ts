import { UserError } from '../errors.ts';

/** One field that a request got wrong. */
export interface ProblemField {
  readonly in: 'query' | 'path' | 'body' | 'header';
  /** Where in it: `limit`, `posts.3.text`. */
  readonly field: string;
  readonly message: string;
}

interface ProblemOptions {
  readonly fix: string;
  readonly errors?: readonly ProblemField[];
  readonly headers?: Readonly<Record<string, string>>;
}

const typePrefix = 'urn:signal-harvester:problem:';

/** An answer that says what went wrong, in the form of RFC 9457. `code` is stable: clients match on it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  readonly errors: readonly ProblemField[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, { fix, errors, headers }: ProblemOptions) {
    super(message);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.fix = fix;
    this.errors = errors ?? [];
    this.headers = headers ?? {};
  }
}

/** The body as it is sent. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly fix: string;
  readonly requestId: string;
  readonly errors?: readonly ProblemField[];
}

const titles: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'A key is needed',
  403: 'The key does not allow this',
  404: 'There is nothing here',
  405: 'This cannot be done here',
  406: 'This form of answer does not exist',
  408: 'The request took too long to arrive',
  409: 'This cannot be done now',
  412: 'It has changed since',
  413: 'The request is too large',
  414: 'The address is too long',
  415: 'This form of content is not read',
  422: 'The request cannot be carried out',
  429: 'Too many requests',
  431: 'The headers are too large',
  500: 'The program failed',
  503: 'The program cannot serve this now',
};

export function problemBody(
  { status, code, message, fix, errors }: Problem,
  requestId: string,
  scrub: (text: string) => string,
): ProblemBody {
  return {
    type: `${typePrefix}${code}`,
    title: titles[status] ?? 'Error',
    status,
    detail: scrub(message),
    fix: scrub(fix),
    requestId,
    ...(errors.length === 0
      ? {}
      : {
          errors: errors.map((each) => ({ ...each, field: scrub(each.field), message: scrub(each.message) })),
        }),
  };
}

const notFound = new Set([
  'no-such-signal',
  'no-such-key',
  'no-such-invitation',
  'no-such-error',
  'unknown-flag',
  'unknown-view',
  'unknown-snapshot',
]);
const conflicts = new Set(['run-in-progress', 'key-ended', 'invitation-ended', 'view-exists']);

/** What is thrown, as an answer. Null for a bug: what it says is for the log, not for the caller. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof UserError) {
    const status = notFound.has(error.code)
      ? 404
      : conflicts.has(error.code)
        ? 409
        : error.code.startsWith('store-')
          ? 503
          : 422;
    if (error.code === 'bad-search') {
      const errors = [{ in: 'query' as const, field: 'search', message: error.message }];
      return new Problem(400, error.code, error.message, { fix: error.fix, errors });
    }
    if (error.code === 'bad-span') {
      const errors = [{ in: 'query' as const, field: 'since', message: error.message }];
      return new Problem(400, error.code, error.message, { fix: error.fix, errors });
    }
    const message = status === 503 ? 'The store cannot be used now.' : error.message;
    return new Problem(status, error.code, message, {
      fix: status === 503 ? 'Try again soon; the log of the program says what is wrong.' : error.fix,
    });
  }
  return problemOfFastify(error);
}

/** What Fastify refuses before any handler is asked. */
function problemOfFastify(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem(415, 'not-json', 'The body is not declared as JSON.', {
        fix: 'Send JSON with "Content-Type: application/json".',
      });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem(413, 'body-too-large', 'The body is larger than this server takes.', {
        fix: 'Send it in parts, or raise server.limits.bodyBytes.',
      });
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new Problem(400, 'bad-json', 'The body is not valid JSON.', {
        fix: 'Send one JSON value, in UTF-8, with a Content-Length that is right.',
      });
    case 'FST_ERR_BAD_URL':
      return new Problem(400, 'bad-address', 'The address is not well formed.', {
        fix: 'Encode what is not plain as %XX.',
      });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Problem(414, 'address-too-long', 'A part of the address is too long.', {
        fix: 'Shorten it.',
      });
    case 'FST_ERR_HANDLER_TIMEOUT':
      return new Problem(503, 'too-slow', 'The answer took too long.', {
        fix: 'Ask for less at once, or try again soon.',
      });
    default:
      return null;
  }
}
