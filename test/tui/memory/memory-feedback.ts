import type { Diagnostics, Feedback } from '../../../source/domain/feedback.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';

/** A bundle that is longer than a small screen. */
export const sampleDiagnostics: Diagnostics = {
  version: '0.0.0',
  platform: 'linux x64',
  node: '24.0.0',
  terminal: { columns: 80, rows: 24, kind: 'xterm' },
  settings: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`some.setting${index}`, index])),
  sources: Array.from({ length: 24 }, () => ({ kind: 'rss', enabled: true, options: ['url'] })),
  notifiers: [],
  store: { posts: 12, signals: 9, bytes: 4_096, schema: '013-feedback' },
  lastRun: null,
  checks: [{ check: 'disk', state: 'ok', count: 1 }],
};

export function memoryFeedback(now: () => number): Harvester['feedback'] {
  const kept: Feedback[] = [];
  return {
    diagnostics: async (terminal) => ({ ...sampleDiagnostics, terminal }),
    send: async (feedback, origin) => {
      const given = { id: kept.length + 1, at: now(), ...feedback, ...origin };
      kept.push(given);
      return given;
    },
    list: async ({ limit }) => kept.toReversed().slice(0, limit),
    get: async (id) => kept.find((each) => each.id === id) ?? null,
    remove: async (ids) => ids.length,
  };
}
