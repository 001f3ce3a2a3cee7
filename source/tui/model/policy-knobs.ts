import { parseSpan } from '../../domain/calendar.ts';
import { formatBytes } from '../../domain/format-bytes.ts';
import type { RetentionPolicy } from '../../domain/retention.ts';

/** What there is, so that a limit begins where it has an effect. */
export interface KeptNow {
  readonly bytes: number;
  readonly files: number;
}

/** One rule of the policy that two keys change. */
export interface Knob {
  readonly name: string;
  /** What it means, in a few words. */
  readonly help: string;
  /** Its value, in as few characters as say it. */
  show(policy: RetentionPolicy): string;
  /** The policy with the rule turned by one: 1 keeps more, -1 keeps fewer. */
  turn(policy: RetentionPolicy, direction: 1 | -1, now: KeptNow): RetentionPolicy;
}

type CountField =
  | 'keepLast'
  | 'keepHourly'
  | 'keepDaily'
  | 'keepWeekly'
  | 'keepMonthly'
  | 'keepYearly'
  | 'keepMin';

const most = 999;
const filesOfSnapshot = 7;
const spans = ['', '1d', '2d', '3d', '7d', '14d', '1m', '2m', '3m', '6m', '1y', '2y', '5y'] as const;
/** 64 KiB, 96 KiB, 128 KiB … 1.5 TiB. */
const byteSteps = Array.from({ length: 25 }, (_, power) => 2 ** (16 + power)).flatMap((bytes) => [
  bytes,
  bytes * 1.5,
]);

/** Every rule that can be turned, in the order in which they are shown. */
export const knobs: readonly Knob[] = [
  count('last', 'keepLast', 'the newest so many'),
  count('hourly', 'keepHourly', 'the newest of each of the last so many hours that have one'),
  count('daily', 'keepDaily', 'the newest of each of the last so many days that have one'),
  count('weekly', 'keepWeekly', 'the newest of each of the last so many weeks that have one'),
  count('monthly', 'keepMonthly', 'the newest of each of the last so many months that have one'),
  count('yearly', 'keepYearly', 'the newest of each of the last so many years that have one'),
  {
    name: 'within',
    help: 'all that are this much older than the newest, at most',
    show: ({ keepWithin }) => keepWithin || 'off',
    turn: (policy, direction) => ({ ...policy, keepWithin: nextSpan(policy.keepWithin, direction) }),
  },
  {
    name: 'tagged',
    help: 'whatever has a tag',
    show: ({ keepTagged }) => (keepTagged ? 'yes' : 'no'),
    turn: (policy, direction) => ({ ...policy, keepTagged: direction === 1 }),
  },
  {
    name: 'most bytes',
    help: 'the oldest go until the rest fits into this',
    show: ({ maxBytes }) => (maxBytes === null ? 'any' : formatBytes(maxBytes)),
    turn: (policy, direction, { bytes }) => ({
      ...policy,
      maxBytes: nextLimit(policy.maxBytes, direction, bytes, byteSteps),
    }),
  },
  {
    name: 'most files',
    help: 'the oldest go until no more files are left; a snapshot has seven',
    show: ({ maxFiles }) => (maxFiles === null ? 'any' : String(maxFiles)),
    turn: (policy, direction, { files }) => {
      const steps = Array.from(
        { length: Math.ceil(Math.max(files, policy.maxFiles ?? 0) / filesOfSnapshot) + 1 },
        (_, index) => (index + 1) * filesOfSnapshot,
      );
      return { ...policy, maxFiles: nextLimit(policy.maxFiles, direction, files, steps) };
    },
  },
  count('at least', 'keepMin', 'the newest that the two limits leave', 1),
];

function count(name: string, field: CountField, help: string, least = 0): Knob {
  return {
    name,
    help,
    show: (policy) => (policy[field] === 0 ? 'off' : String(policy[field])),
    turn: (policy, direction) => ({
      ...policy,
      [field]: Math.min(most, Math.max(least, policy[field] + direction)),
    }),
  };
}

/** No limit is above every limit, and what does not bind any more becomes none. */
function nextLimit(
  limit: number | null,
  direction: 1 | -1,
  now: number,
  steps: readonly number[],
): number | null {
  if (direction === 1) {
    if (limit === null || limit >= now) return null;
    return steps.find((step) => step > limit) ?? null;
  }
  return steps.findLast((step) => step < (limit ?? now)) ?? limit ?? steps[0] ?? null;
}

function nextSpan(text: string, direction: 1 | -1): string {
  const here = hoursOf(text);
  const next =
    direction === 1
      ? spans.find((span) => hoursOf(span) > here)
      : spans.findLast((span) => hoursOf(span) < here);
  return next ?? text;
}

/** Near enough to put spans in order. */
function hoursOf(text: string): number {
  const span = parseSpan(text);
  return span === null ? 0 : ((span.years * 12 + span.months) * 30.4 + span.days) * 24 + span.hours;
}

/** Rules of the configuration that have no knob, in words; empty when there are none. */
export function describeOtherRules(policy: RetentionPolicy): string {
  const levels = [
    ['hourly', policy.keepWithinHourly],
    ['daily', policy.keepWithinDaily],
    ['weekly', policy.keepWithinWeekly],
    ['monthly', policy.keepWithinMonthly],
    ['yearly', policy.keepWithinYearly],
  ] as const;
  return levels
    .filter(([, span]) => span !== '')
    .map(([level, span]) => `${level} within ${span}`)
    .join(', ');
}
