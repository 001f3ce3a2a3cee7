const retryableStatuses = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/** True for a status that may pass by itself. 501, 505 and the like are answers for good. */
export function isRetryableStatus(status: number): boolean {
  return retryableStatuses.has(status);
}

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
/** A year: beyond it, a date no longer says anything. */
const longestWaitMs = 31_536_000_000;

/**
 * Milliseconds to wait before try number `attempt` + 1: "full jitter", a
 * random part of a doubling span, so that many clients do not come back at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(longestBackoffMs, firstBackoffMs * 2 ** attempt));
}

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds or an HTTP date.
 * Returns milliseconds from `now`, never negative; null when absent or unreadable.
 */
export function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.min(longestWaitMs, Math.ceil(Number(text) * 1000));
  const at = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(longestWaitMs, Math.max(0, at - now));
}
