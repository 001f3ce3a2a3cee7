/** A year: beyond it, a date no longer says anything. */
const longestWaitMs = 31_536_000_000;

/**
 * Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds or an HTTP date.
 * Returns milliseconds from `now`, never negative, a year at most; null when
 * absent or unreadable.
 */
export function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.min(longestWaitMs, Math.ceil(Number(text) * 1000));
  const at = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(longestWaitMs, Math.max(0, at - now));
}
