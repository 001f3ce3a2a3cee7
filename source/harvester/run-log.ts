import type { RunProgress } from '../domain/run.ts';
import { type UsageCount, usageDayOf } from '../domain/usage.ts';
import type { Logger } from '../log.ts';

/** A run as usage counts it. */
export function runUsage({ state, elapsedMs }: RunProgress, at: number): UsageCount {
  return {
    day: usageDayOf(at),
    kind: 'run',
    name: state,
    count: 1,
    totalMs: Math.max(0, Math.round(elapsedMs)),
  };
}

/** Counts and failures, never the text of a post. */
export function logRun(
  logger: Pick<Logger, 'info' | 'warn'>,
  { id, state, elapsedMs, signals, sources, models, warnings }: RunProgress,
): void {
  for (const { name, kind, error } of sources) {
    if (error !== null) logger.warn({ run: id, source: name, kind, error }, 'source failed');
  }
  for (const warning of warnings) logger.warn({ run: id }, warning);
  for (const spend of models) logger.info({ run: id, ...spend }, 'model asked');
  const added = sources.reduce((total, source) => total + source.added, 0);
  logger.info({ run: id, state, elapsedMs, sources: sources.length, added, signals }, 'run ended');
}
