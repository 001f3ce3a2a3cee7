import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type Condition, type Indexed, isIndexed, readsPosts } from '../domain/search-condition.ts';
import type { Tables } from './schema.ts';
import { matchText, rangeSql } from './search-sql.ts';

export interface GatherLimits {
  /** A condition that few signals meet is answered by reading all of these; this many are few. */
  readonly few: number;
  /** Of words that more posts have, the newest so many are looked at. */
  readonly newestMatches: number;
}

/** All signals that can meet the conditions, found by an index other than that of the order. */
export interface Gathered {
  /** A query of their ids, each once. */
  readonly ids: RawBuilder<unknown>;
  /** True when there may be more. */
  readonly capped: boolean;
  /** The condition whose signals these are; null when it is more than one. */
  readonly by: Condition | null;
  /** Conditions that need no further look. */
  readonly met: ReadonlySet<Condition>;
}

/**
 * Signals that wait for their first score: they are not in lists by rank; in
 * others few of them are looked through, and many make indexes by rank useless.
 */
export type Unranked = 'unwanted' | 'few' | 'many';

interface Way {
  readonly condition: Condition;
  /** What the index of words is asked; null when it is another index. */
  readonly match: string | null;
  readonly source: RawBuilder<unknown>;
  readonly limit: number;
}

/** The narrowest of the conditions, if it is narrow enough to begin with; null when the list must be walked. */
export async function gather(
  db: Kysely<Tables>,
  conditions: readonly Condition[],
  unranked: Unranked,
  { few, newestMatches }: GatherLimits,
): Promise<Gathered | null> {
  const ways = conditions.flatMap((condition): Way[] => {
    const match = matchOf(condition);
    if (match !== null) return [{ condition, match, source: matches(match), limit: newestMatches }];
    const source = idsOf(condition, unranked);
    return source === null ? [] : [{ condition, match: null, source, limit: few }];
  });
  if (ways.length === 0) return null;
  const counts = ways.map(({ source, limit }) => sql`(SELECT count(*) FROM (${source} LIMIT ${limit + 1}))`);
  const { rows } = await sql<{ counts: string }>`SELECT json_array(${sql.join(counts)}) AS counts`.execute(
    db,
  );
  const sizes = JSON.parse(rows[0]?.counts ?? '[]') as number[];
  const narrow = ways
    .map((way, index) => ({ ...way, size: sizes[index] ?? Infinity }))
    .filter(({ size, limit }) => size <= limit)
    .toSorted((a, b) => a.size - b.size)[0];
  if (narrow !== undefined) {
    const ids = narrow.match === null ? narrow.source : signalsOf(narrow.source);
    return {
      ids: sql`SELECT DISTINCT id FROM (${ids})`,
      capped: false,
      by: narrow.condition,
      met: new Set([narrow.condition]),
    };
  }
  const texts = ways.filter(({ condition }) => readsPosts(condition));
  if (texts.length === 0) return null;
  // Every word is common: what has them all in one post, newest first.
  const all = texts.map(({ match }) => `(${match})`).join(' AND ');
  const newest = sql`${matches(all)} ORDER BY rowid DESC LIMIT ${newestMatches}`;
  return {
    ids: sql`SELECT DISTINCT id FROM (${signalsOf(newest)})`,
    capped: true,
    by: null,
    met: new Set(texts.map(({ condition }) => condition)),
  };
}

function matches(match: string): RawBuilder<unknown> {
  return sql`SELECT rowid FROM post_words WHERE post_words MATCH ${match}`;
}

function signalsOf(postIds: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`SELECT posts.signalId AS id FROM (${postIds}) AS matched CROSS JOIN posts ON posts.id = matched.rowid
    WHERE posts.signalId IS NOT NULL`;
}

/** What the index of words is asked for a condition on posts alone; null when it cannot be asked. */
function matchOf(condition: Condition): string | null {
  if (isIndexed(condition)) return matchText(condition);
  // "One of its posts has this or that" may be asked at once; "and" may not, since two posts may share it.
  if (condition.condition !== 'any' || condition.of.length === 0) return null;
  const leaves = condition.of.filter((each): each is Indexed => isIndexed(each));
  return leaves.length < condition.of.length
    ? null
    : leaves.map((leaf) => `(${matchText(leaf)})`).join(' OR ');
}

/** Ids by an index of the store (perhaps some twice); null when there is none for the condition. */
function idsOf(condition: Condition, unranked: Unranked): RawBuilder<unknown> | null {
  switch (condition.condition) {
    case 'ids':
      return sql`SELECT value AS id FROM json_each(${JSON.stringify(condition.ids)})`;
    case 'newer':
      return sql`SELECT id FROM signals WHERE id > ${condition.id}`;
    case 'in': {
      if (condition.values.length === 0) return sql`SELECT id FROM signals WHERE FALSE`;
      const values = sql.join(condition.values);
      switch (condition.field) {
        case 'tag':
          return sql`SELECT signalId AS id FROM signal_tags WHERE tag IN (${values})`;
        case 'source':
        case 'assignee':
          return indexed(condition.field, sql`${sql.ref(`signals.${condition.field}`)} IN (${values})`);
        case 'status':
        case 'category':
          return rankedIndex(
            condition.field,
            sql`${sql.ref(`signals.${condition.field}`)} IN (${values})`,
            unranked,
          );
        default:
          return null;
      }
    }
    case 'range':
      if (condition.field === 'confidence' || condition.field === 'lastSeenAt') return null;
      if (condition.field === 'createdAt')
        return indexed('time', rangeSql('signals.createdAt', condition.range));
      return rankedIndex(condition.field, rangeSql(`signals.${condition.field}`, condition.range), unranked);
    case 'flag':
      return flagIds(condition.flag);
    case 'any': {
      const each = condition.of.map((one) => idsOf(one, unranked));
      const known = each.filter((one) => one !== null);
      if (known.length === 0 || known.length < each.length) return null;
      return sql.join(
        known.map((one) => sql`SELECT id FROM (${one})`),
        sql` UNION ALL `,
      );
    }
    default:
      return null;
  }
}

function indexed(index: string, where: RawBuilder<boolean>): RawBuilder<unknown> {
  return sql`SELECT id FROM signals INDEXED BY ${sql.ref(`signals_by_${index}`)} WHERE mergedInto IS NULL AND ${where}`;
}

/** By an index that leaves out what has no score yet. */
function rankedIndex(
  index: string,
  where: RawBuilder<boolean>,
  unranked: Unranked,
): RawBuilder<unknown> | null {
  if (unranked === 'many') return null;
  const ids = sql`${indexed(index, where)} AND rank IS NOT NULL`;
  if (unranked === 'unwanted') return ids;
  return sql`${ids} UNION ALL
    SELECT id FROM signals INDEXED BY signals_unranked WHERE mergedInto IS NULL AND rank IS NULL AND ${where}`;
}

function flagIds(flag: Extract<Condition, { condition: 'flag' }>['flag']): RawBuilder<unknown> | null {
  switch (flag) {
    case 'noted':
      return sql`SELECT signalId AS id FROM notes`;
    case 'corrected':
      return sql`SELECT signalId AS id FROM labels WHERE signalId IS NOT NULL`;
    case 'regressed':
      return sql`SELECT id FROM signals INDEXED BY signals_regressed WHERE regressed = 1`;
    case 'unanalyzed':
      return sql`SELECT id FROM signals INDEXED BY signals_unanalyzed WHERE analyzedAt IS NULL`;
    case 'assigned':
      return indexed('assignee', sql`signals.assignee IS NOT NULL`);
    default:
      return null;
  }
}
