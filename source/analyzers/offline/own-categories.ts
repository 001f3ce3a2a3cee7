import type { AnalysisDraft } from '../../domain/analysis.ts';
import { type Category, categoryIds, otherCategory } from '../../domain/taxonomy.ts';
import type { AnalysisRequest, Analyzer } from '../../ports/analyzer.ts';
import { readText } from './reading.ts';

/** Finding a phrase that an analyst wrote down is a hint: nobody has measured how often it is right. */
const phraseConfidence = 0.5;

interface OwnPhrase {
  readonly category: string;
  readonly example: string;
  readonly words: readonly string[];
}

/**
 * The offline analyzer within a taxonomy. It was trained on the eight default
 * categories and knows no others, so:
 *
 * - a category of the analyst's own is chosen where the post holds one of its
 *   examples, word for word, and no more pressing category was found;
 * - what it would call by a name that the taxonomy does not have becomes `other`.
 */
export function keepToTaxonomy(analyzer: Analyzer, taxonomy: readonly Category[]): Analyzer {
  const places = new Map(taxonomy.map(({ id }, index) => [id, index]));
  const phrases = taxonomy
    .filter(({ id }) => !(categoryIds as readonly string[]).includes(id))
    .flatMap(ownPhrases);
  if (phrases.length === 0 && categoryIds.every((id) => places.has(id))) return analyzer;
  const adjust = (request: AnalysisRequest, draft: AnalysisDraft) =>
    within(draft, findPhrase(request, phrases), places);
  return {
    ...analyzer,
    async analyze(batch, options) {
      const requests = new Map(batch.map((request) => [request.signalId, request]));
      const results = await analyzer.analyze(batch, options);
      return results.map(({ signalId, analysis }) => {
        const request = requests.get(signalId);
        return { signalId, analysis: request === undefined ? analysis : adjust(request, analysis) };
      });
    },
  };
}

/** Categories of a taxonomy that the offline analyzer can never choose: the analyst's own without an example. */
export function unknownCategories(taxonomy: readonly Category[]): readonly string[] {
  return taxonomy
    .filter(({ id }) => !(categoryIds as readonly string[]).includes(id))
    .filter((category) => ownPhrases(category).length === 0)
    .map(({ id }) => id);
}

function ownPhrases({ id, examples }: Category): OwnPhrase[] {
  return examples
    .map((example) => ({ category: id, example, words: readText(null, example).words }))
    .filter(({ words }) => words.length > 0);
}

/** The first phrase, in the order of the taxonomy, that the post holds. */
function findPhrase({ title, text }: AnalysisRequest, phrases: readonly OwnPhrase[]): OwnPhrase | null {
  if (phrases.length === 0) return null;
  const { words } = readText(title, text);
  return phrases.find((phrase) => holds(words, phrase.words)) ?? null;
}

function holds(words: readonly string[], phrase: readonly string[]): boolean {
  for (let start = 0; start + phrase.length <= words.length; start += 1) {
    if (phrase.every((word, index) => words[start + index] === word)) return true;
  }
  return false;
}

function within(
  draft: AnalysisDraft,
  found: OwnPhrase | null,
  places: ReadonlyMap<string, number>,
): AnalysisDraft {
  const { category } = draft;
  const place = category === otherCategory ? Number.POSITIVE_INFINITY : places.get(category);
  if (found !== null && (places.get(found.category) ?? 0) < (place ?? Number.POSITIVE_INFINITY)) {
    const reasoning = `${found.category}: holds its example “${found.example}”`;
    return { ...draft, category: found.category, reasoning, confidence: phraseConfidence };
  }
  if (place !== undefined) return draft;
  const reasoning = `${otherCategory}: the taxonomy has no ${category}; ${draft.reasoning}`.slice(0, 400);
  return { ...draft, category: otherCategory, reasoning };
}
