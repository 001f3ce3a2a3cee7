/** Every analyzer, by the name that the configuration, searches and analyses know it by; models first. */
export const analyzerNames = ['anthropic', 'openai', 'offline'] as const;
export type AnalyzerName = (typeof analyzerNames)[number];
