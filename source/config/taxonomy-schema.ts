import { z } from 'zod';
import { nearestTo } from '../domain/nearest-word.ts';
import { factorRange } from '../domain/score-settings.ts';
import { type Category, defaultTaxonomy, otherCategory } from '../domain/taxonomy.ts';

/** What a category or a source may multiply a score by. */
export const factor = z.number().min(factorRange.min).max(factorRange.max);

const category = z.strictObject({
  id: z
    .string()
    .regex(
      /^(?=.{1,40}$)[a-z0-9]+(?:-[a-z0-9]+)*$/,
      'an id of lower-case letters and digits with "-" between words (at most 40)',
    )
    .describe('Unique name of the category; kept with the signals and typed behind --category'),
  description: z.string().min(1).max(300).describe('What belongs to it, in words that a model reads'),
  examples: z
    .array(z.string().min(1).max(200))
    .max(20)
    .default([])
    .describe('What people write who mean it; phrases that offline looks for when the category is your own'),
  boost: factor.default(1).describe('Factor on the score; 1 is neutral'),
});

/** More than a model can tell apart, and than an analyst can remember. */
const mostCategories = 30;

/** The categories of a signal, most pressing first. */
export const taxonomySchema = z
  .array(category)
  .superRefine((taxonomy, context) => {
    if (taxonomy.length > mostCategories)
      context.addIssue({ code: 'custom', path: [], message: `at most ${mostCategories} categories` });
    const first = new Map<string, number>();
    for (const [index, { id }] of taxonomy.entries()) {
      const earlier = first.get(id);
      if (earlier === undefined) first.set(id, index);
      else {
        const message = `an id of its own: taxonomy[${earlier}] has this one`;
        context.addIssue({ code: 'custom', path: [index, 'id'], message });
      }
    }
    if (!first.has(otherCategory)) {
      const message = `a list with the category "${otherCategory}", where posts go that are none of the others: add "- { id: ${otherCategory}, description: none of these }"`;
      context.addIssue({ code: 'custom', path: [], message });
    }
  })
  .default(defaultTaxonomy.map((each) => ({ ...each, examples: [...each.examples] })))
  .describe('What a signal can be about, most pressing first');

/** Reports boosts of categories that the taxonomy does not have. */
export function checkBoosts(
  config: { readonly taxonomy: readonly Category[]; readonly score: { categories: Record<string, number> } },
  context: z.RefinementCtx,
): void {
  const ids = config.taxonomy.map(({ id }) => id);
  for (const id of Object.keys(config.score.categories)) {
    if (ids.includes(id)) continue;
    const nearest = nearestTo(id, ids);
    const hint = nearest === null ? '' : `; did you mean "${nearest}"?`;
    const message = `the name of a category of the taxonomy (${ids.join(', ')})${hint}`;
    context.addIssue({ code: 'custom', path: ['score', 'categories', id], message });
  }
}
