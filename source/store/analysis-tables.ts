export interface AnalysesTable {
  signalId: number;
  category: string;
  sentiment: string;
  urgency: number;
  tags: string;
  reasoning: string;
  confidence: number;
  analyzer: string;
  analyzedAt: number;
  model: string | null;
  promptVersion: string | null;
}

export interface KeptAnswersTable {
  key: string;
  draft: string;
  keptAt: number;
}

export interface ModelDaysTable {
  model: string;
  day: number;
  requests: number;
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  microDollars: number;
}
