import type { SearchNode, WordField } from './search.ts';
import { categoryIds } from './taxonomy.ts';

/** What is looked for in a field, wherever it stands in the search. */
export function wordsOf(node: SearchNode, field: WordField): readonly string[] {
  switch (node.node) {
    case 'all':
    case 'any':
      return node.terms.flatMap((term) => wordsOf(term, field));
    case 'not':
      return wordsOf(node.term, field);
    case 'words':
      return node.field === field ? node.values : [];
    default:
      return [];
  }
}

/**
 * Categories that the search names and that are not `known`. Those of the
 * default taxonomy are always known: built-in views name them.
 */
export function unknownCategories(node: SearchNode, known: readonly string[]): readonly string[] {
  const isKnown = new Set<string>([...known, ...categoryIds]);
  return wordsOf(node, 'category').filter((id) => !isKnown.has(id));
}

/** Whether the meaning depends on which sources there are. */
export function namesSources(node: SearchNode): boolean {
  return wordsOf(node, 'source').length > 0;
}
