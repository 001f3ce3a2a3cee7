import type { LoadedConfig } from '../config/load.ts';
import { resolveLogPath } from '../config/paths.ts';
import { asksNotToTrack } from '../domain/usage.ts';
import { openSentryReporter } from '../error-reports/sentry.ts';
import { openErrorSpool, spoolPathOf } from '../error-spool.ts';
import type { ErrorParts } from '../harvester/errors.ts';

/** Errors leave the machine only when there is somewhere to send them, a person has agreed, and nobody asked not to be tracked. */
export function openErrors(loaded: LoadedConfig): Pick<ErrorParts, 'spool' | 'reporter'> {
  const { SENTRY_DSN: dsn = '' } = loaded.secrets;
  const allowed = loaded.config.errors.report && !asksNotToTrack(process.env.DO_NOT_TRACK);
  return {
    spool: openErrorSpool(spoolPathOf(resolveLogPath(loaded))),
    reporter: allowed && dsn !== '' ? openSentryReporter(dsn) : null,
  };
}
