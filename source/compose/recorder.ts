import type { LoadedConfig } from '../config/load.ts';
import { resolveLogPath } from '../config/paths.ts';
import { secretScrubber } from '../config/secrets.ts';
import { recorder } from '../error-recorder.ts';
import { spoolPathOf } from '../error-spool.ts';
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
export async function aimRecorderAtDefaults(): Promise<void> {
  const { loadConfig } = await import('../config/load.ts');
  const { sourceSchema } = await import('../sources/open.ts');
  aimRecorder(loadConfig({ sourceSchema, cwd: process.cwd(), env: {}, explicitPath: null }));
}
