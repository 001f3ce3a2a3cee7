import { summarizeTiming, TimingBook } from '../../../source/domain/timings.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';

/** A process that asked for a few pages, one of which took long, and three timed runs. */
function timedBook(): TimingBook {
  const book = new TimingBook();
  for (const ms of [0.4, 0.5, 0.5, 0.6, 31]) book.record('queries', 'signalWindow', ms);
  for (const ms of [2, 2.5, 3]) book.record('queries', 'savePage', ms);
  for (const ms of [0.2, 0.2, 0.2]) book.record('queries', 'signal', ms);
  for (const ms of [120, 180, 1420]) book.record('stages', 'fetch', ms);
  for (const ms of [12, 14, 16]) book.record('stages', 'group', ms);
  for (const ms of [40, 45, 90]) book.record('stages', 'analyze', ms);
  for (const ms of [5, 6, 7]) book.record('stages', 'score', ms);
  return book;
}

export const memoryTimings: Harvester['timings'] = {
  read: async () => timedBook().read(),
  ofRuns: async () => ({
    runs: 3,
    from: Date.UTC(2026, 10, 22, 9),
    to: Date.UTC(2026, 10, 22, 11),
    stages: timedBook()
      .read()
      .stages.map((stage) => ({ ...summarizeTiming(stage), perItemMs: null })),
    queries: [],
  }),
};
