import type { z } from 'zod';
import type { analysisSchema } from './analysis-schema.ts';

export const sentiments = ['negative', 'neutral', 'positive'] as const;
export type Sentiment = (typeof sentiments)[number];

/** What an analyzer says of one signal; `analysis-schema.ts` checks it. */
export type AnalysisDraft = z.infer<typeof analysisSchema>;

/** Which model made an analysis, asked in which way. */
export interface ModelMark {
  /** Service and model: `openai/gpt-5-mini`. */
  readonly name: string;
  /** Changes with the prompt, the taxonomy in it and the form of the answer. */
  readonly promptVersion: string;
}

export interface Analysis extends AnalysisDraft {
  /** Name of the analyzer that made it. */
  readonly analyzer: string;
  /** Absent where no model made it. */
  readonly model?: ModelMark;
  /** Milliseconds, UTC. */
  readonly analyzedAt: number;
}
