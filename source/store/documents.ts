import { type Kysely, sql } from 'kysely';
import type { Analysis } from '../domain/analysis.ts';
import { documentForm } from '../domain/document-form.ts';
import type { SignalStatus } from '../domain/signal.ts';
import type { PostDocument, SignalDocument } from '../domain/signal-document.ts';
import { analysisReader } from './rows.ts';
import type { PostRecord, Tables } from './schema.ts';

/** Signals with all that belongs to them, in the order of `ids`. */
export async function signalDocuments(
  db: Kysely<Tables>,
  ids: readonly number[],
): Promise<readonly SignalDocument[]> {
  const among = sql<number>`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;
  const ofSignals = sql<boolean>`signalId IN ${among}`;
  const signals = await db
    .selectFrom('signals')
    .selectAll()
    .where(sql<boolean>`id IN ${among}`)
    .where('mergedInto', 'is', null)
    .execute();
  const posts = await db.selectFrom('posts').selectAll().where(ofSignals).execute();
  const analyses = await db.selectFrom('analyses').selectAll().where(ofSignals).execute();
  const labels = await db
    .selectFrom('labels')
    .select(['signalId', 'at', 'category', 'sentiment', 'urgency'])
    .where(ofSignals)
    .execute();
  const notes = await db.selectFrom('notes').selectAll().where(ofSignals).orderBy('id').execute();

  const postsOf = Map.groupBy(posts, ({ signalId }) => signalId);
  const analysisOf = new Map(analyses.map((record) => [record.signalId, record]));
  const labelOf = new Map(labels.map(({ signalId, ...label }) => [signalId, label]));
  const notesOf = Map.groupBy(notes, ({ signalId }) => signalId);
  const readAnalysis = await analysisReader();
  const documents = new Map(
    signals.map((signal) => {
      const record = analysisOf.get(signal.id);
      const document = {
        document: documentForm,
        id: signal.id,
        status: signal.status as SignalStatus,
        decidedAt: signal.decidedAt,
        snooze: snoozeFrom(signal.snooze),
        regressed: signal.regressed === 1,
        assignee: signal.assignee,
        tags: JSON.parse(signal.tags ?? record?.tags ?? '[]') as string[],
        category: signal.category,
        sentiment: signal.sentiment as SignalDocument['sentiment'],
        urgency: signal.urgency,
        correction: (labelOf.get(signal.id) ?? null) as SignalDocument['correction'],
        analysis: record === undefined ? null : analysisDocument(readAnalysis(record)),
        rank: signal.rank,
        factors: signal.factors === null ? null : (JSON.parse(signal.factors) as Record<string, number>),
        notes: (notesOf.get(signal.id) ?? []).map(({ at, author, text }) => ({ at, author, text })),
        posts: inOrder(postsOf.get(signal.id) ?? [], signal.leadPostId).map(postDocument),
      } satisfies SignalDocument;
      return [signal.id, document];
    }),
  );
  return ids.flatMap((id) => documents.get(id) ?? []);
}

/** The lead first, then as they were written. */
function inOrder(posts: readonly PostRecord[], leadPostId: number): readonly PostRecord[] {
  return posts.toSorted(
    (a, b) =>
      Number(b.id === leadPostId) - Number(a.id === leadPostId) || a.createdAt - b.createdAt || a.id - b.id,
  );
}

function postDocument(record: PostRecord): PostDocument {
  const { source, kind, externalId, url, link, author, title, text, lang, createdAt, fetchedAt } = record;
  const { likes, reposts, replies, quotes, parentUrl, parentText } = record;
  const engagement = { likes, reposts, replies, quotes };
  return {
    ...{ source, kind, externalId, url, link, author, title, text, lang, createdAt, fetchedAt },
    ...{ engagement, parentUrl, parentText },
  };
}

/** Fields in the order of the form: a document is equal to another when its text is. */
function analysisDocument(analysis: Analysis): SignalDocument['analysis'] {
  const { category, sentiment, urgency, tags, reasoning, confidence, analyzer, model, analyzedAt } = analysis;
  return {
    ...{ category, sentiment, urgency, tags, reasoning, confidence, analyzer },
    ...(model === undefined ? {} : { model: { name: model.name, promptVersion: model.promptVersion } }),
    analyzedAt,
  };
}

function snoozeFrom(json: string | null): SignalDocument['snooze'] {
  if (json === null) return null;
  const { until, ...measure } = JSON.parse(json) as NonNullable<SignalDocument['snooze']>;
  return { until, ...measure } as SignalDocument['snooze'];
}
