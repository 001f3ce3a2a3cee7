import { type AnalysisDraft, analysisSchema } from '../domain/analysis.ts';
import { categoryIds } from '../domain/taxonomy.ts';
import { UserError } from '../errors.ts';
import type { AnalysisRequest, AnalysisResult, Analyzer } from '../ports/analyzer.ts';

export interface ChainOptions {
  readonly signal: AbortSignal;
  /** What a person should know of: an analyzer that could not work, answers that were refused. */
  readonly onWarning?: (warning: string) => void;
  /** Categories an answer may name; the default taxonomy when not given. */
  readonly categories?: readonly string[];
}

export interface ChainResult extends AnalysisResult {
  /** Name of the analyzer that gave this answer. */
  readonly analyzer: string;
}

/**
 * Asks each analyzer in turn for the signals that no earlier one answered.
 *
 * - An analyzer that throws `UserError` is left out with a warning; what it had
 *   answered before stays. Any other error is a bug and passes through.
 * - An answer that does not fit the schema, names a category outside the
 *   taxonomy, or is to a signal that was not asked about is ignored, so that
 *   the signal falls to the next analyzer. Numbers and lists out of bounds are
 *   clamped first. The first answer to a signal counts.
 * - Aborting throws the signal's reason.
 *
 * Signals that nobody could answer are missing from the result.
 */
export async function analyzeWithChain(
  analyzers: readonly Analyzer[],
  batch: readonly AnalysisRequest[],
  options: ChainOptions,
): Promise<readonly ChainResult[]> {
  const categories = new Set(options.categories ?? categoryIds);
  const results = new Map<number, ChainResult>();
  for (const analyzer of analyzers) {
    const missing = batch.filter((request) => !results.has(request.signalId));
    if (missing.length === 0) break;
    await askOne(analyzer, missing, categories, results, options);
  }
  return [...results.values()];
}

async function askOne(
  analyzer: Analyzer,
  requests: readonly AnalysisRequest[],
  categories: ReadonlySet<string>,
  results: Map<number, ChainResult>,
  options: ChainOptions,
): Promise<void> {
  let refused = 0;
  const size = Math.max(1, analyzer.batchSize);
  for (let from = 0; from < requests.length; from += size) {
    options.signal.throwIfAborted();
    const part = requests.slice(from, from + size);
    const answers = await ask(analyzer, part, options);
    if (answers === null) break;
    const asked = new Set(part.map((request) => request.signalId));
    for (const answer of answers) {
      if (!asked.has(answer.signalId) || results.has(answer.signalId)) continue;
      const analysis = acceptAnalysis(answer.analysis, categories);
      if (analysis === null) refused += 1;
      else results.set(answer.signalId, { signalId: answer.signalId, analysis, analyzer: analyzer.name });
    }
  }
  if (refused > 0) {
    options.onWarning?.(
      `${analyzer.name} gave ${refused} ${refused === 1 ? 'answer' : 'answers'} that made no sense: went on without`,
    );
  }
}

/** Null when the analyzer cannot work at all. */
async function ask(
  analyzer: Analyzer,
  part: readonly AnalysisRequest[],
  options: ChainOptions,
): Promise<readonly AnalysisResult[] | null> {
  try {
    return await analyzer.analyze(part, { signal: options.signal, onWarning: options.onWarning });
  } catch (error) {
    if (options.signal.aborted || !(error instanceof UserError)) throw error;
    options.onWarning?.(`${analyzer.name}: ${error.message} ${error.fix}`);
    return null;
  }
}

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
    reasoning: typeof reasoning === 'string' ? reasoning.slice(0, 400) : reasoning,
    confidence: typeof confidence === 'number' ? Math.min(1, Math.max(0, confidence)) : confidence,
  };
}

function clampTags(tags: readonly unknown[]): string[] {
  const words = tags
    .filter((tag) => typeof tag === 'string')
    .map((tag) => tag.trim().toLowerCase().slice(0, 40));
  return [...new Set(words)].filter((tag) => tag !== '').slice(0, 8);
}
