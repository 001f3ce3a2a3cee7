import { categoryIds } from '../../source/domain/taxonomy.ts';
import { createHarvester } from '../../source/harvester/create.ts';
import type { Harvester } from '../../source/harvester/harvester.ts';
import type { HarvesterParts } from '../../source/harvester/harvester-parts.ts';
import { createTeacher } from '../../source/harvester/teacher.ts';
import type { Source } from '../../source/ports/source.ts';
import type { Store } from '../../source/ports/store.ts';
import { scriptedParts } from '../pipeline/scripted.ts';
import { untaughtParts } from './untaught.ts';

/** The whole application around a store, learning from decisions, with sources of a test and no log. */
export function application(
  store: Store,
  sources: readonly Source[] = [],
  change: Partial<HarvesterParts> = {},
): Harvester {
  return createHarvester({
    ...scriptedParts(store),
    ...untaughtParts(store),
    learning: {
      teacher: createTeacher(store, false),
      enabled: { relevance: true, corrections: false },
      learnedWords: async () => [],
    },
    store,
    categories: categoryIds,
    analyst: 'ann',
    timeZone: 'UTC',
    views: [],
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    sources: sources.map((source) => ({
      name: source.name,
      kind: source.kind,
      enabled: true,
      target: source.name,
      open: () => source,
    })),
    openAdHoc: () => {
      throw new Error('none');
    },
    doctor: { configPath: null, nodeVersion: '24.0.0', keys: [], clockSkewMs: () => null },
    ...change,
  });
}
