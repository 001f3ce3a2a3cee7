import { type LoadedConfig, loadConfig, resolveLogPath } from '../config/load.ts';
import { secretScrubber } from '../config/secrets.ts';
import { asksNotToTrack } from '../domain/usage.ts';
import { recorder } from '../error-recorder.ts';
import { openSentryReporter } from '../error-reports/sentry.ts';
import { openErrorSpool, spoolPathOf } from '../error-spool.ts';
import type { ErrorParts } from '../harvester/errors.ts';
import { sourceSchema } from '../sources/open.ts';
import { programVersion } from '../version.ts';

/** From here on, unexpected errors of this thread are written down beside the log of this configuration. */
export function aimRecorder(loaded: LoadedConfig): void {
  recorder.aim({
    path: spoolPathOf(resolveLogPath(loaded)),
    version: programVersion(),
    scrub: secretScrubber(loaded.secrets),
  });
}

/** For what fails before there is a configuration: the places of a bare one. */
export function aimRecorderAtDefaults(): void {
  aimRecorder(loadConfig({ sourceSchema, cwd: process.cwd(), env: {}, explicitPath: null }));
}

/** Errors leave the machine only when there is somewhere to send them, a person has agreed, and nobody asked not to be tracked. */
export function openErrors(loaded: LoadedConfig): Pick<ErrorParts, 'spool' | 'reporter'> {
  const { SENTRY_DSN: dsn = '' } = loaded.secrets;
  const allowed = loaded.config.errors.report && !asksNotToTrack(process.env.DO_NOT_TRACK);
  return {
    spool: openErrorSpool(spoolPathOf(resolveLogPath(loaded))),
    reporter: allowed && dsn !== '' ? openSentryReporter(dsn) : null,
  };
}
