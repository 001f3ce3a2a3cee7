/** Screens that a digit leads to. */
export const screens = [
  { id: 'harvest', key: '1', name: 'Harvest' },
  { id: 'signals', key: '2', name: 'Signals' },
] as const;

export type ScreenId = (typeof screens)[number]['id'];

/** Where keys can go. Only the topmost place gets them: question, help, then the screen. */
export const places = [
  'harvest',
  'signals',
  'detail',
  'help',
  'question',
  'wizard-topic',
  'wizard-sources',
  'wizard-answer',
  'wizard-saved',
] as const;

export type Place = (typeof places)[number];

/** Places where what is typed is text; only bound keys that type nothing are commands there. */
export const prompts: readonly Place[] = ['wizard-topic', 'wizard-answer'];
