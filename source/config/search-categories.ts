import type { z } from 'zod';
import { nearestTo } from '../domain/nearest-word.ts';
import { unknownCategories } from '../domain/search-named.ts';
import { parseSearch } from '../domain/search-parser.ts';
import type { Category } from '../domain/taxonomy.ts';

interface WithSearches {
  readonly taxonomy: readonly Category[];
  readonly views: readonly { readonly query: string }[];
  readonly rules: readonly { readonly query: string; readonly urgent: string }[];
  readonly tui: { readonly alertOn: string };
  readonly retention: { readonly signals: readonly { readonly search: string }[] };
}

/** Reports categories that a search of the file names and that its taxonomy does not have. */
export function checkSearchCategories(config: WithSearches, context: z.RefinementCtx): void {
  const ids = config.taxonomy.map(({ id }) => id);
  const searches = [
    ...config.views.map(({ query }, index) => ({ text: query, path: ['views', index, 'query'] })),
    ...config.rules.flatMap(({ query, urgent }, index) => [
      { text: query, path: ['rules', index, 'query'] },
      { text: urgent, path: ['rules', index, 'urgent'] },
    ]),
    { text: config.tui.alertOn, path: ['tui', 'alertOn'] },
    ...config.retention.signals.map(({ search: text }, index) => ({
      text,
      path: ['retention', 'signals', index, 'search'],
    })),
  ];
  for (const { text, path } of searches) {
    const parsed = parseSearch(text);
    if (!parsed.ok || parsed.value.node === null) continue;
    for (const id of unknownCategories(parsed.value.node, ids)) {
      const nearest = nearestTo(id, ids);
      const hint = nearest === null ? '' : `; did you mean "${nearest}"?`;
      const message = `a search for categories of the taxonomy (${ids.join(', ')}), of which "${id}" is none${hint}`;
      context.addIssue({ code: 'custom', path, message });
    }
  }
}
