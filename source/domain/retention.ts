import { type CalendarLevel, calendarLevels, parseSpan, periodOf, wallClockBefore } from './calendar.ts';
import { wallClock } from './wall-clock.ts';

/**
 * Which snapshots stay. Each rule keeps some; a snapshot that any rule keeps,
 * stays. Without a rule everything stays. A quota then takes the oldest of
 * what stays until the rest fits. Durations are written "1y6m14d12h", empty
 * for none, and reach back from the newest snapshot, not from today; they and
 * the calendar are read in `timeZone`.
 */
export interface RetentionPolicy {
  readonly keepLast: number;
  readonly keepHourly: number;
  readonly keepDaily: number;
  readonly keepWeekly: number;
  readonly keepMonthly: number;
  readonly keepYearly: number;
  readonly keepWithin: string;
  readonly keepWithinHourly: string;
  readonly keepWithinDaily: string;
  readonly keepWithinWeekly: string;
  readonly keepWithinMonthly: string;
  readonly keepWithinYearly: string;
  /** Keep whatever has a tag, also from the quota. */
  readonly keepTagged: boolean;
  /** Most bytes and files of all snapshots together; null is no limit. */
  readonly maxBytes: number | null;
  readonly maxFiles: number | null;
  /** Newest snapshots that the quota leaves, however large; at least 1. */
  readonly keepMin: number;
  /** IANA name. */
  readonly timeZone: string;
}

/** No rule and no quota. */
export const keepEverything: RetentionPolicy = {
  keepLast: 0,
  keepHourly: 0,
  keepDaily: 0,
  keepWeekly: 0,
  keepMonthly: 0,
  keepYearly: 0,
  keepWithin: '',
  keepWithinHourly: '',
  keepWithinDaily: '',
  keepWithinWeekly: '',
  keepWithinMonthly: '',
  keepWithinYearly: '',
  keepTagged: false,
  maxBytes: null,
  maxFiles: null,
  keepMin: 1,
  timeZone: 'UTC',
};

/** What the policy needs to know of a snapshot. */
export interface RetentionCandidate {
  readonly id: string;
  /** When it was made, by the clock of then. Milliseconds, UTC. */
  readonly createdAt: number;
  /** Counts up with each snapshot, whatever the clock says. */
  readonly sequence: number;
  readonly bytes: number;
  readonly files: number;
  readonly tags: readonly string[];
  readonly verified: boolean;
  /** It cannot be read or failed its verification: it takes no place of a sound one and goes only by name. */
  readonly damaged: boolean;
}

export interface RetentionDecision {
  readonly id: string;
  readonly keep: boolean;
  /** Why, in words: "daily 3 of 7", "weekly 1 of 4". Never empty. */
  readonly reasons: readonly string[];
}

export interface RetentionPlan {
  /** Newest first; every candidate once. */
  readonly decisions: readonly RetentionDecision[];
  /** True when only the protection of the newest verified snapshot stops the policy from removing everything. */
  readonly keepsNothing: boolean;
}

interface Rule {
  readonly name: string;
  readonly level: CalendarLevel | null;
  /** Places left; Infinity for a rule bounded by time. */
  left: number;
  readonly count: number;
  /** Wall clock after which the rule holds; -Infinity for a rule bounded by count. */
  readonly after: number;
  lastPeriod: string;
}

/**
 * Decides for each snapshot whether it stays, and why. Pure, independent of
 * the order of its input, and the same again on what it leaves. The newest
 * verified snapshot always stays. Rules are those of restic's `forget`: the
 * newest of each period counts, periods without a snapshot do not, and a rule
 * with places left keeps the oldest snapshot too.
 */
export function planRetention(
  candidates: readonly RetentionCandidate[],
  policy: RetentionPolicy,
): RetentionPlan {
  const newestFirst = candidates.toSorted(
    (one, other) =>
      other.createdAt - one.createdAt || other.sequence - one.sequence || (one.id < other.id ? 1 : -1),
  );
  const sound = newestFirst.filter(({ damaged }) => !damaged);
  const reasons = new Map(candidates.map(({ id }) => [id, [] as string[]]));
  const because = (id: string, reason: string) => reasons.get(id)?.push(reason);

  applyRules(sound, policy, because);
  const byRule = new Set(sound.filter(({ id }) => reasons.get(id)?.length).map(({ id }) => id));
  const keepsNothing = sound.length > 0 && byRule.size === 0;
  const newestVerified = sound
    .filter(({ verified }) => verified)
    .toSorted((one, other) => other.sequence - one.sequence || other.createdAt - one.createdAt)[0];
  if (newestVerified !== undefined) because(newestVerified.id, 'newest verified');

  const evicted = applyQuota(newestFirst, policy, {
    kept: new Set([...byRule, ...(newestVerified === undefined ? [] : [newestVerified.id])]),
    protectedId: newestVerified?.id ?? null,
  });
  const decisions = newestFirst.map(({ id, damaged }): RetentionDecision => {
    const why = reasons.get(id) ?? [];
    if (damaged) return { id, keep: true, reasons: ['damaged: look at it, then remove it by name'] };
    if (evicted.has(id)) return { id, keep: false, reasons: [evicted.get(id) ?? 'over the quota'] };
    return why.length > 0
      ? { id, keep: true, reasons: why }
      : { id, keep: false, reasons: ['no rule keeps it'] };
  });
  return { decisions, keepsNothing };
}

