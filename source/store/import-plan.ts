import { sql, type Transaction } from 'kysely';
import type { PostDocument, SignalDocument } from '../domain/signal-document.ts';
import type { Tables } from './schema.ts';

/** A post that is to be stored, or one that waits here for its signal. */
export interface PlannedPost {
  readonly id: number;
  readonly post: PostDocument;
  readonly signalId: number;
}

export interface Opening {
  readonly signalId: number;
  readonly document: SignalDocument;
  /** Its posts in the order of the document, the lead first. */
  readonly posts: readonly PlannedPost[];
}

export interface Joining {
  readonly signalId: number;
  readonly document: SignalDocument;
  /** Those of its posts that were not here, or in no signal. */
  readonly posts: readonly PlannedPost[];
  /** Whether the signal here is led by the post that leads the document. */
  readonly ledAlike: boolean;
}

/** Where every document and every post belongs, with the numbers that they get. */
export interface Plan {
  readonly opening: readonly Opening[];
  readonly joining: readonly Joining[];
  /** Posts that are new to the store. */
  readonly newPosts: readonly PlannedPost[];
  /** Posts that were here and in no signal yet. */
  readonly placedPosts: readonly PlannedPost[];
}

export function keyOf({ source, externalId }: Pick<PostDocument, 'source' | 'externalId'>): string {
  return `${source} ${externalId}`;
}

interface KnownPost {
  readonly id: number;
  readonly signalId: number | null;
  /** That of its signal. */
  readonly leadPostId: number | null;
}

export async function planDocuments(
  trx: Transaction<Tables>,
  documents: readonly SignalDocument[],
): Promise<Plan> {
  const known = await knownPosts(trx, documents);
  const signalIds = await freeNumbers(trx, documents, known);
  const lastPost = await trx
    .selectFrom('posts')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  let nextPostId = (lastPost?.id ?? 0) + 1;

  const plan = {
    opening: [] as Opening[],
    joining: [] as Joining[],
    newPosts: [] as PlannedPost[],
    placedPosts: [] as PlannedPost[],
  };
  for (const [index, document] of documents.entries()) {
    const own = signalIds.get(index);
    const there = own === undefined ? targetOf(document, known) : null;
    const signalId = own ?? there?.signalId;
    if (signalId == null) throw new Error('a document has neither a signal nor a number');
    const posts: PlannedPost[] = [];
    for (const post of document.posts) {
      const stored = known.get(keyOf(post));
      if (stored?.signalId != null) continue;
      const planned = { id: stored?.id ?? nextPostId, post, signalId };
      posts.push(planned);
      if (stored !== undefined) plan.placedPosts.push(planned);
      else {
        nextPostId += 1;
        plan.newPosts.push(planned);
      }
    }
    if (own !== undefined) plan.opening.push({ signalId, document, posts });
    else plan.joining.push({ signalId, document, posts, ledAlike: there?.ledAlike ?? false });
    // Another document of the file may have the same posts.
    const leadPostId = there?.leadPostId ?? posts[0]?.id ?? null;
    for (const { id, post } of posts) known.set(keyOf(post), { id, signalId, leadPostId });
  }
  return plan;
}

async function knownPosts(
  trx: Transaction<Tables>,
  documents: readonly SignalDocument[],
): Promise<Map<string, KnownPost>> {
  const pairs = documents.flatMap(({ posts }) => posts.map(({ source, externalId }) => [source, externalId]));
  const { rows } = await sql<KnownPost & { source: string; externalId: string }>`
    SELECT posts.id, posts.source, posts.externalId, posts.signalId, signals.leadPostId
    FROM json_each(${JSON.stringify(pairs)}) AS pair
    JOIN posts ON posts.source = pair.value ->> 0 AND posts.externalId = pair.value ->> 1
    LEFT JOIN signals ON signals.id = posts.signalId`.execute(trx);
  return new Map(rows.map(({ source, externalId, ...post }) => [keyOf({ source, externalId }), post]));
}

/** The signal here that a document is of: that of its lead, else of the first of its posts that has one. */
function targetOf(
  { posts }: SignalDocument,
  known: ReadonlyMap<string, KnownPost>,
): (Pick<KnownPost, 'signalId' | 'leadPostId'> & { readonly ledAlike: boolean }) | null {
  for (const [index, post] of posts.entries()) {
    const stored = known.get(keyOf(post));
    if (stored?.signalId != null)
      return { ...stored, ledAlike: index === 0 && stored.id === stored.leadPostId };
  }
  return null;
}

/** A number for each document that opens a signal: its own where that is free, else one behind all others. */
async function freeNumbers(
  trx: Transaction<Tables>,
  documents: readonly SignalDocument[],
  known: ReadonlyMap<string, KnownPost>,
): Promise<ReadonlyMap<number, number>> {
  const claimed = new Set<string>();
  const opening = [...documents.entries()].filter(([, document]) => {
    const isKnown = document.posts.some(
      (post) => known.get(keyOf(post))?.signalId != null || claimed.has(keyOf(post)),
    );
    // What an earlier document of the batch opens or joins is known to the later ones.
    for (const post of document.posts) claimed.add(keyOf(post));
    return !isKnown;
  });
  const wanted = JSON.stringify(opening.map(([, { id }]) => id));
  const { rows } = await sql<{ id: number }>`SELECT id FROM signals
    WHERE id IN (SELECT value FROM json_each(${wanted}))`.execute(trx);
  const taken = new Set(rows.map(({ id }) => id));
  const numbers = new Map<number, number>();
  for (const [index, { id }] of opening) {
    if (taken.has(id)) continue;
    taken.add(id);
    numbers.set(index, id);
  }
  const last = await trx
    .selectFrom('signals')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  let next = Math.max(last?.id ?? 0, 0, ...numbers.values()) + 1;
  for (const [index] of opening) {
    if (numbers.has(index)) continue;
    numbers.set(index, next);
    next += 1;
  }
  return numbers;
}
