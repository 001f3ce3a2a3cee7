import { type Kysely, sql, type Transaction } from 'kysely';
import type { Post } from '../domain/post.ts';
import type { Placement } from '../ports/pipeline-store.ts';
import type { TransferContext } from '../ports/transfer.ts';
import { indexTags } from './fields.ts';
import { saveKeys } from './fingerprints.ts';
import type { Opening, Plan, PlannedPost } from './import-plan.ts';
import { analysisRecord } from './rows.ts';
import type { Tables } from './schema.ts';

type Table = keyof Tables & string;
const valuesPerInsert = 5_000;

/** Signals that were not here, with all that is said of them. */
export async function addSignals(
  trx: Transaction<Tables>,
  { opening }: Plan,
  { fingerprint }: TransferContext,
): Promise<void> {
  await insertRows(trx, 'signals', opening.map(signalRow));
  await storePosts(
    trx,
    opening.flatMap(({ posts }) => posts),
  );
  await insertRows(
    trx,
    'analyses',
    opening.flatMap(({ signalId, document: { analysis } }) => {
      if (analysis === null) return [];
      const { model, ...said } = analysis;
      return [analysisRecord(signalId, { ...said, ...(model === undefined ? {} : { model }) })];
    }),
  );
  await insertRows(
    trx,
    'labels',
    opening.flatMap(({ signalId, document: { correction, posts } }) => {
      const [lead] = posts;
      if (correction === null || lead === undefined) return [];
      const { kind, lang, title, text } = lead;
      return [{ signalId, ...correction, kind, lang, title, text }];
    }),
  );
  await addNotes(
    trx,
    opening.flatMap(({ signalId, document }) => document.notes.map((note) => ({ signalId, ...note }))),
  );
  await indexTags(
    trx,
    opening.map(({ signalId }) => signalId),
  );
  await saveKeys(
    trx,
    opening.flatMap(({ posts }) =>
      posts.map((planned, index) => placementOf(planned, fingerprint, index === 0)),
    ),
  );
}

function signalRow({ signalId, document, posts: [lead] }: Opening) {
  const { status, decidedAt, snooze, regressed, assignee, tags, analysis, category, sentiment, urgency } =
    document;
  if (lead === undefined) throw new Error('a signal needs a post');
  const ownTags = JSON.stringify(tags);
  return {
    id: signalId,
    leadPostId: lead.id,
    source: lead.post.source,
    createdAt: lead.post.createdAt,
    lastSeenAt: document.posts.reduce((last, { createdAt }) => Math.max(last, createdAt), 0),
    echoes: document.posts.length - 1,
    ...{ status, decidedAt, regressed: regressed ? 1 : 0, assignee, category, sentiment, urgency },
    snooze: snooze === null ? null : JSON.stringify(snooze),
    snoozedUntil: snooze?.until === 'time' ? snooze.at : null,
    // As after a decision: null while they are those of the analysis.
    tags: ownTags === JSON.stringify(analysis?.tags ?? []) ? null : ownTags,
    rank: document.rank,
    factors: document.factors === null ? null : JSON.stringify(document.factors),
    analyzedAt: analysis?.analyzedAt ?? null,
    // Shown as it was scored there, and scored by the weights of this place in its next run.
    scoredAt: null,
  };
}

/** Posts that join signals which are here. */
export async function joinPosts(
  trx: Transaction<Tables>,
  { joining }: Plan,
  { fingerprint }: TransferContext,
): Promise<void> {
  const posts = joining.flatMap((each) => each.posts);
  if (posts.length === 0) return;
  await storePosts(trx, posts);
  await saveKeys(
    trx,
    posts.map((planned) => placementOf(planned, fingerprint, false)),
  );
  const ids = JSON.stringify([...new Set(posts.map(({ signalId }) => signalId))]);
  await sql`UPDATE signals SET
      echoes = (SELECT count(*) - 1 FROM posts WHERE posts.signalId = signals.id),
      lastSeenAt = max(createdAt, (SELECT max(posts.createdAt) FROM posts WHERE posts.signalId = signals.id)),
      scoredAt = NULL
    WHERE id IN (SELECT value FROM json_each(${ids}))`.execute(trx);
}

/** Posts that are new are inserted; one that waited for its signal is placed. */
async function storePosts(trx: Transaction<Tables>, planned: readonly PlannedPost[]): Promise<void> {
  const rows = planned.map(({ id, signalId, post: { engagement, ...post } }) => ({
    id,
    signalId,
    ...post,
    ...engagement,
  }));
  const here = await trx
    .selectFrom('posts')
    .select('id')
    .where(sql<boolean>`id IN (SELECT value FROM json_each(${JSON.stringify(rows.map(({ id }) => id))}))`)
    .execute();
  const waiting = new Set(here.map(({ id }) => id));
  const placed = JSON.stringify(
    rows.filter(({ id }) => waiting.has(id)).map(({ id, signalId }) => [id, signalId]),
  );
  await sql`UPDATE posts SET signalId = placed.value ->> 1
    FROM json_each(${placed}) AS placed WHERE posts.id = placed.value ->> 0`.execute(trx);
  await insertRows(
    trx,
    'posts',
    rows.filter(({ id }) => !waiting.has(id)),
  );
}

export async function addNotes(
  trx: Transaction<Tables>,
  notes: readonly { signalId: number; at: number; author: string; text: string }[],
): Promise<void> {
  if (notes.length === 0) return;
  const first = await freeNoteId(trx);
  await insertRows(
    trx,
    'notes',
    notes.map((note, index) => ({ id: first + index, ...note })),
  );
}

/** Notes that were taken back may come again, so their ids are not given away. */
export async function freeNoteId(trx: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{ id: number }>`SELECT 1 + max(
      coalesce((SELECT max(id) FROM notes), 0),
      coalesce((SELECT max(journal_changes.after ->> 'id') FROM journal
        JOIN journal_changes ON journal_changes.journalId = journal.id
        WHERE journal.undoneAt IS NOT NULL AND journal_changes.field = 'note'), 0)) AS id`.execute(trx);
  return rows[0]?.id ?? 1;
}

/** As grouping would have placed it: an echo's own wording leads later copies to the signal, its bands do not. */
function placementOf(
  { id, post, signalId }: PlannedPost,
  fingerprint: TransferContext['fingerprint'],
  opens: boolean,
): Placement {
  const stored: Post = { id, signalId, ...post };
  const print = fingerprint(stored);
  const keys = opens ? [...print.exact, ...print.bands] : print.exact;
  return { post: stored, signalId, opens, keys, fingerprint: print };
}

async function insertRows(
  trx: Transaction<Tables>,
  table: Table,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const perInsert = Math.max(1, Math.floor(valuesPerInsert / Object.keys(rows[0] ?? {}).length));
  for (let start = 0; start < rows.length; start += perInsert) {
    await trx
      .insertInto(table)
      .values(rows.slice(start, start + perInsert) as never)
      .execute();
  }
}
