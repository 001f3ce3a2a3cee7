import { type Kysely, sql } from 'kysely';
import type { SearchVocabulary } from '../domain/search-complete.ts';
import type { SignalPlace, SignalSort } from '../ports/desk-store.ts';
import type { Tables } from './schema.ts';
import { hasPlace, placeColumns } from './search-axis.ts';

const maxTags = 200;
const maxAssignees = 50;
/** Tags are counted over this many of the newest signals. */
const recentSignals = 2_000;

export async function placeOfSignal(
  db: Kysely<Tables>,
  id: number,
  sort: SignalSort,
): Promise<SignalPlace | null> {
  const { rows } = await sql<SignalPlace>`SELECT ${placeColumns(sort)} FROM signals
    WHERE id = ${id} AND mergedInto IS NULL AND ${hasPlace(sort)}`.execute(db);
  return rows[0] ?? null;
}

export async function newestSignal(db: Kysely<Tables>): Promise<number> {
  const row = await db
    .selectFrom('signals')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? 0;
}

export async function sourceNames(db: Kysely<Tables>): Promise<SearchVocabulary['sources']> {
  return db.selectFrom('sources').select(['name', 'kind']).orderBy('name').execute();
}

/** Tags of recent signals, most used first; names of all assignees, by way of their index. */
export async function searchWords(db: Kysely<Tables>): Promise<Pick<SearchVocabulary, 'tags' | 'assignees'>> {
  const tags = await sql<{ tag: string }>`SELECT tag FROM signal_tags
    WHERE signalId IN (SELECT id FROM signals ORDER BY id DESC LIMIT ${recentSignals})
    GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ${maxTags}`.execute(db);
  // From one name to the next: as many steps as there are names.
  const assignees = await sql<{ name: string }>`WITH RECURSIVE names (name) AS (
      SELECT min(assignee) FROM signals INDEXED BY signals_by_assignee WHERE assignee IS NOT NULL
      UNION ALL
      SELECT (SELECT min(assignee) FROM signals INDEXED BY signals_by_assignee WHERE assignee > names.name)
      FROM names WHERE names.name IS NOT NULL
    ) SELECT name FROM names WHERE name IS NOT NULL LIMIT ${maxAssignees}`.execute(db);
  return { tags: tags.rows.map(({ tag }) => tag), assignees: assignees.rows.map(({ name }) => name) };
}
