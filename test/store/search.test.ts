import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type SearchNode, searchSorts } from '../../source/domain/search.ts';
import type { Condition } from '../../source/domain/search-condition.ts';
import { parseSearch } from '../../source/domain/search-parser.ts';
import { printSearch } from '../../source/domain/search-print.ts';
import { resolveSearch } from '../../source/domain/search-resolve.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import type { SignalPlace, SignalSort } from '../../source/ports/desk-store.ts';
import { openStoreFile } from '../../source/store/database.ts';
import type { ListLimits } from '../../source/store/list-plan.ts';
import { countSignals, findPlaces } from '../../source/store/signal-lists.ts';
import { openStore } from '../../source/store/store.ts';
import { isFound, type PlainSignal } from '../domain/search-sense.ts';
import { searchTrees } from '../domain/search-trees.ts';
import {
  fillSearchedStore,
  readPlainSignals,
  searchedNow,
  searchedScore,
  treeWords,
} from './searched-store.ts';

const sense = { now: searchedNow, timeZone: 'Europe/Berlin', me: 'me-myself' };
const context = {
  ...sense,
  categories: categoryIds,
  score: searchedScore,
  sources: [
    { name: 'hackernews', kind: 'hackernews' },
    { name: 'blog', kind: 'rss' },
    { name: 'forum', kind: 'discourse' },
  ],
};

/** Every way of answering: at once, by walking in small steps without patience, and mixed. */
const manyLimits: readonly ListLimits[] = [
  {
    few: 4000,
    newestMatches: 2500,
    patienceMs: 60_000,
    readingPatienceMs: 60_000,
    firstStretch: 100,
    stretch: 100,
    checkedAtOnce: 50,
  },
  {
    few: 0,
    newestMatches: 2500,
    patienceMs: 0,
    readingPatienceMs: 0,
    firstStretch: 7,
    stretch: 20,
    checkedAtOnce: 5,
  },
  {
    few: 90,
    newestMatches: 2500,
    patienceMs: 60_000,
    readingPatienceMs: 60_000,
    firstStretch: 10,
    stretch: 40,
    checkedAtOnce: 9,
  },
  {
    few: 40,
    newestMatches: 2500,
    patienceMs: 0,
    readingPatienceMs: 0,
    firstStretch: 3,
    stretch: 50,
    checkedAtOnce: 30,
  },
];

let path: string;
let signals: readonly PlainSignal[];
let file: ReturnType<typeof openStoreFile>;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-test-'));
  path = join(folder, 'signals.db');
  const store = await openStore(path);
  let seed = 42;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  await fillSearchedStore(store, random);
  await store.close();
  signals = readPlainSignals(path);
  file = openStoreFile(path);
  return async () => {
    await file.db.destroy();
    rmSync(folder, { recursive: true, force: true });
  };
});

function conditionFor(node: SearchNode): Condition {
  // By way of the text, as it would be typed.
  const parsed = parseSearch(printSearch({ node, sort: null }));
  if (!parsed.ok || parsed.value.node === null)
    throw new Error(`not read: ${printSearch({ node, sort: null })}`);
  const resolved = resolveSearch(parsed.value.node, context, '');
  if (!resolved.ok) throw new Error(resolved.error.message);
  return resolved.value;
}

const keys: Readonly<Record<SignalSort, (signal: PlainSignal) => readonly (number | null)[]>> = {
  rank: ({ rank, id }) => [rank, id],
  newest: ({ createdAt, id }) => [createdAt, id],
  oldest: ({ createdAt, id }) => [-createdAt, -id],
  echoes: ({ echoes, rank, id }) => [echoes, rank, id],
  urgent: ({ urgency, rank, id }) => [urgency, rank, id],
};

/** Ids in list order, of those that have a place in it. */
function inOrder(found: readonly PlainSignal[], sort: SignalSort): readonly number[] {
  return found
    .filter((signal) => keys[sort](signal).every((key) => key !== null))
    .toSorted((a, b) => {
      const [left, right] = [keys[sort](a), keys[sort](b)];
      const differs = left.findIndex((key, index) => key !== right[index]);
      return differs < 0 ? 0 : (right[differs] ?? 0) - (left[differs] ?? 0);
    })
    .map(({ id }) => id);
}

async function walk(
  search: Condition,
  sort: SignalSort,
  limits: ListLimits,
  direction: 'forward' | 'backward',
): Promise<readonly number[]> {
  const ids: number[] = [];
  let from: SignalPlace | undefined;
  for (let page = 0; page < 10_000; page += 1) {
    const found = await findPlaces(
      file.db,
      { search, sort, limit: 11, direction, ...(from && { from }) },
      limits,
    );
    ids.push(...found.places.map(({ id }) => id));
    expect(found.capped).toBe(false);
    const next = found.reached ?? (found.places.length === 11 ? found.places.at(-1) : undefined);
    if (next === undefined) return ids;
    from = next;
  }
  throw new Error('the list has no end');
}

describe('a search in the store', () => {
  test('finds what a plain reading of every signal finds, in order, from either end, however it is answered', async () => {
    let matching = 0;
    await fc.assert(
      fc.asyncProperty(
        searchTrees(treeWords),
        fc.constantFrom(...searchSorts),
        fc.constantFrom(...manyLimits),
        fc.constantFrom('forward' as const, 'backward' as const),
        async (node, sort, limits, direction) => {
          const expected = signals.filter((signal) => isFound(node, signal, sense));
          const ids = inOrder(expected, sort);
          if (ids.length > 0) matching += 1;
          const search = conditionFor(node);
          const walked = await walk(search, sort, limits, direction);
          expect(walked).toEqual(direction === 'forward' ? ids : ids.toReversed());
          const { count, capped } = await countSignals(file.db, { search }, 10_000, limits);
          if (capped) expect(count).toBeLessThanOrEqual(expected.length);
          else expect(count).toBe(expected.length);
        },
      ),
      { numRuns: 500 },
    );
    expect(matching).toBeGreaterThan(200);
  }, 120_000);
});
