import { type Digest, type DigestLine, groupDigest, lastDueAt } from '../domain/digest.ts';
import { headlineOf } from '../domain/message.ts';
import { quietUntil } from '../domain/quiet-hours.ts';
import { newsSince, type Rule } from '../domain/rules.ts';
import { shorten } from '../domain/shorten.ts';
import type { NewDelivery } from '../ports/deliveries.ts';
import type { SignalFilter } from '../ports/desk-store.ts';
import { type NotifyParts, openOnly, signalPages } from './notify-parts.ts';

/** A digest that is due; without a delivery when there is nothing to say. */
export interface PlannedDigest {
  readonly rule: string;
  readonly dueAt: number;
  readonly delivery: NewDelivery | null;
}

const dayMs = 86_400_000;
/** A digest of more than this is no digest; what is beyond is covered by the next. */
const mostSignals = 2_000;
const headlineCharacters = 120;

/**
 * The digest of a rule if it is due: everything that matches and has not
 * reached the notifier, by a message of its own or in an earlier digest. The
 * first time that a rule is seen nothing is told: its period begins.
 *
 * @param asked a person wants it at once, due or not
 */
export async function draftDigest(
  parts: NotifyParts,
  rule: Rule,
  now: number,
  taken: ReadonlySet<string>,
  asked = false,
): Promise<readonly PlannedDigest[]> {
  const { store, settings } = parts;
  if (rule.digest === null) return [];
  const due = lastDueAt(rule.digest, now, settings.timeZone);
  const last = await store.lastDigest(rule.name);
  if (!asked && last !== null && due <= last) return [];
  if (!asked && last === null) return [{ rule: rule.name, dueAt: due, delivery: null }];
  const dueAt = asked ? now : due;
  const filter = openOnly(await parts.matching(rule.query, rule.minSalience));
  const lines = await undigested(parts, rule, { ...filter, since: newsSince(rule, now) }, taken);
  // What is asked for out of turn does not take the place of the next one.
  const planned = { rule: rule.name, dueAt: asked ? (last ?? due) : due };
  if (lines.length === 0 && !rule.digest.allQuiet) return [{ ...planned, delivery: null }];
  const digest: Digest = {
    every: rule.digest.every,
    dueAt,
    total: lines.length,
    groups: groupDigest(lines, await trendOf(parts, rule, filter, dueAt, lines)),
  };
  const quiet = asked ? null : quietUntil(now, rule.quietHours ?? settings.quietHours, settings.timeZone);
  const delivery: NewDelivery = {
    kind: 'digest',
    signalId: null,
    notifier: rule.notifier,
    rule: rule.name,
    reason: `digest-${dueAt}`,
    rootId: null,
    nextAttemptAt: quiet ?? now,
    content: digest,
    covers: lines.map(({ id }) => id),
  };
  return [{ ...planned, delivery }];
}

async function undigested(
  parts: NotifyParts,
  rule: Rule,
  filter: SignalFilter,
  taken: ReadonlySet<string>,
): Promise<readonly DigestLine[]> {
  const lines: DigestLine[] = [];
  for await (const page of signalPages(parts, filter, 'rank', mostSignals)) {
    const ids = page.map(({ id }) => id);
    const told = await parts.store.toldAmong(rule.notifier, ids, true);
    const untold = page.filter(({ id }) => !told.has(id) && !taken.has(`${rule.notifier}/${id}`));
    for (const row of untold) {
      lines.push({
        id: row.id,
        category: row.category ?? 'other',
        salience: parts.salienceNow(row.rank),
        source: row.source,
        headline: shorten(headlineOf(row), { characters: headlineCharacters }),
        echoes: row.echoes,
        url: row.url,
      });
    }
  }
  return lines;
}

/** Signals that match, told or not, in this period and in the one before. */
async function trendOf(
  { store }: NotifyParts,
  rule: Rule,
  { minRank: _rank, statuses: _statuses, ...filter }: SignalFilter,
  dueAt: number,
  lines: readonly DigestLine[],
): Promise<ReadonlyMap<string, { before: number; now: number }>> {
  const periodMs = rule.digest?.every === 'weekly' ? 7 * dayMs : dayMs;
  const cap = 100_000;
  const trend = new Map<string, { before: number; now: number }>();
  for (const category of new Set(lines.map((line) => line.category))) {
    const count = async (since: number) =>
      (await store.countSignals({ ...filter, categories: [category], since }, cap)).count;
    const now = await count(dueAt - periodMs);
    trend.set(category, { now, before: (await count(dueAt - 2 * periodMs)) - now });
  }
  return trend;
}
