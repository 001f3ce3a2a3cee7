import { dirname, join, parse } from 'node:path';
import type { Logger } from 'pino';

export type { Logger };

export interface LogSettings {
  readonly level: string;
  /** Log file; pino-roll writes a number between its name and its extension. */
  readonly path: string;
}

/** Keys whose values never reach a log, wherever the value came from. */
const secretPaths = ['authorization', 'token', 'apiKey', 'password', 'secret'].flatMap((key) => [
  key,
  `*.${key}`,
]);

/**
 * A logger that writes JSON lines to a file that is rotated daily and at
 * 10 MB; the last five are kept. The file is the owner's alone.
 *
 * Loaded lazily: a command that logs nothing should not pay for it.
 */
export async function openLogger({
  level,
  path,
}: LogSettings): Promise<{ logger: Logger; close(): Promise<void> }> {
  const [{ pino }, { default: roll }] = await Promise.all([import('pino'), import('pino-roll')]);
  const { name, ext } = parse(path);
  const stream = await roll({
    file: join(dirname(path), name),
    extension: ext || '.log',
    frequency: 'daily',
    size: '10m',
    limit: { count: 5 },
    mkdir: true,
    mode: 0o600,
  });
  const logger = pino({ level, redact: { paths: secretPaths, censor: '[secret]' } }, stream);
  const close = () =>
    new Promise<void>((resolve) => {
      stream.once('close', resolve);
      stream.end();
    });
  return { logger, close };
}
