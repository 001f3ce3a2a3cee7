import fc from 'fast-check';
import type { FieldNode, NumberRange, SearchNode } from '../../source/domain/search.ts';
import { searchFields } from '../../source/domain/search-fields.ts';
import { parseMoment } from '../../source/domain/search-moment.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';

/** Values to choose from where a field takes any. */
export interface TreeWords {
  readonly words: readonly string[];
  readonly authors: readonly string[];
  readonly sources: readonly string[];
  readonly tags: readonly string[];
  readonly assignees: readonly string[];
  readonly langs: readonly string[];
  readonly sites: readonly string[];
}

/** Trees as the parser makes them: no group of one, no group in one of its kind. */
export function searchTrees(words: TreeWords): fc.Arbitrary<SearchNode> {
  const { tree } = fc.letrec<{ tree: SearchNode; leaf: SearchNode; group: SearchNode; not: SearchNode }>(
    (tie) => ({
      tree: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie('leaf'), tie('group'), tie('not')),
      leaf: leaves(words),
      not: tie('tree').map((term) => ({ node: 'not', term })),
      group: fc
        .tuple(fc.constantFrom('all', 'any'), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
        .map(([node, terms]) => ({
          node,
          terms: terms.flatMap((term) => (term.node === node ? term.terms : [term])),
        })),
    }),
  );
  return tree;
}

function leaves(words: TreeWords): fc.Arbitrary<SearchNode> {
  const wordField = (field: Extract<FieldNode, { node: 'words' }>['field'], values: readonly string[]) =>
    fc
      .uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 })
      .map((chosen): SearchNode => ({ node: 'words', field, values: chosen }));
  const choices = (name: string) => searchFields.find((field) => field.name === name)?.choices ?? [];
  const number = (field: Extract<FieldNode, { node: 'number' }>['field'], value: fc.Arbitrary<number>) =>
    ranges(value).map((range): SearchNode => ({ node: 'number', field, range }));
  const moment = (field: Extract<FieldNode, { node: 'moment' }>['field']) =>
    fc
      .constantFrom(
        '90m',
        '24h',
        '7d',
        '3w',
        'today',
        'yesterday',
        'monday',
        '2026-11-01',
        '2026-11-10T12:30Z',
      )
      .map(parseMoment)
      .filter((each) => each !== null)
      .map((each): SearchNode => ({ node: 'moment', field, moment: each }));
  return fc.oneof(
    fc.record({
      node: fc.constant('text' as const),
      text: fc
        .array(fc.constantFrom(...words.words), { minLength: 1, maxLength: 2 })
        .map((each) => each.join(' ')),
      prefix: fc.boolean(),
    }),
    wordField('author', words.authors),
    wordField('source', words.sources),
    wordField('tag', words.tags),
    wordField('assignee', ['me', 'none', ...words.assignees]),
    wordField('lang', words.langs),
    wordField('link', words.sites),
    wordField('analyzer', ['offline', 'openai']),
    wordField('category', categoryIds),
    wordField('id', ['1', '7', '40', '99999']),
    ...(['status', 'sentiment', 'is', 'has'] as const).map((field) => wordField(field, choices(field))),
    number('urgency', fc.integer({ min: 0, max: 5 })),
    number('echoes', fc.integer({ min: 0, max: 3 })),
    number('score', fc.constantFrom(0, 1, 10, 50, 100)),
    number('confidence', fc.constantFrom(0, 0.5, 1)),
    moment('since'),
    moment('before'),
    moment('seen'),
  );
}

function ranges(value: fc.Arbitrary<number>): fc.Arbitrary<NumberRange> {
  return fc.oneof(
    value.map((only) => ({ min: only, max: only })),
    value.map((min) => ({ min })),
    value.map((min) => ({ min, minOpen: true })),
    value.map((max) => ({ max })),
    value.map((max) => ({ max, maxOpen: true })),
    fc.tuple(value, value).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) })),
  );
}
