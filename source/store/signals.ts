import { type Kysely, sql } from 'kysely';
import type { SignalWindow, SignalWindowRows, StoredSignal, StoredSignalRow } from '../ports/desk-store.ts';
import { fixedQuery } from './fixed-query.ts';
import { journalOf } from './journal.ts';
import { analysisReader, factorsFrom, postFrom, signalRowFrom } from './rows.ts';
import type { Tables } from './schema.ts';
import { findPlaces } from './signal-lists.ts';

const maxPostsShown = 200;
const maxNotesShown = 200;

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
  'signals.sentiment',
  'signals.urgency',
  'signals.tags',
  'signals.assignee',
  'signals.snooze',
  'signals.regressed',
  'analyses.tags as analyzedTags',
] as const;

const rowsOfIds = fixedQuery((db) =>
  db
    .selectFrom('signals')
    .innerJoin('posts', 'posts.id', 'signals.leadPostId')
    .leftJoin('analyses', 'analyses.signalId', 'signals.id')
    .select(rowColumns)
    .where(sql<boolean>`signals.id IN (SELECT value FROM json_each(${'[]'}))`),
);

/** A stretch of a list, found by its sort key: as fast at the millionth row as at the first. */
export async function signalWindow(db: Kysely<Tables>, window: SignalWindow): Promise<SignalWindowRows> {
  const { places, reached, capped } = await findPlaces(db, window);
  const ids = JSON.stringify(places.map(({ id }) => id));
  const rows = await rowsOfIds(db, [ids]);
  const byId = new Map<number, StoredSignalRow>();
  for (const row of rows) byId.set(row.id, signalRowFrom(row));
  const found = places.flatMap((place) => {
    const row = byId.get(place.id);
    return row === undefined ? [] : [{ place, row }];
  });
  return { rows: window.direction === 'forward' ? found : found.reverse(), reached, capped };
}

export async function findSignal(db: Kysely<Tables>, id: number): Promise<StoredSignal | null> {
  const row = await db
    .selectFrom('signals')
    .innerJoin('posts', 'posts.id', 'signals.leadPostId')
    .leftJoin('analyses', 'analyses.signalId', 'signals.id')
    .select([...rowColumns, 'signals.leadPostId', 'signals.factors'])
    .where('signals.id', '=', id)
    .where('signals.mergedInto', 'is', null)
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
  const notes = await db
    .selectFrom('notes')
    .select(['id', 'at', 'author', 'text'])
    .where('signalId', '=', id)
    .orderBy('id', 'desc')
    .limit(maxNotesShown)
    .execute();
  const label = await db.selectFrom('labels').selectAll().where('signalId', '=', id).executeTakeFirst();
  return {
    ...signalRowFrom(row),
    analysis: analysis === undefined ? null : (await analysisReader())(analysis),
    factors: factorsFrom(row.factors),
    posts: posts.map(postFrom),
    notes,
    corrected: (['category', 'sentiment', 'urgency'] as const).filter(
      (field) => (label?.[field] ?? null) !== null,
    ),
    journal: await journalOf(db, id),
  };
}
