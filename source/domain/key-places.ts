/** Where keys can go. Only the topmost place gets them: question, prompt, menu, palette, then the screen. */
export const places = [
  'harvest',
  'signals',
  'detail',
  'split',
  'weights',
  'dashboard',
  'retention',
  'diff',
  'diagnostics',
  'logs',
  'errors',
  'record',
  'menu',
  'prompt',
  'search',
  'palette',
  'question',
  'wizard-topic',
  'wizard-sources',
  'wizard-answer',
  'wizard-saved',
] as const;

export type Place = (typeof places)[number];

/** Places where what is typed is text; only bound keys that type nothing are commands there. */
export const prompts: readonly Place[] = [
  'prompt',
  'search',
  'menu',
  'palette',
  'wizard-topic',
  'wizard-answer',
];

/** Places where a character that is not bound is typed. */
export const typed: readonly Place[] = [...prompts, 'weights'];
