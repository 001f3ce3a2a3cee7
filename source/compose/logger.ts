import type { LoadedConfig } from '../config/load.ts';
import { resolveLogPath } from '../config/paths.ts';
import { secretScrubber } from '../config/secrets.ts';
import type { Logger } from '../log.ts';

/** How log lines look on standard output; a terminal app has none there. */
export type LogForm = 'json' | 'pretty';

/** With `stdout`, lines go there, and to the log file only when one is configured. */
export async function composeLogger(
  loaded: LoadedConfig,
  stdout?: LogForm,
): Promise<{ logger: Logger; close(): Promise<void> }> {
  const { level, path, rotate, maxBytes, keep } = loaded.config.log;
  const { openLogger } = await import('../log.ts');
  return openLogger({
    level,
    rotation: { rotate, maxBytes, keep },
    path: stdout !== undefined && path === '' ? null : resolveLogPath(loaded),
    stdout,
    scrub: secretScrubber(loaded.secrets),
  });
}

/** Takes known secrets out of what leaves the program. */
export function composeScrubber({ secrets }: LoadedConfig): (text: string) => string {
  return secretScrubber(secrets);
}
