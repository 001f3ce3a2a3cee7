import type { AnalysisDraft } from '../domain/analysis.ts';
import { analysisSchema } from '../domain/analysis-schema.ts';
import { cleanHidden } from '../domain/clean.ts';

/** The answer within its bounds, or null when it cannot be made sense of. */
export function acceptAnalysis(draft: unknown, categories: ReadonlySet<string>): AnalysisDraft | null {
  const parsed = analysisSchema.safeParse(clampAnalysis(draft));
  return parsed.success && categories.has(parsed.data.category) ? parsed.data : null;
}

function clampAnalysis(draft: unknown): unknown {
  if (typeof draft !== 'object' || draft === null) return draft;
  const { urgency, tags, reasoning, confidence } = draft as Record<string, unknown>;
  return {
    ...draft,
    urgency: typeof urgency === 'number' ? Math.round(Math.min(5, Math.max(0, urgency))) : urgency,
    tags: Array.isArray(tags) ? clampTags(tags) : tags,
    reasoning: typeof reasoning === 'string' ? cleanHidden(reasoning.slice(0, 400)) : reasoning,
    confidence: typeof confidence === 'number' ? Math.min(1, Math.max(0, confidence)) : confidence,
  };
}

function clampTags(tags: readonly unknown[]): string[] {
  const words = tags
    .filter((tag) => typeof tag === 'string')
    .map((tag) => cleanHidden(tag.trim().toLowerCase().slice(0, 40)));
  return [...new Set(words)].filter((tag) => tag !== '').slice(0, 8);
}