type Because = (id: string, reason: string) => void;

function applyRules(sound: readonly RetentionCandidate[], policy: RetentionPolicy, because: Because): void {
  const newest = sound[0];
  if (newest === undefined) return;
  const rules = rulesOf(policy, wallClock(newest.createdAt, policy.timeZone));
  const hasRule = rules.length > 0 || policy.keepTagged;
  sound.forEach(({ id, createdAt, tags }, index) => {
    if (!hasRule) because(id, 'no rule would remove it');
    if (policy.keepTagged && tags.length > 0) because(id, `tagged ${tags.join(', ')}`);
    const wall = wallClock(createdAt, policy.timeZone);
    for (const rule of rules) {
      if (rule.left <= 0 || wall <= rule.after) continue;
      const period = rule.level === null ? String(index) : periodOf(rule.level, wall);
      const opens = period !== rule.lastPeriod;
      if (!opens && index < sound.length - 1) continue;
      rule.lastPeriod = period;
      rule.left -= 1;
      because(id, describeRule(rule, opens));
    }
  });
}

function describeRule({ name, count, left }: Rule, opens: boolean): string {
  if (!opens) return `oldest, ${name} has places left`;
  return Number.isFinite(count) ? `${name} ${count - left} of ${count}` : name;
}

function rulesOf(policy: RetentionPolicy, newestWall: number): Rule[] {
  const counted = (name: string, level: CalendarLevel | null, count: number): Rule[] =>
    count > 0 ? [{ name, level, count, left: count, after: -Infinity, lastPeriod: '' }] : [];
  const within = (name: string, level: CalendarLevel | null, text: string): Rule[] => {
    const span = parseSpan(text);
    if (span === null) return [];
    const after = wallClockBefore(newestWall, span);
    return [
      { name: `${name} ${text.trim()}`, level, count: Infinity, left: Infinity, after, lastPeriod: '' },
    ];
  };
  const capital = {
    hourly: 'Hourly',
    daily: 'Daily',
    weekly: 'Weekly',
    monthly: 'Monthly',
    yearly: 'Yearly',
  } as const;
  return [
    ...counted('last', null, policy.keepLast),
    ...calendarLevels.flatMap((level) => counted(level, level, policy[`keep${capital[level]}`])),
    ...within('within', null, policy.keepWithin),
    ...calendarLevels.flatMap((level) =>
      within(`${level} within`, level, policy[`keepWithin${capital[level]}`]),
    ),
  ];
}

/** Takes the oldest until the rest fits. Tells for each what it was over. */
function applyQuota(
  newestFirst: readonly RetentionCandidate[],
  { maxBytes, maxFiles, keepMin, keepTagged }: RetentionPolicy,
  { kept, protectedId }: { readonly kept: ReadonlySet<string>; readonly protectedId: string | null },
): ReadonlyMap<string, string> {
  const staying = newestFirst.filter(({ id, damaged }) => damaged || kept.has(id));
  let bytes = staying.reduce((sum, each) => sum + each.bytes, 0);
  let files = staying.reduce((sum, each) => sum + each.files, 0);
  const over = () =>
    maxBytes !== null && bytes > maxBytes
      ? `over the quota of ${maxBytes} bytes`
      : maxFiles !== null && files > maxFiles
        ? `over the quota of ${maxFiles} files`
        : null;
  const evicted = new Map<string, string>();
  const least = Math.max(1, keepMin);
  const inLine = staying.filter(({ damaged }) => !damaged).slice(least);
  for (const candidate of inLine.toReversed()) {
    const reason = over();
    if (reason === null) break;
    if (candidate.id === protectedId || (keepTagged && candidate.tags.length > 0)) continue;
    evicted.set(candidate.id, reason);
    bytes -= candidate.bytes;
    files -= candidate.files;
  }
  return evicted;
}
