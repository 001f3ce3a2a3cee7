/** One kind of thing that a signal can be about. */
export interface Category {
  /** Kebab-case, unique in its taxonomy. */
  readonly id: string;
  readonly description: string;
  /** What people write who mean it: words and phrases, or whole sentences. */
  readonly examples: readonly string[];
  /** Factor on the score; 1 is neutral. */
  readonly boost: number;
}

/** What every taxonomy must have: where a post goes that is none of the others. */
export const otherCategory = 'other';

/** The default taxonomy, most pressing first. Its order breaks ties between equally likely categories. */
export const defaultTaxonomy = [
  {
    id: 'outage',
    description: 'the product or a part of it is down or unreachable for people',
    examples: [],
    boost: 2,
  },
  { id: 'security', description: 'a vulnerability, breach, leak, fraud or abuse', examples: [], boost: 1.8 },
  {
    id: 'churn',
    description: 'somebody leaves, cancels, switches away or threatens to',
    examples: [],
    boost: 1.5,
  },
  {
    id: 'bug',
    description: 'something works wrongly, crashes, is slow or lost data',
    examples: [],
    boost: 1.3,
  },
  { id: 'question', description: 'somebody asks how, whether, when or why', examples: [], boost: 1 },
  { id: 'feature', description: 'a wish for something new or different', examples: [], boost: 1 },
  { id: 'praise', description: 'thanks, a recommendation, delight', examples: [], boost: 1 },
  { id: 'other', description: 'none of these, or not enough to tell', examples: [], boost: 1 },
] as const satisfies readonly Category[];

/** The categories that the offline analyzer knows by itself. */
export type CategoryId = (typeof defaultTaxonomy)[number]['id'];

export const categoryIds: readonly CategoryId[] = defaultTaxonomy.map((category) => category.id);

/** The factor of each category on the score: that of the taxonomy, unless `overrides` has another. */
export function categoryBoosts(
  taxonomy: readonly Category[],
  overrides: Readonly<Record<string, number>> = {},
): Readonly<Record<string, number>> {
  return { ...Object.fromEntries(taxonomy.map(({ id, boost }) => [id, boost])), ...overrides };
}
