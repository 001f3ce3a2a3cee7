import type { Analysis } from '../domain/analysis.ts';
import type { Post } from '../domain/post.ts';
import type { ScoreFactors } from '../domain/score.ts';
import type { SignalStatus } from '../domain/signal.ts';
import type { Snooze } from '../domain/triage.ts';
import type { StoredSignalRow } from '../ports/desk-store.ts';
import type { NewPage } from '../ports/pipeline-store.ts';
import type { AnalysisRecord, NewPostRecord, PostRecord } from './schema.ts';

type AnalysisSchema = typeof import('../domain/analysis-schema.ts')['analysisSchema'];

/** The rows of a page's posts as they are inserted. */
export function postRecords(page: NewPage): readonly NewPostRecord[] {
  return page.posts.map(({ engagement, ...post }) => ({
    ...post,
    ...engagement,
    source: page.source,
    kind: page.kind,
    fetchedAt: page.fetchedAt,
    signalId: null,
  }));
}

export function postFrom(record: PostRecord): Post {
  const { likes, reposts, replies, quotes, ...post } = record;
  return { ...post, engagement: { likes, reposts, replies, quotes } };
}

export function analysisRecord(signalId: number, analysis: Analysis): AnalysisRecord {
  const { model, tags, ...fields } = analysis;
  return {
    ...fields,
    signalId,
    tags: JSON.stringify(tags),
    model: model?.name ?? null,
    promptVersion: model?.promptVersion ?? null,
  };
}

/**
 * What reads rows of analyses. Its schema is loaded by whoever has one to read:
 * lists have none, and start much sooner without it.
 */
export async function analysisReader(): Promise<(record: AnalysisRecord) => Analysis> {
  const { analysisSchema } = await import('../domain/analysis-schema.ts');
  return (record) => analysisFrom(record, analysisSchema);
}

/** @throws ZodError when the row is not what this program writes: the store was edited by hand */
function analysisFrom(record: AnalysisRecord, analysisSchema: AnalysisSchema): Analysis {
  const draft = analysisSchema.parse({ ...record, tags: JSON.parse(record.tags) });
  const { analyzer, analyzedAt, model, promptVersion } = record;
  const mark = model === null || promptVersion === null ? {} : { model: { name: model, promptVersion } };
  return { ...draft, analyzer, ...mark, analyzedAt };
}

export function factorsFrom(json: string | null): ScoreFactors | null {
  return json === null ? null : (JSON.parse(json) as ScoreFactors);
}

/** What the list query selects. */
export interface SignalListRecord {
  id: number;
  status: string;
  source: string;
  kind: string;
  author: string | null;
  title: string | null;
  text: string;
  url: string | null;
  createdAt: number;
  lastSeenAt: number;
  echoes: number;
  category: string | null;
  sentiment: string | null;
  urgency: number | null;
  rank: number | null;
  tags: string | null;
  analyzedTags: string | null;
  assignee: string | null;
  snooze: string | null;
  regressed: number;
}

/**
 * Field by field: what is made by leaving out and spreading is five times as
 * slow to make, twice as slow to write as JSON, and a page has fifty of them.
 */
export function signalRowFrom(record: SignalListRecord): StoredSignalRow {
  return {
    id: record.id,
    createdAt: record.createdAt,
    lastSeenAt: record.lastSeenAt,
    echoes: record.echoes,
    category: record.category,
    rank: record.rank,
    source: record.source,
    kind: record.kind,
    author: record.author,
    title: record.title,
    text: record.text,
    url: record.url,
    sentiment: record.sentiment,
    urgency: record.urgency,
    assignee: record.assignee,
    // The CHECK constraint of the column is the list of statuses, so the cast cannot lie.
    status: record.status as SignalStatus,
    tags: JSON.parse(record.tags ?? record.analyzedTags ?? '[]') as string[],
    snooze: record.snooze === null ? null : (JSON.parse(record.snooze) as Snooze),
    regressed: record.regressed === 1,
  };
}
