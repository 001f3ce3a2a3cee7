import { type Kysely, sql } from 'kysely';
import type { PostDraft } from '../domain/post.ts';
import type { Push, PushedPost, PushResult } from '../ports/inbox.ts';
import type { Tables } from './schema.ts';

const rowsPerInsert = 500;

export async function push(
  db: Kysely<Tables>,
  { source, drafts, idempotency }: Push,
  at: number,
): Promise<PushResult> {
  return db.transaction().execute(async (trx) => {
    if (idempotency !== null) {
      const known = await trx
        .selectFrom('idempotency_keys')
        .select(['request', 'answer'])
        .where('actor', '=', idempotency.actor)
        .where('key', '=', idempotency.key)
        .executeTakeFirst();
      if (known !== undefined) {
        if (known.request !== idempotency.request) return { state: 'conflict' };
        const { accepted } = JSON.parse(known.answer) as { accepted: number };
        return { state: 'replayed', accepted };
      }
      const answer = JSON.stringify({ accepted: drafts.length });
      await trx
        .insertInto('idempotency_keys')
        .values({ ...idempotency, answer, at })
        .execute();
    }
    const rows = drafts.map((draft) => ({ source, at, draft: JSON.stringify(draft) }));
    for (let start = 0; start < rows.length; start += rowsPerInsert) {
      await trx
        .insertInto('pushed_posts')
        .values(rows.slice(start, start + rowsPerInsert))
        .execute();
    }
    return { state: 'stored', accepted: drafts.length };
  });
}

export async function pushed(
  db: Kysely<Tables>,
  source: string,
  afterId: number,
  limit: number,
): Promise<readonly PushedPost[]> {
  const rows = await db
    .selectFrom('pushed_posts')
    .select(['id', 'draft'])
    .where('source', '=', source)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, draft }) => ({ id, draft: JSON.parse(draft) as PostDraft }));
}

/** The cursor of a source that takes pushed posts is stored with them: what lies behind it is in the store. */
export async function prunePushed(db: Kysely<Tables>, olderThan: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`DELETE FROM pushed_posts WHERE id <= coalesce(
      (SELECT cursor ->> '$.taken' FROM sources WHERE sources.name = pushed_posts.source), 0)`.execute(trx);
    await trx.deleteFrom('idempotency_keys').where('at', '<', olderThan).execute();
  });
}
