import { type Kysely, sql } from 'kysely';
import type { FirstDecision, MadeDecision, ReportStore } from '../ports/report.ts';
import type { Tables } from './schema.ts';

/** Beside the change of its own signal, a merge is written down for the one that took it in. */
const shadow = 'joined';
const program = 'program';

/** Read along the journal, which is short beside the posts: a person decides some thousand times a day at most. */
export async function decisionsWithin(
  db: Kysely<Tables>,
  span: { readonly since: number; readonly until: number },
  limit: number,
): ReturnType<ReportStore['decisionsWithin']> {
  const { rows } = await sql<MadeDecision>`
    SELECT journal.id AS journalId, journal.at, journal.actor, signalId, field,
      CASE field WHEN 'status' THEN after ->> 'status' END AS status
    FROM journal JOIN journal_changes ON journalId = journal.id
    WHERE journal.at >= ${span.since} AND journal.at < ${span.until}
      AND undoneAt IS NULL AND actor <> ${program} AND field <> ${shadow}
    ORDER BY journal.id, signalId, field LIMIT ${limit + 1}`.execute(db);
  return { decisions: rows.slice(0, limit), capped: rows.length > limit };
}

export async function firstDecisions(
  db: Kysely<Tables>,
  signalIds: readonly number[],
): Promise<readonly FirstDecision[]> {
  const { rows } = await sql<FirstDecision>`
    SELECT signalId, min(journal.id) AS journalId,
      (SELECT min(fetchedAt) FROM posts WHERE posts.signalId = journal_changes.signalId) AS arrivedAt
    FROM journal_changes JOIN journal ON journal.id = journalId
    WHERE signalId IN (SELECT value FROM json_each(${JSON.stringify(signalIds)}))
      AND field = 'status' AND undoneAt IS NULL AND actor <> ${program}
    GROUP BY signalId HAVING arrivedAt IS NOT NULL`.execute(db);
  return rows;
}
