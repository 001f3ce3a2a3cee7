import { type RawBuilder, sql } from 'kysely';
import type { Condition, FactLeaf, Flag, Indexed, Range } from '../domain/search-condition.ts';
import { langMarkOf, type Phrase, siteMarkOf } from '../domain/search-words.ts';

/** A condition without leaves about posts, as SQL on `signals`. Every value is bound. Null counts as false. */
export function conditionSql(condition: Condition): RawBuilder<boolean> {
  switch (condition.condition) {
    case 'all':
    case 'any': {
      const [only, second] = condition.of;
      if (only === undefined) return condition.condition === 'all' ? sql`TRUE` : sql`FALSE`;
      if (second === undefined) return conditionSql(only);
      const parts = condition.of.map(conditionSql);
      return sql`(${sql.join(parts, condition.condition === 'all' ? sql` AND ` : sql` OR `)})`;
    }
    case 'not':
      return sql`(${conditionSql(condition.of)}) IS NOT TRUE`;
    case 'phrase':
      throw new Error('conditions on posts have no SQL on signals');
    default:
      return factSql(condition);
  }
}

function factSql(leaf: FactLeaf): RawBuilder<boolean> {
  switch (leaf.condition) {
    case 'ids':
      return leaf.ids.length === 0 ? sql`FALSE` : sql`signals.id IN (${sql.join(leaf.ids)})`;
    case 'site':
      return sql`EXISTS (SELECT 1 FROM posts WHERE posts.signalId = signals.id
        AND instr(search_marks(posts.url, posts.link, NULL) || ' ', ${`${siteMarkOf(leaf.site)} `}) > 0)`;
    case 'lang':
      return sql`EXISTS (SELECT 1 FROM posts WHERE posts.signalId = signals.id AND lower(posts.lang) = ${leaf.lang})`;
    case 'newer':
      return sql`signals.id > ${leaf.id}`;
    case 'flag':
      return flagSql(leaf.flag);
    case 'range':
      return leaf.field === 'confidence'
        ? analysisSql(rangeSql('analyses.confidence', leaf.range))
        : rangeSql(`signals.${leaf.field}`, leaf.range);
    case 'in': {
      if (leaf.values.length === 0) return sql`FALSE`;
      const values = sql.join(leaf.values);
      if (leaf.field === 'tag') {
        return sql`EXISTS (SELECT 1 FROM signal_tags WHERE tag IN (${values}) AND signalId = signals.id)`;
      }
      if (leaf.field === 'analyzer') return analysisSql(sql`analyses.analyzer IN (${values})`);
      const column = sql.ref(`signals.${leaf.field}`);
      return leaf.values.length === 1 ? sql`${column} = ${values}` : sql`${column} IN (${values})`;
    }
  }
}

function analysisSql(of: RawBuilder<boolean>): RawBuilder<boolean> {
  return sql`EXISTS (SELECT 1 FROM analyses WHERE analyses.signalId = signals.id AND ${of})`;
}

/** A range without ends is everything that has a value at all. */
export function rangeSql(column: string, { min, minOpen, max, maxOpen }: Range): RawBuilder<boolean> {
  const value = sql.ref(column);
  if (min !== undefined && min === max && !minOpen && !maxOpen) return sql`${value} = ${min}`;
  const ends: RawBuilder<boolean>[] = [];
  if (min !== undefined) ends.push(minOpen ? sql`${value} > ${min}` : sql`${value} >= ${min}`);
  if (max !== undefined) ends.push(maxOpen ? sql`${value} < ${max}` : sql`${value} <= ${max}`);
  return ends.length === 0 ? sql`${value} IS NOT NULL` : sql`(${sql.join(ends, sql` AND `)})`;
}

function flagSql(flag: Flag): RawBuilder<boolean> {
  switch (flag) {
    case 'regressed':
      return sql`signals.regressed = 1`;
    case 'unanalyzed':
      return sql`signals.analyzedAt IS NULL`;
    case 'assigned':
      return sql`signals.assignee IS NOT NULL`;
    case 'corrected':
      return sql`EXISTS (SELECT 1 FROM labels WHERE labels.signalId = signals.id)`;
    case 'noted':
      return sql`EXISTS (SELECT 1 FROM notes WHERE notes.signalId = signals.id)`;
    case 'tagged':
      return sql`EXISTS (SELECT 1 FROM signal_tags WHERE signal_tags.signalId = signals.id)`;
    case 'answered':
      return sql`EXISTS (SELECT 1 FROM posts WHERE posts.signalId = signals.id AND posts.replies > 0)`;
    case 'linked':
      return sql`EXISTS (SELECT 1 FROM posts WHERE posts.id = signals.leadPostId AND posts.link IS NOT NULL)`;
    case 'answering':
      return sql`EXISTS (SELECT 1 FROM posts WHERE posts.id = signals.leadPostId
        AND (posts.parentUrl IS NOT NULL OR posts.parentText IS NOT NULL))`;
  }
}

/** The leaf in the language of FTS5. Words are letters, digits and marks only, so nothing in them can be syntax. */
export function matchText(leaf: Indexed): string {
  if (leaf.condition === 'site') return `marks : "${siteMarkOf(leaf.site)}"`;
  if (leaf.condition === 'lang') return `marks : "${langMarkOf(leaf.lang)}"`;
  return leaf.in === 'author' ? `author : ${phraseText(leaf.phrase)}` : phraseText(leaf.phrase);
}

function phraseText({ words, prefix }: Phrase): string {
  return `"${words.join(' ')}"${prefix ? ' *' : ''}`;
}
