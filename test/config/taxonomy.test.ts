import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../source/config/load.ts';
import { categoryBoosts, defaultTaxonomy } from '../../source/domain/taxonomy.ts';
import { UserError } from '../../source/errors.ts';
import { sourceSchema } from '../../source/sources/open.ts';
import { makeFolder } from './folder.ts';

function load(yaml: string) {
  return loadConfig({ sourceSchema, cwd: makeFolder({ 'config.yaml': yaml }), env: {} }).config;
}

function mistakes(yaml: string): string {
  try {
    load(yaml);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return '';
}

const other = '{ id: other, description: none of these }';

describe('the taxonomy of the configuration', () => {
  it('is the default one when there is none', () => {
    expect(load('topic: acme').taxonomy).toEqual(defaultTaxonomy);
  });

  it('replaces the default one, with neutral boosts and no examples unless given', () => {
    expect(load(`taxonomy: [{ id: refund, description: money back }, ${other}]`).taxonomy).toEqual([
      { id: 'refund', description: 'money back', examples: [], boost: 1 },
      { id: 'other', description: 'none of these', examples: [], boost: 1 },
    ]);
  });

  it.each([
    ['taxonomy: []', /taxonomy is a list; expected a list with the category "other"/],
    [
      'taxonomy: [{ id: bug, description: broken }]',
      /taxonomy is a list; expected a list with the category "other", where posts go that are none of the others: add "- \{ id: other, description: none of these \}"/,
    ],
    [
      `taxonomy: [{ id: bug, description: a }, { id: bug, description: b }, ${other}]`,
      /taxonomy\[1\]\.id is the text "bug"; expected an id of its own: taxonomy\[0\] has this one/,
    ],
    [`taxonomy: [{ id: Big Bug, description: a }, ${other}]`, /an id of lower-case letters and digits/],
    [`taxonomy: [{ id: ${'a'.repeat(41)}, description: a }, ${other}]`, /at most 40/],
    [`taxonomy: [{ id: a-, description: a }, ${other}]`, /with "-" between words/],
    [`taxonomy: [{ id: bug }, ${other}]`, /taxonomy\[0\]\.description is missing/],
    [
      `taxonomy: [${Array.from({ length: 30 }, (_, index) => `{ id: c${index}, description: a }`).join()}, ${other}]`,
      /taxonomy is a list; expected at most 30 categories/,
    ],
    [
      'score: { categories: { outge: 3 } }',
      /score\.categories\.outge is 3; expected the name of a category of the taxonomy \(outage, .*\); did you mean "outage"\?/,
    ],
  ])('refuses %s', (yaml, expected) => {
    expect(mistakes(yaml)).toMatch(expected);
  });

  it('is what searches of the file may name, beside the default categories', () => {
    const own = `taxonomy: [{ id: lost-baggage, description: lost }, ${other}]`;
    const searches = (category: string) =>
      `${own}\nviews: [{ name: Bags, query: 'category:${category}' }]\nretention: { signals: [{ statuses: [inbox], olderThanDays: 9, search: '-(a OR category:${category})' }] }`;
    expect(mistakes(searches('lost-baggage'))).toBe('');
    expect(mistakes(searches('outage'))).toBe('');
    const refused = mistakes(searches('lost-bagage'));
    expect(refused).toMatch(/views\[0\]\.query .* "lost-bagage" is none; did you mean "lost-baggage"\?/);
    expect(refused).toMatch(/retention\.signals\[0\]\.search .* "lost-bagage" is none/);
  });

  it('has the boosts of the score, unless score.categories has another', () => {
    const { taxonomy, score } = load(
      `taxonomy: [{ id: refund, description: money back, boost: 3 }, ${other}]\nscore: { categories: { other: 0.5 } }`,
    );
    expect(categoryBoosts(taxonomy, score.categories)).toEqual({ refund: 3, other: 0.5 });
  });
});
