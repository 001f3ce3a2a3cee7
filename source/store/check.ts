import type { StoreFile } from './database.ts';

/** Rules that no constraint can hold, each a query that must return nothing. */
const rules: readonly (readonly [sentence: string, query: string])[] = [
  [
    'signals whose lead post belongs to another signal',
    'SELECT count(*) AS count FROM signals JOIN posts ON posts.id = leadPostId WHERE mergedInto IS NULL AND posts.signalId IS NOT signals.id',
  ],
  [
    'signals whose count of echoes is not that of their posts',
    `SELECT count(*) AS count FROM signals WHERE mergedInto IS NULL AND echoes + 1 <>
       (SELECT count(*) FROM posts WHERE posts.signalId = signals.id)`,
  ],
  [
    'signals marked as analyzed without an analysis',
    `SELECT count(*) AS count FROM signals LEFT JOIN analyses ON analyses.signalId = signals.id
       WHERE (signals.analyzedAt IS NULL) <> (analyses.signalId IS NULL)`,
  ],
  [
    'signals merged into one that was itself merged away',
    `SELECT count(*) AS count FROM signals JOIN signals AS target ON target.id = signals.mergedInto
       WHERE target.mergedInto IS NOT NULL`,
  ],
  [
    'signals whose tags cannot be found by search',
    `SELECT count(*) AS count FROM signals LEFT JOIN analyses ON analyses.signalId = signals.id
       WHERE (SELECT count(DISTINCT value) FROM json_each(coalesce(signals.tags, analyses.tags, '[]'))) <>
         (SELECT count(*) FROM signal_tags WHERE signal_tags.signalId = signals.id)`,
  ],
  [
    'sources whose count of posts is wrong',
    'SELECT count(*) AS count FROM sources WHERE posts <> (SELECT count(*) FROM posts WHERE posts.source = sources.name)',
  ],
];

/** Everything that is wrong with the store, in words; empty when it is sound. Reads every page of the file. */
export function checkStore({ connection }: StoreFile): readonly string[] {
  const problems: string[] = [];
  for (const row of connection.pragma('integrity_check') as { integrity_check: string }[]) {
    if (row.integrity_check !== 'ok') problems.push(row.integrity_check);
  }
  const orphans = connection.pragma('foreign_key_check') as { table: string }[];
  if (orphans.length > 0)
    problems.push(`${orphans.length} rows of ${orphans[0]?.table} refer to rows that are gone`);
  for (const [sentence, query] of rules) {
    const { count } = connection.prepare<[], { count: number }>(query).get() ?? { count: 0 };
    if (count > 0) problems.push(`${count} ${sentence}`);
  }
  return problems;
}
