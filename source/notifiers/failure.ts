import { readRetryAfter } from '../domain/retry-after.ts';
import type { SendFailure } from '../ports/notifier.ts';

/** A network as Node names its failures, in words; null for what is none of them. */
export function networkFailure(error: unknown, where: string): SendFailure | null {
  const code = codeOf(error);
  if (code === null) return null;
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN'].includes(code)) {
    return later('unreachable', `${where} cannot be reached (${code}).`);
  }
  if (['ENOTFOUND', 'EAI_AGAIN', 'ENODATA', 'EDNS'].includes(code)) {
    return later('unknown-host', `The name of ${where} cannot be looked up.`);
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return later('unreachable', `${where} did not answer.`);
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code)) {
    return {
      ...later('bad-certificate', `The certificate of ${where} is not valid (${code}).`),
      fix: 'Check the address of the notifier, and the clock of this machine.',
    };
  }
  // An answer may also be cut, longer or shorter than it says, damaged, or not HTTP at all.
  const lost =
    /^(?:ECONNRESET|EPIPE|ESOCKET|ECONNECTION|UND_ERR_SOCKET|UND_ERR_RES_.*|ERR_STREAM_PREMATURE_CLOSE|HPE_.*|Z_.*)$/.test(
      code,
    );
  const late = /TIMEDOUT|TIMEOUT|TimeoutError|AbortError|ABORT/i.test(code);
  if (!lost && !late) return null;
  return {
    code: late ? 'timeout' : 'connection-lost',
    message: late
      ? `${where} did not answer in time; it may have taken the message.`
      : `The connection to ${where} was lost; it may have taken the message.`,
    fix: null,
    policy: 'again',
    arrived: 'unknown',
    until: null,
  };
}

function later(code: string, message: string): SendFailure {
  return { code, message, fix: null, policy: 'later', arrived: 'no', until: null };
}

/** The innermost code, or the name of an abort. */
function codeOf(error: unknown): string | null {
  for (let each = error, depth = 0; each instanceof Error && depth < 6; each = each.cause, depth += 1) {
    // Some libraries put a code of their own over the system's.
    if ('syscall' in each && each.syscall === 'connect') return 'ECONNREFUSED';
    if ('syscall' in each && each.syscall === 'getaddrinfo') return 'ENOTFOUND';
    if ('code' in each && typeof each.code === 'string' && !each.code.startsWith('slack_')) return each.code;
    if (each.name === 'TimeoutError' || each.name === 'AbortError') return each.name;
    if ('original' in each && each.original instanceof Error) {
      const inner = codeOf(each.original);
      if (inner !== null) return inner;
    }
  }
  return null;
}

/** A server's own failure by its HTTP status; null when the status is none. */
export function statusFailure(
  status: number,
  where: string,
  retryAfter: string | null,
  now: number,
): SendFailure | null {
  if (status >= 200 && status < 300) return null;
  const failure = { code: `http-${status}`, fix: null, arrived: 'no' as const, until: null };
  if (status === 429 || (status === 503 && retryAfter !== null)) {
    return {
      ...failure,
      code: 'rate-limited',
      message: `${where} asks for a pause.`,
      policy: 'later',
      until: pauseEnd(retryAfter, now),
    };
  }
  if (status >= 500) {
    return {
      ...failure,
      message: `${where} failed with status ${status}; it may have taken the message.`,
      policy: 'again',
      arrived: 'unknown',
    };
  }
  if (status === 408)
    return { ...failure, message: `${where} did not wait for the message.`, policy: 'again' };
  if ([401, 403, 404, 405, 410].includes(status) || (status >= 300 && status < 400)) {
    return {
      ...failure,
      message: `${where} answers with status ${status}.`,
      fix: 'Check the address and the secret of the notifier, then "signal-harvester notify --retry".',
      policy: 'later',
    };
  }
  return {
    ...failure,
    message: `${where} refuses the message with status ${status}.`,
    fix: 'Look into the log of the receiver.',
    policy: 'never',
  };
}

const longestPauseMs = 24 * 3_600_000;
const usualPauseMs = 60_000;

/** When what `Retry-After` asks for is over, a day at most; a minute when it says nothing usable. */
export function pauseEnd(retryAfter: string | null, now: number): number {
  return now + Math.min(readRetryAfter(retryAfter, now) ?? usualPauseMs, longestPauseMs);
}
