import { sql, type Transaction } from 'kysely';
import { UserError } from '../errors.ts';
import type { TriageContext } from '../ports/desk-store.ts';
import type { FieldChange, FieldValue } from './fields.ts';
import { moveKeys } from './fingerprints.ts';
import { postFrom } from './rows.ts';
import type { Tables } from './schema.ts';

/** What a merge moved: its posts, and the signals that had been merged into it before. */
interface MergeValue {
  readonly into: number;
  readonly posts: readonly number[];
  readonly signals: readonly number[];
}

/** What a split moved into `signal`; `keys` are the texts that may not come back. */
interface SplitValue {
  readonly signal: number;
  readonly posts: readonly number[];
  readonly signals: readonly number[];
  readonly keys: readonly number[];
}

const listed = (ids: readonly number[]) => sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;

/** The changes that make `ids` part of `into`. */
export async function mergeChanges(
  trx: Transaction<Tables>,
  into: number,
  ids: readonly number[],
): Promise<readonly FieldChange[]> {
  const target = await trx
    .selectFrom('signals')
    .select('id')
    .where('id', '=', into)
    .where('mergedInto', 'is', null)
    .executeTakeFirst();
  if (target === undefined) {
    throw new UserError('no-such-signal', `There is no signal ${into} to merge into.`, {
      fix: 'Choose a signal that "list" shows.',
    });
  }
  const changes: FieldChange[] = [];
  for (const signalId of ids) {
    if (signalId === into) continue;
    const posts = await trx.selectFrom('posts').select('id').where('signalId', '=', signalId).execute();
    const signals = await trx.selectFrom('signals').select('id').where('mergedInto', '=', signalId).execute();
    const after: MergeValue = {
      into,
      posts: posts.map(({ id }) => id),
      signals: signals.map(({ id }) => id),
    };
    changes.push({ signalId, field: 'merge', before: null, after: { ...after } });
  }
  if (changes.length > 0) changes.push({ signalId: into, field: 'joined', before: null, after: null });
  return changes;
}

/** Merges the signal, or takes its merge back. Posts that came later stay where they came. */
export async function writeMerge(
  trx: Transaction<Tables>,
  signalId: number,
  from: FieldValue,
  value: FieldValue,
): Promise<void> {
  if (value !== null) {
    const { into, posts, signals } = value as unknown as MergeValue;
    await movePosts(trx, posts, signalId, into);
    await sql`UPDATE signals SET mergedInto = ${into} WHERE id = ${signalId} OR id IN ${listed(signals)}`.execute(
      trx,
    );
    await recount(trx, [into]);
    return;
  }
  const { into, posts, signals } = from as unknown as MergeValue;
  await movePosts(trx, posts, into, signalId);
  await sql`UPDATE signals SET mergedInto = NULL WHERE id = ${signalId}`.execute(trx);
  await sql`UPDATE signals SET mergedInto = ${signalId} WHERE mergedInto = ${into} AND id IN ${listed(signals)}`.execute(
    trx,
  );
  await recount(trx, [into, signalId]);
}

/**
 * The change that makes `postIds` a signal of their own. A signal that was
 * merged in with one of them comes back; otherwise a new one is opened.
 */
