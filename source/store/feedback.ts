import { type Kysely, type Selectable, sql } from 'kysely';
import type { Diagnostics, Feedback, Mood } from '../domain/feedback.ts';
import type { FeedbackQuery } from '../ports/feedback.ts';
import type { FeedbackTable } from './feedback-tables.ts';
import type { Tables } from './schema.ts';

export async function addFeedback(
  db: Kysely<Tables>,
  { diagnostics, ...feedback }: Omit<Feedback, 'id'>,
  most: number,
): Promise<number | null> {
  return db.transaction().execute(async (trx) => {
    const { count } = await trx
      .selectFrom('feedback')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    if (count >= most) return null;
    const { id } = await trx
      .insertInto('feedback')
      .values({ ...feedback, diagnostics: diagnostics === null ? null : JSON.stringify(diagnostics) })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  });
}

export async function listFeedback(
  db: Kysely<Tables>,
  { limit, before, since }: FeedbackQuery,
): Promise<readonly Feedback[]> {
  let query = db.selectFrom('feedback').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  if (since !== undefined) query = query.where('at', '>', since);
  return (await query.execute()).map(feedbackFrom);
}

export async function feedbackById(db: Kysely<Tables>, id: number): Promise<Feedback | null> {
  const row = await db.selectFrom('feedback').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : feedbackFrom(row);
}

/** A message that tells of it holds its text, so it goes too. */
export async function removeFeedback(
  db: Kysely<Tables>,
  ids: readonly number[],
  reasons: readonly string[],
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom('deliveries')
      .where('kind', '=', 'event')
      .where(sql<boolean>`reason IN (SELECT value FROM json_each(${JSON.stringify(reasons)}))`)
      .execute();
    const { numDeletedRows } = await trx
      .deleteFrom('feedback')
      .where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  });
}

/** The CHECK constraints of the columns are the lists of the types, so the casts cannot lie. */
function feedbackFrom({ mood, via, diagnostics, ...row }: Selectable<FeedbackTable>): Feedback {
  return {
    ...row,
    mood: mood as Mood,
    via: via as Feedback['via'],
    diagnostics: diagnostics === null ? null : (JSON.parse(diagnostics) as Diagnostics),
  };
}
