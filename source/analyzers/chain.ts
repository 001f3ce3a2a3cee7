import type { ModelMark } from '../domain/analysis.ts';
import type { ErrorSummary } from '../domain/failure.ts';
import { categoryIds } from '../domain/taxonomy.ts';
import { summarizeError, UserError } from '../errors.ts';
import type { AnalysisRequest, AnalysisResult, Analyzer, AnalyzerOptions } from '../ports/analyzer.ts';
import { acceptAnalysis } from './accept-analysis.ts';

export interface ChainOptions extends Omit<AnalyzerOptions, 'onFailure'> {
  /** Called when an analyzer could not work, or not go on. It is warned of too. */
  readonly onFailure?: ((analyzer: string, failure: ErrorSummary) => void) | undefined;
  /** Categories an answer may name; the default taxonomy when not given. */
  readonly categories?: readonly string[];
}

export interface ChainResult extends AnalysisResult {
  /** Name of the analyzer that gave this answer. */
  readonly analyzer: string;
  readonly model?: ModelMark;
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
      else results.set(answer.signalId, resultOf(answer.signalId, analysis, analyzer));
    }
  }
  if (refused > 0) {
    options.onWarning?.(
      `${analyzer.name} gave ${refused} ${refused === 1 ? 'answer' : 'answers'} that made no sense: went on without`,
    );
  }
}

function resultOf(
  signalId: number,
  analysis: AnalysisResult['analysis'],
  { name, model }: Analyzer,
): ChainResult {
  return { signalId, analysis, analyzer: name, ...(model && { model }) };
}

/** Null when the analyzer cannot work at all. */
async function ask(
  analyzer: Analyzer,
  part: readonly AnalysisRequest[],
  options: ChainOptions,
): Promise<readonly AnalysisResult[] | null> {
  const { signal, onWarning, onLoss, onUse, fresh } = options;
  const onFailure = (failure: ErrorSummary) => {
    onWarning?.(`${analyzer.name}: ${failure.message} ${failure.fix ?? ''}`.trimEnd());
    options.onFailure?.(analyzer.name, failure);
  };
  try {
    return await analyzer.analyze(part, { signal, onWarning, onLoss, onUse, onFailure, fresh });
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error;
    onFailure(summarizeError(error));
    return null;
  }
}