export async function splitChanges(
  trx: Transaction<Tables>,
  signalId: number,
  postIds: readonly number[],
  { fingerprint }: TriageContext,
): Promise<readonly FieldChange[]> {
  const records = await trx.selectFrom('posts').selectAll().where('signalId', '=', signalId).execute();
  const signal = await trx
    .selectFrom('signals')
    .select('leadPostId')
    .where('id', '=', signalId)
    .executeTakeFirstOrThrow();
  const moving = records.filter(({ id }) => postIds.includes(id));
  if (moving.some(({ id }) => id === signal.leadPostId)) {
    throw new UserError('split-lead', 'The post that leads the signal cannot be split off.', {
      fix: 'Split the others off instead.',
    });
  }
  if (moving.length === 0) return [];
  const staying = records.filter(({ id }) => !postIds.includes(id));
  const printed = (record: (typeof records)[number]) => {
    const post = postFrom(record);
    return { post, fingerprint: fingerprint(post) };
  };
  const prints = moving.map(printed);
  const keys = [...new Set(prints.flatMap((each) => each.fingerprint.exact))];
  const signals = await trx
    .selectFrom('signals')
    .select('id')
    .where('mergedInto', '=', signalId)
    .where(sql<boolean>`leadPostId IN ${listed(moving.map(({ id }) => id))}`)
    .orderBy('id')
    .execute();
  const [returning, ...others] = signals.map(({ id }) => id);
  const target = returning ?? (await openSignal(trx, moving));
  await moveKeys(trx, prints, { from: signalId, to: target, kept: staying.map(printed) });
  const after: SplitValue = { signal: target, posts: moving.map(({ id }) => id), signals: others, keys };
  return [
    { signalId, field: 'split', before: null, after: { ...after } },
    { signalId: target, field: 'joined', before: null, after: null },
  ];
}

/** Splits, or takes the split back: then the signal that was split off counts as merged. */
export async function writeSplit(
  trx: Transaction<Tables>,
  signalId: number,
  from: FieldValue,
  value: FieldValue,
  at: number,
): Promise<void> {
  if (value !== null) {
    const { signal, posts, signals, keys } = value as unknown as SplitValue;
    await movePosts(trx, posts, signalId, signal);
    await sql`UPDATE signals SET mergedInto = NULL WHERE id = ${signal}`.execute(trx);
    await sql`UPDATE signals SET mergedInto = ${signal} WHERE id IN ${listed(signals)}`.execute(trx);
    await sql`INSERT INTO splits (key, signalId, at) SELECT value, ${signalId}, ${at} FROM json_each(${JSON.stringify(keys)})
      WHERE true ON CONFLICT DO NOTHING`.execute(trx);
    await recount(trx, [signalId, signal]);
    return;
  }
  const { signal, posts, signals, keys } = from as unknown as SplitValue;
  await movePosts(trx, posts, signal, signalId);
  await sql`UPDATE signals SET mergedInto = ${signalId} WHERE id = ${signal} OR id IN ${listed(signals)}`.execute(
    trx,
  );
  await sql`DELETE FROM splits WHERE signalId = ${signalId} AND key IN ${listed(keys)}`.execute(trx);
  await recount(trx, [signalId]);
}

/** A signal for posts that had none of their own, led by the oldest; it is analyzed like any new one. */
async function openSignal(
  trx: Transaction<Tables>,
  posts: readonly { id: number; source: string; createdAt: number }[],
): Promise<number> {
  const [lead] = posts.toSorted((a, b) => a.createdAt - b.createdAt || a.id - b.id);
  if (lead === undefined) throw new Error('a signal needs a post');
  const { id } = await trx
    .insertInto('signals')
    .values({
      leadPostId: lead.id,
      source: lead.source,
      createdAt: lead.createdAt,
      lastSeenAt: lead.createdAt,
      category: null,
      rank: null,
      factors: null,
      analyzedAt: null,
      scoredAt: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function movePosts(
  trx: Transaction<Tables>,
  posts: readonly number[],
  from: number,
  to: number,
): Promise<void> {
  await sql`UPDATE posts SET signalId = ${to} WHERE signalId = ${from} AND id IN ${listed(posts)}`.execute(
    trx,
  );
}

/** What the posts of a signal make of it. */
async function recount(trx: Transaction<Tables>, ids: readonly number[]): Promise<void> {
  await sql`UPDATE signals SET
      echoes = (SELECT count(*) - 1 FROM posts WHERE posts.signalId = signals.id),
      lastSeenAt = max(createdAt, (SELECT max(posts.createdAt) FROM posts WHERE posts.signalId = signals.id)),
      scoredAt = NULL
    WHERE id IN ${listed(ids)}`.execute(trx);
}
