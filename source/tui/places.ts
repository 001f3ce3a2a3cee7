/** Screens that a digit leads to. */
export const screens = [
  { id: 'harvest', key: '1', name: 'Harvest' },
  { id: 'signals', key: '2', name: 'Signals' },
  { id: 'dashboard', key: '3', name: 'Dashboard' },
  { id: 'retention', key: '4', name: 'Retention' },
  { id: 'logs', key: '5', name: 'Logs' },
] as const;

export type ScreenId = (typeof screens)[number]['id'];
