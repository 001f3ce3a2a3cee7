import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type {
  SignalFilter,
  SignalSort,
  SignalWindow,
  SignalWindowRow,
  StoredSignal,
} from '../ports/store.ts';
import { journalOf } from './journal.ts';
import { analysisFrom, factorsFrom, postFrom, signalRowFrom } from './rows.ts';
import type { Tables } from './schema.ts';

const maxPostsShown = 200;

/** Sort key of each order, and whether the list runs from high to low. */
const orders: Readonly<Record<SignalSort, { key: 'rank' | 'createdAt' | 'echoes'; descending: boolean }>> = {
  rank: { key: 'rank', descending: true },
  newest: { key: 'createdAt', descending: true },
  oldest: { key: 'createdAt', descending: false },
  echoes: { key: 'echoes', descending: true },
};

const rowColumns = [
  'signals.id',
  'signals.status',
  'signals.createdAt',
  'signals.lastSeenAt',
  'signals.echoes',
  'signals.category',
  'signals.rank',
  'signals.source',
  'posts.kind',
  'posts.author',
  'posts.title',
  'posts.text',
  'posts.url',
  'analyses.sentiment',
  'analyses.urgency',
] as const;

/** A stretch of a list, found by its sort key: as fast at the millionth row as at the first. */
export async function signalWindow(
  db: Kysely<Tables>,
  window: SignalWindow,
): Promise<readonly SignalWindowRow[]> {
  const { key, descending } = orders[window.sort];
  const downwards = descending === (window.direction === 'forward');
  let query = filtered(db.selectFrom('signals'), window)
    .select(['signals.id', `signals.${key} as key`])
    .where(`signals.${key}`, 'is not', null)
    .orderBy(`signals.${key}`, downwards ? 'desc' : 'asc')
    .orderBy('signals.id', downwards ? 'desc' : 'asc')
    .limit(window.limit);
  if (window.from !== undefined) {
    const place = sql`(${sql.ref(`signals.${key}`)}, signals.id)`;
    const from = sql`(${window.from.key}, ${window.from.id})`;
    query = query.where(downwards ? sql<boolean>`${place} < ${from}` : sql<boolean>`${place} > ${from}`);
  }
  const places = await query.execute();
  if (window.direction === 'backward') places.reverse();
  const rows = await db
    .selectFrom('signals')
    .innerJoin('posts', 'posts.id', 'signals.leadPostId')
    .leftJoin('analyses', 'analyses.signalId', 'signals.id')
    .select(rowColumns)
    .where(
      sql<boolean>`signals.id IN (SELECT value FROM json_each(${JSON.stringify(places.map(({ id }) => id))}))`,
    )
    .execute();
  const byId = new Map(rows.map((row) => [row.id, signalRowFrom(row)]));
  return places.flatMap(({ id, key: placeKey }) => {
    const row = byId.get(id);
    return row === undefined ? [] : [{ key: Number(placeKey), row }];
  });
}

export async function countSignals(db: Kysely<Tables>, filter: SignalFilter, cap: number): Promise<number> {
  const bounded = filtered(db.selectFrom('signals'), filter)
    .select('signals.id')
    .limit(cap + 1);
  const row = await db
    .selectFrom(bounded.as('bounded'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

/** Narrows a query over signals to those that a filter names. */
export function filtered<Output>(
  query: SelectQueryBuilder<Tables, 'signals', Output>,
  { statuses, categories, sources, since, minRank }: SignalFilter,
): SelectQueryBuilder<Tables, 'signals', Output> {
  let result = query;
  // One status is a stretch of its index. For several, the unary plus keeps SQLite on the sort order's
  // index: reading every row of each status and sorting them would grow with the store.
  if (statuses?.length === 1) result = result.where('signals.status', '=', statuses[0] ?? '');
  else if (statuses !== undefined) result = result.where(sql<string>`+signals.status`, 'in', statuses);
  if (categories?.length === 1 && statuses === undefined) {
    result = result.where('signals.category', '=', categories[0] ?? '');
  } else if (categories !== undefined) {
    result = result.where(sql<string>`+signals.category`, 'in', categories);
  }
  if (sources !== undefined) result = result.where('signals.source', 'in', sources);
  if (since !== undefined) result = result.where('signals.createdAt', '>=', since);
  if (minRank !== undefined) result = result.where('signals.rank', '>=', minRank);
  return result;
}

export async function findSignal(db: Kysely<Tables>, id: number): Promise<StoredSignal | null> {
  const row = await db
    .selectFrom('signals')
    .innerJoin('posts', 'posts.id', 'signals.leadPostId')
    .leftJoin('analyses', 'analyses.signalId', 'signals.id')
    .select([...rowColumns, 'signals.leadPostId', 'signals.factors'])
    .where('signals.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  const analysis = await db.selectFrom('analyses').selectAll().where('signalId', '=', id).executeTakeFirst();
  const posts = await db
    .selectFrom('posts')
    .selectAll()
    .where('signalId', '=', id)
    .orderBy((eb) => eb('id', '=', row.leadPostId), 'desc')
    .orderBy('createdAt')
    .orderBy('id')
    .limit(maxPostsShown)
    .execute();
  const { leadPostId: _, factors, ...fields } = row;
  return {
    ...signalRowFrom(fields),
    analysis: analysis === undefined ? null : analysisFrom(analysis),
    factors: factorsFrom(factors),
    posts: posts.map(postFrom),
    journal: await journalOf(db, id),
  };
}
