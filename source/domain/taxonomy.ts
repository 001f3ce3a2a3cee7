/** One kind of thing that a signal can be about. */
export interface Category {
  readonly id: string;
  readonly description: string;
  /** Factor on the score; 1 is neutral. */
  readonly boost: number;
}

/** The default taxonomy, most pressing first. Its order breaks ties between equally likely categories. */
export const defaultTaxonomy = [
  { id: 'outage', description: 'the product or a part of it is down or unreachable for people', boost: 2 },
  { id: 'security', description: 'a vulnerability, breach, leak, fraud or abuse', boost: 1.8 },
  { id: 'churn', description: 'somebody leaves, cancels, switches away or threatens to', boost: 1.5 },
  { id: 'bug', description: 'something works wrongly, crashes, is slow or lost data', boost: 1.3 },
  { id: 'question', description: 'somebody asks how, whether, when or why', boost: 1 },
  { id: 'feature', description: 'a wish for something new or different', boost: 1 },
  { id: 'praise', description: 'thanks, a recommendation, delight', boost: 1 },
  { id: 'other', description: 'none of these, or not enough to tell', boost: 1 },
] as const satisfies readonly Category[];

export type CategoryId = (typeof defaultTaxonomy)[number]['id'];

export const categoryIds: readonly CategoryId[] = defaultTaxonomy.map((category) => category.id);
