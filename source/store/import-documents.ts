import { type Kysely, sql, type Transaction } from 'kysely';
import type { SignalDocument } from '../domain/signal-document.ts';
import type { DifferingSignal, TransferContext, TransferCounts } from '../ports/transfer.ts';
import { adoptDecisions, differencesOf, type KnownDocument } from './document-decisions.ts';
import { addSignals, joinPosts } from './document-rows.ts';
import { type Plan, planDocuments } from './import-plan.ts';
import { removedHash } from './removed-posts.ts';
import type { Tables } from './schema.ts';
import { indexWords, newestPostId } from './search-index.ts';

/** Ends a transaction that was only to be looked at. */
class DryRun extends Error {
  readonly counts: TransferCounts;
  constructor(counts: TransferCounts) {
    super('dry run');
    this.counts = counts;
  }
}

export async function importDocuments(
  db: Kysely<Tables>,
  documents: readonly SignalDocument[],
  context: TransferContext,
): Promise<TransferCounts> {
  try {
    return await db.transaction().execute(async (trx) => {
      const counts = await take(trx, documents, context);
      // What a dry run says is what was done, and taken back.
      if (context.dryRun) throw new DryRun(counts);
      return counts;
    });
  } catch (error) {
    if (error instanceof DryRun) return error.counts;
    throw error;
  }
}

async function take(
  trx: Transaction<Tables>,
  documents: readonly SignalDocument[],
  context: TransferContext,
): Promise<TransferCounts> {
  await addSources(trx, documents);
  const plan = await planDocuments(trx, documents);
  const before = await newestPostId(trx);
  await addSignals(trx, plan, context);
  await joinPosts(trx, plan, context);
  await forgetRemovals(trx, plan);
  if (plan.newPosts.length > 0) await indexWords(trx, before);
  await countPosts(trx, plan);
  const differing = await compareKnown(trx, plan, context);
  const differingIds = new Set(differing.map(({ id }) => id));
  const alike = plan.joining.filter(({ signalId }) => !differingIds.has(signalId));
  const joined = alike.filter(({ posts }) => posts.length > 0).length;
  return {
    added: plan.opening.length,
    joined,
    differing,
    known: plan.joining.length - differing.length - joined,
    posts: plan.newPosts.length,
  };
}

/** A source that posts came from is known from then on; it has no cursor, so its first run reads from the beginning. */
async function addSources(trx: Transaction<Tables>, documents: readonly SignalDocument[]): Promise<void> {
  const kinds = new Map(documents.flatMap(({ posts }) => posts.map(({ source, kind }) => [source, kind])));
  const rows = [...kinds].map(([name, kind]) => ({
    name,
    kind,
    cursor: null,
    lastSuccessAt: null,
    lastErrorAt: null,
    lastError: null,
  }));
  for (const row of rows) {
    await trx
      .insertInto('sources')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** What a person brings back may be seen again. */
async function forgetRemovals(trx: Transaction<Tables>, { newPosts }: Plan): Promise<void> {
  const pairs = JSON.stringify(newPosts.map(({ post }) => [post.source, removedHash(post.externalId)]));
  await sql`DELETE FROM removed_posts WHERE (source, hash) IN
    (SELECT value ->> 0, value ->> 1 FROM json_each(${pairs}))`.execute(trx);
}

async function countPosts(trx: Transaction<Tables>, { newPosts }: Plan): Promise<void> {
  for (const [source, posts] of Map.groupBy(newPosts, ({ post }) => post.source)) {
    await trx
      .updateTable('sources')
      .set((eb) => ({ posts: eb('posts', '+', posts.length) }))
      .where('name', '=', source)
      .execute();
  }
}

/** Decisions on signals that were here: told, or taken from the file when that is wanted. */
async function compareKnown(
  trx: Transaction<Tables>,
  { joining }: Plan,
  context: TransferContext,
): Promise<readonly DifferingSignal[]> {
  // A document that was led by another post is a part of the signal here, and says nothing about the whole.
  const known = joining
    .filter(({ ledAlike }) => ledAlike)
    .map(({ signalId, document }): KnownDocument => ({ signalId, document }));
  if (known.length === 0) return [];
  const differences = await differencesOf(trx, known);
  if (context.overwrite) await adoptDecisions(trx, differences, context);
  return differences.map(({ signalId, fields }) => ({ id: signalId, fields }));
}
