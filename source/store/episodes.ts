import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { SpikeSubject } from '../domain/rules.ts';
import type { Episode } from '../domain/spike.ts';
import type { DeliveryStore } from '../ports/deliveries.ts';
import { insertDelivery } from './deliveries.ts';
import type { Tables } from './schema.ts';

const hourMs = 3_600_000;

/** Posts by value and hour of writing: one pass over the index of times. What was dismissed or snoozed raises no alarm. */
export async function postRates(
  db: Kysely<Tables>,
  by: SpikeSubject,
  fromHour: number,
  now: number,
): ReturnType<DeliveryStore['postRates']> {
  const { value, join } = columnOf(by);
  const { rows } = await sql<{ value: string; hour: number; count: number }>`
    SELECT ${value} AS value, posts.createdAt / ${sql.lit(hourMs)} AS hour, count(*) AS count
    FROM posts ${join}
    WHERE posts.createdAt >= ${fromHour * hourMs} AND posts.createdAt <= ${now} AND ${value} IS NOT NULL
    GROUP BY 1, 2`.execute(db);
  const { rows: recent } = await sql<{ value: string; count: number }>`
    SELECT ${value} AS value, count(*) AS count FROM posts ${join}
    JOIN signals AS open ON open.id = posts.signalId AND open.status NOT IN ('dismissed', 'snoozed')
    WHERE posts.createdAt > ${now - hourMs} AND posts.createdAt <= ${now} AND ${value} IS NOT NULL
    GROUP BY 1`.execute(db);
  const first = await db
    .selectFrom('posts')
    .select((eb) => eb.fn.min('createdAt').as('at'))
    .where('createdAt', '>=', fromHour * hourMs)
    .executeTakeFirst();
  const byHour = new Map<string, Map<number, number>>();
  for (const row of rows) {
    const counts = byHour.get(row.value) ?? new Map<number, number>();
    counts.set(row.hour, row.count);
    byHour.set(row.value, counts);
  }
  return {
    byHour,
    lastHour: new Map(recent.map((row) => [row.value, row.count])),
    firstHour: first?.at == null ? null : Math.floor(first.at / hourMs),
  };
}

export async function signalsOf(
  db: Kysely<Tables>,
  by: SpikeSubject,
  value: string,
  since: number,
  limit: number,
): Promise<readonly { readonly id: number; readonly title: string | null; readonly text: string }[]> {
  const { value: column, join } = columnOf(by);
  const { rows } = await sql<{ id: number; title: string | null; text: string }>`
    SELECT found.id, lead.title, lead.text FROM signals AS found
    JOIN posts AS lead ON lead.id = found.leadPostId
    WHERE found.status IN ('inbox', 'escalated') AND found.id IN (
      SELECT posts.signalId FROM posts ${join}
      WHERE posts.createdAt > ${since} AND ${column} = ${value}
    )
    ORDER BY found.rank DESC LIMIT ${limit}`.execute(db);
  return rows;
}

function columnOf(by: SpikeSubject): { value: RawBuilder<unknown>; join: RawBuilder<unknown> } {
  switch (by) {
    case 'source':
      return { value: sql`posts.source`, join: sql`` };
    case 'category':
      return { value: sql`signals.category`, join: sql`JOIN signals ON signals.id = posts.signalId` };
    case 'tag':
      return {
        value: sql`signal_tags.tag`,
        join: sql`JOIN signal_tags ON signal_tags.signalId = posts.signalId`,
      };
  }
}

export async function openEpisodes(db: Kysely<Tables>, rule: string): Promise<readonly Episode[]> {
  return db
    .selectFrom('episodes')
    .selectAll()
    .where('rule', '=', rule)
    .where('endedAt', 'is', null)
    .orderBy('id')
    .execute();
}

export async function saveEpisode(
  db: Kysely<Tables>,
  { id, ...episode }: Parameters<DeliveryStore['saveEpisode']>[0],
  delivery: Parameters<DeliveryStore['saveEpisode']>[1],
  at: number,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const saved =
      id === null
        ? await trx
            .insertInto('episodes')
            .values(episode)
            .onConflict((conflict) => conflict.doNothing())
            .returning('id')
            .executeTakeFirst()
        : { id };
    // Another process has just opened it.
    if (saved === undefined) return 0;
    if (id !== null) await trx.updateTable('episodes').set(episode).where('id', '=', id).execute();
    if (delivery !== null) {
      const root = await trx
        .selectFrom('deliveries')
        .select('id')
        .where('rule', '=', episode.rule)
        .where('notifier', '=', delivery.notifier)
        .where('reason', '=', `spike-${saved.id}-start`)
        .executeTakeFirst();
      await insertDelivery(
        trx,
        {
          kind: 'spike',
          signalId: null,
          notifier: delivery.notifier,
          rule: episode.rule,
          reason: `spike-${saved.id}-${delivery.phase}`,
          rootId: root?.id ?? null,
          nextAttemptAt: delivery.nextAttemptAt,
          content: delivery.content,
          covers: [],
        },
        at,
      );
    }
    return saved.id;
  });
}
