const retryableStatuses = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/** True for a status that may pass by itself. 501, 505 and the like are answers for good. */
export function isRetryableStatus(status: number): boolean {
  return retryableStatuses.has(status);
}

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;

/**
 * Milliseconds to wait before try number `attempt` + 1: "full jitter", a
 * random part of a doubling span, so that many clients do not come back at once.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(longestBackoffMs, firstBackoffMs * 2 ** attempt));
}
