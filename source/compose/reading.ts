import { userInfo } from 'node:os';
import type { LoadedConfig } from '../config/load.ts';
import type { TimingBook } from '../domain/timings.ts';
import type { ReadingParts as HarvesterReadingParts } from '../harvester/reading.ts';
import { systemClock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { programVersion } from '../version.ts';
import type { openLazily } from './lazy-log.ts';
import { scoreSettings } from './score-settings.ts';
import { openUsage } from './usage.ts';

/** What reading lists and the whole application have in common: everything else of the latter is added to these. */
export interface ReadingParts extends HarvesterReadingParts {
  readonly log: Pick<ReturnType<typeof openLazily>, 'close'> & {
    readonly logger: HarvesterReadingParts['logger'];
  };
  readonly timings: TimingBook;
}

export function readingParts(
  loaded: LoadedConfig,
  { store, log, timings }: { readonly store: Store } & Pick<ReadingParts, 'log' | 'timings'>,
): ReadingParts {
  const { config } = loaded;
  let timeZone: string | null = null;
  return {
    store,
    clock: systemClock,
    log,
    logger: log.logger,
    timings,
    scoring: {
      settings: scoreSettings(loaded),
      sourceWeights: Object.fromEntries(config.sources.map(({ name, weight }) => [name, weight])),
    },
    sources: config.sources,
    categories: config.taxonomy.map(({ id }) => id),
    analyst: config.analyst || accountName(),
    // The tables of ICU take a start some milliseconds, and most searches name no day.
    get timeZone() {
      timeZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
      return timeZone;
    },
    views: config.views,
    usage: openUsage(loaded, programVersion()),
    close: () => log.close(),
  };
}

/** Who works at this computer; an account without a name in the system's books (in a container) is "analyst". */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'analyst';
  }
}
