import { createOfflineAnalyzer } from '../../../source/analyzers/offline/offline.ts';
import type { AnalysisDraft } from '../../../source/domain/analysis.ts';
import type { AnalysisRequest } from '../../../source/ports/analyzer.ts';

const analyzer = createOfflineAnalyzer();

/** The offline analysis of one post, as the pipeline would ask for it. */
export async function analyzeOne(
  text: string,
  fields: Partial<Omit<AnalysisRequest, 'text' | 'signalId'>> = {},
): Promise<AnalysisDraft> {
  const request = { signalId: 1, kind: 'x', author: null, title: null, lang: null, ...fields, text };
  const [result] = await analyzer.analyze([request], { signal: new AbortController().signal });
  if (result === undefined) throw new Error('the offline analyzer answers every request');
  return result.analysis;
}
