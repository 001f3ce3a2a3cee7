import { composeHarvester } from '../compose.ts';
import type { LoadedConfig } from '../config/load.ts';
import { changeScoreSettings } from '../domain/score-settings.ts';
import { mergeTimings } from '../domain/timings.ts';
import type { Harvester } from '../harvester/harvester.ts';
import { systemClock } from '../ports/clock.ts';
import type { LogForm } from './logger.ts';
import { scoreSettings } from './score-settings.ts';
import { connectHarvester } from './threads.ts';

export { systemClock };

/**
 * The application for a server: pages are read in this thread, where the
 * answer is made; whatever may take long works in threads of its own.
 */
export async function composeServed(loaded: LoadedConfig, stdout: LogForm): Promise<Harvester> {
  const [near, far] = await Promise.all([
    composeHarvester(loaded, { stdout: null, log: stdout }),
    connectHarvester(loaded, stdout),
  ]);
  let settings = scoreSettings(loaded);
  return {
    ...far,
    scoring: {
      ...far.scoring,
      save: async (change) => {
        const saved = await far.scoring.save(change);
        settings = changeScoreSettings(settings, saved.after);
        await near.scoring.adopt(settings);
        return saved;
      },
    },
    signals: {
      ...far.signals,
      // A search may take long to find little.
      page: (request) => (request.search === undefined ? near : far).signals.page(request),
      get: near.signals.get,
      version: near.signals.version,
    },
    keys: { ...far.keys, verifiers: near.keys.verifiers },
    timings: {
      ...far.timings,
      read: async () => mergeTimings(await Promise.all([near.timings.read(), far.timings.read()])),
    },
    close: async () => {
      await Promise.all([near.close(), far.close()]);
    },
  };
}
