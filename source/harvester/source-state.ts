import type { SourceHealth } from './harvester.ts';

/**
 * Where a source stands, in one word. `limited`: the service asked for a pause
 * that is not over; `failing`: its newest attempt failed; `silent`: it answers
 * but yields less than it used to; `new`: never asked; `off`: disabled.
 */
export type SourceStanding = 'off' | 'limited' | 'failing' | 'silent' | 'new' | 'well';

/** The most pressing of what is true of a source. */
export function standingOf(source: SourceHealth): SourceStanding {
  const { enabled, limitedUntil, lastErrorAt, lastSuccessAt, silence } = source;
  if (!enabled) return 'off';
  if (limitedUntil !== null) return 'limited';
  if (lastErrorAt !== null && lastErrorAt > (lastSuccessAt ?? 0)) return 'failing';
  if (silence !== null) return 'silent';
  return lastSuccessAt === null ? 'new' : 'well';
}
