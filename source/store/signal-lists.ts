import type { Kysely } from 'kysely';
import { readsPosts } from '../domain/search-condition.ts';
import type { SignalCount, SignalFilter, SignalPlace, SignalWindow } from '../ports/desk-store.ts';
import {
  conditionsOf,
  countingOrder,
  countWaiting,
  isByTime,
  type ListLimits,
  planList,
  usualLimits,
} from './list-plan.ts';
import { countRows, countUnranked, passing, placeBehind, placeOf, readRows } from './list-rows.ts';
import type { Tables } from './schema.ts';
import { orders } from './search-axis.ts';

/** What one stretch should take; a statement cannot be left in its midst. */
const stretchMs = 1;

/** Places of a list, in its order or against it. */
export interface FoundPlaces {
  readonly places: readonly SignalPlace[];
  /** How far was looked when time ran out before the places were enough; null when it did not. */
  readonly reached: SignalPlace | null;
  /** Only the newest matches of common words were looked at. */
  readonly capped: boolean;
}

/** Up to `limit` places beyond `from`; nearest first. */
export async function findPlaces(
  db: Kysely<Tables>,
  window: SignalWindow,
  limits: ListLimits = usualLimits,
): Promise<FoundPlaces> {
  const { patienceMs, readingPatienceMs, firstStretch, checkedAtOnce } = limits;
  const { sort, limit } = window;
  const downwards = orders[sort].descending === (window.direction === 'forward');
  const unranked = isByTime(sort) ? await countWaiting(db, limits.few) : 'unwanted';
  const plan = await planList(db, sort, conditionsOf(window), unranked, limits);
  const deadline = performance.now() + (plan.reading === null ? patienceMs : readingPatienceMs);
  const places: SignalPlace[] = [];
  const capped = plan.gathered?.capped ?? false;

  if (plan.gathered !== null) {
    const found = await readRows(db, plan, sort, {
      downwards,
      from: window.from,
      limit: plan.reading === null ? limit : null,
    });
    for (let start = 0; start < found.length && places.length < limit; start += checkedAtOnce) {
      const some = found.slice(start, start + checkedAtOnce);
      places.push(...(await passing(db, plan, some)));
      const last = some.at(-1);
      if (
        plan.reading !== null &&
        places.length < limit &&
        last !== undefined &&
        performance.now() > deadline
      ) {
        if (start + checkedAtOnce < found.length) return { places, reached: placeOf(last), capped };
      }
    }
    return { places: places.slice(0, limit), reached: null, capped };
  }

  let from = window.from;
  let size = firstStretch;
  const isWhole = plan.reading === null && plan.facts.every((fact) => fact === plan.axis.narrowedBy);
  for (;;) {
    const began = performance.now();
    const end = isWhole ? null : await placeBehind(db, plan, sort, { downwards, from, size });
    const asked = plan.reading === null ? limit - places.length : checkedAtOnce;
    const found = await readRows(db, plan, sort, { downwards, from, until: end, limit: asked });
    places.push(...(await passing(db, plan, found)));
    if (places.length >= limit) return { places: places.slice(0, limit), reached: null, capped };
    const last = found.at(-1);
    if (found.length === asked && last !== undefined) from = placeOf(last);
    else if (end === null) return { places, reached: null, capped };
    else from = end;
    if (performance.now() > deadline) return { places, reached: from ?? null, capped };
    size = nextStretch(size, performance.now() - began, limits);
  }
}

/** Counts up to `cap`, or for as long as patience lasts. */
export async function countSignals(
  db: Kysely<Tables>,
  filter: SignalFilter,
  cap: number,
  limits: ListLimits = usualLimits,
): Promise<SignalCount> {
  const { patienceMs, readingPatienceMs, firstStretch, checkedAtOnce } = limits;
  const conditions = conditionsOf(filter);
  const unranked = await countWaiting(db, limits.few);
  // What waits for its score is counted apart from the walk by rank, by facts alone.
  const byTime = unranked === 'many' || conditions.some(readsPosts);
  const sort = byTime ? 'newest' : countingOrder(conditions);
  const plan = await planList(db, sort, conditions, unranked, limits);
  const deadline = performance.now() + (plan.reading === null ? patienceMs : readingPatienceMs);
  // "None so far" says so little that it is worth some more looking.
  const lastChance = deadline + 3 * patienceMs;
  const finish = (count: number, capped: boolean): SignalCount =>
    count > cap ? { count: cap, capped: true } : { count, capped };

  if (plan.gathered !== null) {
    const { capped } = plan.gathered;
    if (plan.reading === null) return finish(await countRows(db, plan, sort, { limit: cap + 1 }), capped);
    const found = await readRows(db, plan, sort, { downwards: true, limit: null, anyPlace: true });
    let count = 0;
    for (let start = 0; start < found.length && count <= cap; start += checkedAtOnce) {
      count += (await passing(db, plan, found.slice(start, start + checkedAtOnce))).length;
      if (performance.now() > deadline && start + checkedAtOnce < found.length) return finish(count, true);
    }
    return finish(count, capped);
  }

  // What is not scored yet has no place by rank, and counts all the same.
  let count = isByTime(sort) ? 0 : await countUnranked(db, plan, cap + 1);
  if (plan.reading === null && plan.facts.every((fact) => fact === plan.axis.narrowedBy)) {
    return finish(count + (await countRows(db, plan, sort, { limit: cap + 1 })), false);
  }
  let from: SignalPlace | undefined;
  let size = firstStretch;
  for (;;) {
    const began = performance.now();
    const end = await placeBehind(db, plan, sort, { downwards: true, from, size });
    if (plan.reading === null) count += await countRows(db, plan, sort, { from, until: end, limit: cap + 1 });
    else {
      const found = await readRows(db, plan, sort, {
        downwards: true,
        from,
        until: end,
        limit: checkedAtOnce,
      });
      count += (await passing(db, plan, found)).length;
      const last = found.at(-1);
      if (found.length === checkedAtOnce && last !== undefined) {
        from = placeOf(last);
        if (count > cap || performance.now() > deadline) return finish(count, true);
        continue;
      }
    }
    if (count > cap || end === null) return finish(count, false);
    if (performance.now() > (count === 0 ? lastChance : deadline)) return finish(count, true);
    from = end;
    size = nextStretch(size, performance.now() - began, limits);
  }
}

/** So much of the list as takes a good millisecond, judged by the stretch before. */
function nextStretch(size: number, tookMs: number, { firstStretch, stretch }: ListLimits): number {
  const fitting = Math.round(size * (stretchMs / Math.max(tookMs, 0.05)));
  return Math.max(firstStretch, Math.min(fitting, size * 4, stretch));
}
