import { openLazily } from './compose/lazy-log.ts';
import { composeLogger, type LogForm } from './compose/logger.ts';
import { readingParts } from './compose/reading.ts';
import { openTimings } from './compose/timings.ts';
import type { LoadedConfig } from './config/load.ts';
import { resolveLogPath, resolveStorePath } from './config/paths.ts';
import { recorder } from './error-recorder.ts';
import { openErrorSpool, spoolPathOf } from './error-spool.ts';
import { withBreadcrumbs } from './harvester/breadcrumbs.ts';
import { deferHarvester } from './harvester/deferred.ts';
import { takeErrors } from './harvester/errors.ts';
import type { Harvester } from './harvester/harvester.ts';
import { createReading } from './harvester/reading.ts';
import { systemClock } from './ports/clock.ts';
import { reopenableStore } from './store/reopenable.ts';
import { openStore } from './store/store.ts';

/**
 * The application in this thread. The store is opened now; everything but the
 * reading of lists is loaded when somebody asks for it (harvester/deferred.ts).
 *
 * @param stdout where notifications of that kind go; null where nobody reads it
 * @throws UserError `store-…` when the store cannot be used
 */
export async function composeHarvester(
  loaded: LoadedConfig,
  {
    stdout,
    log: logForm,
  }: { readonly stdout: NodeJS.WritableStream | null; readonly log?: LogForm | undefined } = {
    stdout: null,
  },
): Promise<Harvester> {
  const path = resolveStorePath(loaded);
  const { timings, watch, logTo } = openTimings(loaded);
  const open = () => openStore(path, undefined, () => snapshotBeforeMigration(loaded), watch);
  const { store, exchange } = reopenableStore(await open(), open);
  const log =
    logForm === undefined ? openLazily(() => composeLogger(loaded)) : await composeLogger(loaded, logForm);
  logTo(log.logger);
  // What an earlier process could not store any more.
  await takeErrors({ spool: openErrorSpool(spoolPathOf(resolveLogPath(loaded))), store, clock: systemClock });
  const parts = readingParts(loaded, { store, log, timings });
  const harvester = deferHarvester(createReading(parts), async () => {
    const { openApplication } = await import('./compose/application.ts');
    return openApplication(loaded, { ...parts, exchange, stdout });
  });
  return withBreadcrumbs(harvester, recorder);
}

async function snapshotBeforeMigration(loaded: LoadedConfig): Promise<void> {
  const { snapshotBefore } = await import('./compose/snapshots.ts');
  await snapshotBefore(loaded, 'before-migration');
}
