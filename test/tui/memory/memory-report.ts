import type { Harvester } from '../../../source/harvester/harvester.ts';

/** A report of what an insight counts, without examples and decisions. */
export function memoryReport(read: Harvester['insight']['read'], now: () => number): Harvester['report'] {
  return {
    make: async ({ since, until, search = null, view = null, timeZone = 'UTC' }) => ({
      version: 1,
      topic: 'memory',
      madeAt: now(),
      timeZone,
      view,
      search,
      insight: await read({ since, until, timeZone, ...(search === null ? {} : { search }) }),
      categories: [],
      decisions: { decisions: 0, signals: 0, outcomes: [], people: [], escalated: [], capped: false },
      method: {
        programVersion: '0.0.0',
        analyzers: [],
        unanalyzed: { signals: 0, capped: false },
        failing: [],
        examplesPerCategory: 0,
        examplesCapped: false,
      },
    }),
  };
}
