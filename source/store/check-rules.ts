import { indexWordsWhere } from './search-index.ts';

/** A rule that no constraint can hold: a query that must count nothing, and how to mend what it counts. */
export interface StoreRule {
  readonly sentence: string;
  readonly query: string;
  /** Statements that mend it without losing anything that cannot be computed again; null when a person must look. */
  readonly repair: readonly string[] | null;
}

const dayMs = 86_400_000;
const unindexed = 'NOT EXISTS (SELECT 1 FROM post_words_docsize WHERE post_words_docsize.id = posts.id)';
const postless = 'NOT EXISTS (SELECT 1 FROM posts WHERE posts.id = post_words_docsize.id)';

export const storeRules: readonly StoreRule[] = [
  {
    sentence: 'signals whose lead post belongs to another signal',
    query:
      'SELECT count(*) AS count FROM signals JOIN posts ON posts.id = leadPostId WHERE mergedInto IS NULL AND posts.signalId IS NOT signals.id',
    repair: null,
  },
  {
    sentence: 'signals whose count of echoes is not that of their posts',
    query: `SELECT count(*) AS count FROM signals WHERE mergedInto IS NULL AND echoes + 1 <>
       (SELECT count(*) FROM posts WHERE posts.signalId = signals.id)`,
    repair: [
      `UPDATE signals SET scoredAt = NULL,
         echoes = max(0, (SELECT count(*) FROM posts WHERE posts.signalId = signals.id) - 1)
       WHERE mergedInto IS NULL AND echoes + 1 <> (SELECT count(*) FROM posts WHERE posts.signalId = signals.id)`,
    ],
  },
  {
    sentence: 'signals marked as analyzed without an analysis',
    query: `SELECT count(*) AS count FROM signals LEFT JOIN analyses ON analyses.signalId = signals.id
       WHERE (signals.analyzedAt IS NULL) <> (analyses.signalId IS NULL)`,
    // The next run analyzes what has no analysis; an analysis without its mark gets the mark back.
    repair: [
      `UPDATE signals SET analyzedAt = NULL, scoredAt = NULL
       WHERE analyzedAt IS NOT NULL AND id NOT IN (SELECT signalId FROM analyses)`,
      `UPDATE signals SET scoredAt = NULL,
         analyzedAt = (SELECT analyzedAt FROM analyses WHERE signalId = signals.id)
       WHERE analyzedAt IS NULL AND id IN (SELECT signalId FROM analyses)`,
    ],
  },
  {
    sentence: 'signals merged into one that was itself merged away',
    query: `SELECT count(*) AS count FROM signals JOIN signals AS target ON target.id = signals.mergedInto
       WHERE target.mergedInto IS NOT NULL`,
    repair: null,
  },
  {
    sentence: 'signals whose tags cannot be found by search',
    query: `SELECT count(*) AS count FROM signals LEFT JOIN analyses ON analyses.signalId = signals.id
       WHERE (SELECT count(DISTINCT value) FROM json_each(coalesce(signals.tags, analyses.tags, '[]'))) <>
         (SELECT count(*) FROM signal_tags WHERE signal_tags.signalId = signals.id)`,
    repair: [
      'DELETE FROM signal_tags',
      `INSERT INTO signal_tags (tag, signalId) SELECT DISTINCT each.value, signals.id FROM signals
         LEFT JOIN analyses ON analyses.signalId = signals.id
         JOIN json_each(coalesce(signals.tags, analyses.tags, '[]')) AS each`,
    ],
  },
  // By their ids alone, through the table of FTS5 that has one row a document: its words are not compared.
  {
    sentence: 'posts that cannot be found by their words',
    query: `SELECT count(*) AS count FROM posts WHERE ${unindexed}`,
    repair: [`${indexWordsWhere} ${unindexed} ORDER BY id`],
  },
  {
    sentence: 'entries in the index of words whose post is gone',
    query: `SELECT count(*) AS count FROM post_words_docsize WHERE ${postless}`,
    repair: [`DELETE FROM post_words WHERE rowid IN (SELECT id FROM post_words_docsize WHERE ${postless})`],
  },
  {
    sentence: 'sources whose count of posts is wrong',
    query:
      'SELECT count(*) AS count FROM sources WHERE posts <> (SELECT count(*) FROM posts WHERE posts.source = sources.name)',
    repair: ['UPDATE sources SET posts = (SELECT count(*) FROM posts WHERE posts.source = sources.name)'],
  },
  {
    sentence: 'posts that were written more than two days after they were fetched',
    query: `SELECT count(*) AS count FROM posts WHERE createdAt > fetchedAt + ${2 * dayMs}`,
    repair: null,
  },
  {
    sentence: 'scored signals without an analysis that a score could be made of',
    query:
      'SELECT count(*) AS count FROM signals WHERE rank IS NOT NULL AND analyzedAt IS NULL AND scoredAt IS NOT NULL',
    repair: ['UPDATE signals SET scoredAt = NULL WHERE rank IS NOT NULL AND analyzedAt IS NULL'],
  },
];

/** True of a sound store too, but worth knowing. */
export const storeNotes: readonly Omit<StoreRule, 'repair'>[] = [
  {
    sentence:
      'texts that several signals share though they were written within a week: two of one, unless they were split by hand',
    // Keys below 2^47 are those of exact texts (domain/fingerprint.ts).
    query: `SELECT count(*) AS count FROM (SELECT 1 FROM fingerprints WHERE key < ${2 ** 47}
       GROUP BY key HAVING count(*) > 1 AND max(createdAt) - min(createdAt) < ${7 * dayMs})`,
  },
];
