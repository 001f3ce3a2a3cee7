import type { View } from '../domain/view.ts';
import type { Logger } from '../log.ts';
import type { PartOfHarvester } from './deferred.ts';
import type { HarvesterParts } from './harvester-parts.ts';
import { createSignalLists, type ListParts } from './signal-lists.ts';
import { createUsage, type UsageSetup } from './usage.ts';
import { createViews } from './views.ts';
import { wakingLists } from './waking.ts';

export interface ReadingParts extends Omit<ListParts, 'scoring'>, Pick<HarvesterParts, 'scoring'> {
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Views of the configuration. */
  readonly views: readonly View[];
  readonly usage: UsageSetup;
  close?(): Promise<void>;
}

/**
 * What lists and the first screen ask for, on an open store: a part of the
 * application that needs nothing else of it, and so is there at once.
 */
export function createReading(parts: ReadingParts): PartOfHarvester {
  const { store, clock, views } = parts;
  const lists = createSignalLists(parts);
  const { record } = createUsage(parts);
  return {
    signals: wakingLists(parts, lists),
    views: createViews({ store, clock, lists, views }),
    runs: { list: (limit, before) => store.runs(limit, before), get: (id) => store.run(id) },
    usage: { record },
    store: {
      status: async () => ({ path: store.path, ...(await store.size()), ...(await store.migrations()) }),
    },
    close: async () => {
      await store.close();
      await parts.close?.();
    },
  };
}
