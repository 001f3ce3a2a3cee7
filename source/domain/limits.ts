import type { QuotaLeft } from './run.ts';

const dayMs = 86_400_000;

/** A time to come as a person says it, in local time: `14:05`, `Mon 14:05` within a week, else `2026-12-01 14:05`. */
export function formatUntil(at: number, now: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (new Date(now).toDateString() === date.toDateString()) return clock;
  if (Math.abs(at - now) < 6 * dayMs) {
    return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getDay()]} ${clock}`;
  }
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
}

/** "limited until 14:05", or "limited" where the service gave no time. */
export function describeLimit(until: number | null, now: number): string {
  return until === null ? 'limited' : `limited until ${formatUntil(until, now)}`;
}

/** "412 of 450 left, anew at 14:05"; a window that is over says nothing any more: null. */
export function describeQuota({ remaining, limit, resetsAt }: QuotaLeft, now: number): string | null {
  if (resetsAt !== null && resetsAt <= now) return null;
  const left = limit === null ? `${remaining} left` : `${remaining} of ${limit} left`;
  return resetsAt === null ? left : `${left}, anew at ${formatUntil(resetsAt, now)}`;
}

/** US dollars: `$1.20`; below a cent as many digits as say something: `$0.005`. */
export function formatUsd(usd: number): string {
  if (usd > 0 && usd < 0.0001) return 'under $0.0001';
  const cents = usd.toFixed(2);
  return usd > 0 && usd < 0.01 ? `$${usd.toFixed(4).replace(/0+$/, '')}` : `$${cents}`;
}
