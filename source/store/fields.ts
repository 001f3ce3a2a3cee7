import { sql, type Transaction } from 'kysely';
import { writeMerge, writeSplit } from './merges.ts';
import type { Tables } from './schema.ts';

/**
 * What a decision can change of a signal. The journal keeps the value before
 * and after as JSON; one pair of functions reads and writes each field, so that
 * deciding, taking back and doing again cannot differ.
 *
 * - `status`: { status, decidedAt, regressed, snooze }
 * - `assignee`: a name or null
 * - `tags`: a list; those of the analysis until the analyst has changed them
 * - `category`, `sentiment`, `urgency`: { value, corrected }
 * - `note`: { id, at, author, text }, or null before there is one
 * - `merge`: null, or { into, posts, signals }: what moved to where
 * - `split`: null, or { signal, posts, signals, keys }: what moved out to where
 * - `joined`: nothing; the signal that others were merged into shows the entry
 */
export type Field =
  | 'status'
  | 'assignee'
  | 'tags'
  | 'category'
  | 'sentiment'
  | 'urgency'
  | 'note'
  | 'merge'
  | 'split'
  | 'joined';

export type FieldValue = null | string | readonly string[] | Readonly<Record<string, unknown>>;

export interface FieldChange {
  readonly signalId: number;
  readonly field: Field;
  readonly before: FieldValue;
  readonly after: FieldValue;
}

/** What a field becomes, and what it was: some values are known only by the thing that they replace. */
interface Written {
  readonly signalId: number;
  readonly from: FieldValue;
  readonly value: FieldValue;
}

type Corrected = 'category' | 'sentiment' | 'urgency';

const chosen = (ids: readonly number[]) =>
  sql<boolean>`signals.id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;

/** What the field is now, of those signals that exist; a signal that was merged away has only its merge. */
export async function readField(
  trx: Transaction<Tables>,
  field: Field,
  ids: readonly number[],
  noteIds: readonly number[] = [],
): Promise<ReadonlyMap<number, FieldValue>> {
  switch (field) {
    case 'status': {
      const rows = await trx
        .selectFrom('signals')
        .select(['id', 'status', 'decidedAt', 'regressed', 'snooze'])
        .where(chosen(ids))
        .where('mergedInto', 'is', null)
        .execute();
      return new Map(
        rows.map(({ id, status, decidedAt, regressed, snooze }) => [
          id,
          {
            status,
            decidedAt,
            regressed: regressed === 1,
            snooze: snooze === null ? null : JSON.parse(snooze),
          },
        ]),
      );
    }
    case 'assignee': {
      const rows = await trx.selectFrom('signals').select(['id', 'assignee']).where(chosen(ids)).execute();
      return new Map(rows.map(({ id, assignee }) => [id, assignee]));
    }
    case 'tags': {
      const rows = await trx
        .selectFrom('signals')
        .leftJoin('analyses', 'analyses.signalId', 'signals.id')
        .select(['signals.id', 'signals.tags', 'analyses.tags as analyzed'])
        .where(chosen(ids))
        .execute();
      return new Map(rows.map(({ id, tags, analyzed }) => [id, JSON.parse(tags ?? analyzed ?? '[]')]));
    }
    case 'category':
    case 'sentiment':
    case 'urgency': {
      const rows = await trx
        .selectFrom('signals')
        .leftJoin('labels', 'labels.signalId', 'signals.id')
        .select(['signals.id', `signals.${field} as value`, `labels.${field} as label`])
        .where(chosen(ids))
        .execute();
      return new Map(rows.map(({ id, value, label }) => [id, { value, corrected: label !== null }]));
    }
    case 'note': {
      const rows = await trx
        .selectFrom('notes')
        .selectAll()
        .where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(noteIds)}))`)
        .execute();
      const notes = new Map(rows.map(({ signalId, ...note }) => [signalId, note]));
      return new Map(ids.map((id) => [id, notes.get(id) ?? null]));
    }
    case 'merge': {
      const rows = await trx.selectFrom('signals').select(['id', 'mergedInto']).where(chosen(ids)).execute();
      return new Map(
        rows.map(({ id, mergedInto }) => [id, mergedInto === null ? null : { into: mergedInto }]),
      );
    }
    case 'split':
    case 'joined':
      return new Map(ids.map((id) => [id, null]));
  }
}

