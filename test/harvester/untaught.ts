import type { HarvesterParts } from '../../source/harvester/harvester-parts.ts';
import { createTeacher } from '../../source/harvester/teacher.ts';
import type { Store } from '../../source/ports/store.ts';

/** The parts of an application that learns nothing and judges nobody. */
export function untaughtParts(store: Store): Pick<HarvesterParts, 'learning' | 'evaluation'> {
  return {
    learning: {
      teacher: createTeacher(store, false),
      enabled: { relevance: false, corrections: false },
      learnedWords: async () => [],
    },
    evaluation: {
      leftUsd: async () => null,
      begin: async () => undefined,
      estimate: async () => ({ requests: 0, tokens: 0, usd: 0 }),
      open: () => ({ analyze: async () => [], used: () => ({ requests: 0, tokens: 0, usd: 0 }) }),
    },
  };
}