/** Makes the field so, and whatever follows from it. */
export async function writeField(
  trx: Transaction<Tables>,
  field: Field,
  written: readonly Written[],
  at: number,
): Promise<void> {
  const values = JSON.stringify(written.map(({ signalId, value }) => [signalId, value]));
  const ids = written.map(({ signalId }) => signalId);
  switch (field) {
    case 'status':
      await sql`UPDATE signals SET
          status = each.value ->> '$[1].status',
          decidedAt = each.value ->> '$[1].decidedAt',
          regressed = coalesce(each.value ->> '$[1].regressed', 0),
          snooze = CASE WHEN each.value ->> '$[1].snooze' IS NULL THEN NULL ELSE each.value -> '$[1].snooze' END,
          snoozedUntil = CASE each.value ->> '$[1].snooze.until' WHEN 'time' THEN each.value ->> '$[1].snooze.at' END
        FROM json_each(${values}) AS each WHERE signals.id = each.value ->> 0`.execute(trx);
      return;
    case 'assignee':
      await sql`UPDATE signals SET assignee = each.value ->> 1
        FROM json_each(${values}) AS each WHERE signals.id = each.value ->> 0`.execute(trx);
      return;
    case 'tags':
      await sql`UPDATE signals SET tags = nullif(each.value -> 1,
          (SELECT analyses.tags FROM analyses WHERE analyses.signalId = signals.id))
        FROM json_each(${values}) AS each WHERE signals.id = each.value ->> 0`.execute(trx);
      await indexTags(trx, ids);
      return;
    case 'category':
    case 'sentiment':
    case 'urgency':
      await writeCorrections(trx, field, values, at);
      return;
    case 'note':
      await writeNotes(trx, written);
      return;
    case 'merge':
    case 'split':
      for (const { signalId, from, value } of written) {
        if (field === 'merge') await writeMerge(trx, signalId, from, value);
        else await writeSplit(trx, signalId, from, value, at);
      }
      return;
    case 'joined':
      return;
  }
}

/** Tags that count, where a search finds them. */
export async function indexTags(trx: Transaction<Tables>, ids: readonly number[]): Promise<void> {
  const list = JSON.stringify(ids);
  await sql`DELETE FROM signal_tags WHERE signalId IN (SELECT value FROM json_each(${list}))`.execute(trx);
  await sql`INSERT INTO signal_tags (tag, signalId)
    SELECT DISTINCT each.value, signals.id FROM signals
    LEFT JOIN analyses ON analyses.signalId = signals.id
    JOIN json_each(coalesce(signals.tags, analyses.tags, '[]')) AS each
    WHERE signals.id IN (SELECT value FROM json_each(${list}))`.execute(trx);
}

/** A correction counts at once and is kept as a label; one that is taken back leaves what the analysis says. */
async function writeCorrections(
  trx: Transaction<Tables>,
  field: Corrected,
  values: string,
  at: number,
): Promise<void> {
  const column = sql.ref(field);
  await sql`INSERT INTO labels (signalId, at, kind, lang, title, text, ${column})
    SELECT signals.id, ${at}, posts.kind, posts.lang, posts.title, posts.text, each.value ->> '$[1].value'
    FROM json_each(${values}) AS each
    JOIN signals ON signals.id = each.value ->> 0
    JOIN posts ON posts.id = signals.leadPostId
    WHERE each.value ->> '$[1].corrected'
    ON CONFLICT (signalId) DO UPDATE SET at = excluded.at, ${column} = excluded.${column}`.execute(trx);
  const dropped = sql`signalId IN (SELECT value ->> 0 FROM json_each(${values}) WHERE NOT value ->> '$[1].corrected')`;
  const others = (['category', 'sentiment', 'urgency'] as const)
    .filter((each) => each !== field)
    .map((each) => sql`${sql.ref(each)} IS NULL`);
  await sql`DELETE FROM labels WHERE ${dropped} AND ${sql.join(others, sql` AND `)}`.execute(trx);
  await sql`UPDATE labels SET ${column} = NULL WHERE ${dropped}`.execute(trx);
  await sql`UPDATE signals SET scoredAt = NULL, ${column} = coalesce(
      (SELECT ${column} FROM labels WHERE labels.signalId = signals.id),
      (SELECT ${column} FROM analyses WHERE analyses.signalId = signals.id))
    WHERE id IN (SELECT value ->> 0 FROM json_each(${values}))`.execute(trx);
}

async function writeNotes(trx: Transaction<Tables>, written: readonly Written[]): Promise<void> {
  for (const { signalId, from, value } of written) {
    if (from !== null)
      await trx
        .deleteFrom('notes')
        .where('id', '=', (from as unknown as NoteValue).id)
        .execute();
    if (value === null) continue;
    const { id, at, author, text } = value as unknown as NoteValue;
    await trx.insertInto('notes').values({ id, signalId, at, author, text }).execute();
  }
}

interface NoteValue {
  readonly id: number;
  readonly at: number;
  readonly author: string;
  readonly text: string;
}

/**
 * Whether a field is still what an entry of the journal left it as. What an
 * analysis said may have changed under a correction, so only that there is
 * none counts then.
 */
export function stillIs(field: Field, current: FieldValue | undefined, expected: FieldValue): boolean {
  if (current === undefined) return false;
  if (field === 'split' || field === 'joined') return true;
  if (field === 'merge') return valueAt(current, 'into') === valueAt(expected, 'into');
  if (field === 'category' || field === 'sentiment' || field === 'urgency') {
    const corrected = valueAt(expected, 'corrected');
    return (
      valueAt(current, 'corrected') === corrected &&
      (corrected !== true || valueAt(current, 'value') === valueAt(expected, 'value'))
    );
  }
  if (field === 'status' || field === 'note') {
    // Entries of older versions say less.
    return (
      (current === null) === (expected === null) &&
      Object.entries(expected ?? {}).every(
        ([key, value]) => JSON.stringify(valueAt(current, key)) === JSON.stringify(value),
      )
    );
  }
  return JSON.stringify(current) === JSON.stringify(expected);
}

function valueAt(value: FieldValue, key: string): unknown {
  return value === null || typeof value !== 'object' ? null : (value as Record<string, unknown>)[key];
}
