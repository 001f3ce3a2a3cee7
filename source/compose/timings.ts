import type { LoadedConfig } from '../config/load.ts';
import { TimingBook } from '../domain/timings.ts';
import type { Logger } from '../log.ts';
import type { SlowQuery, StoreWatch } from '../ports/timings.ts';

/** The timings of this thread, and what the store is given to tell slow queries with. */
export function openTimings({ config }: Pick<LoadedConfig, 'config'>): {
  readonly timings: TimingBook;
  readonly watch: StoreWatch;
  /** What was told before there was a log is written now. */
  logTo(logger: Pick<Logger, 'warn'>): void;
} {
  const timings = new TimingBook();
  let early: SlowQuery[] = [];
  let log = (slow: SlowQuery): void => {
    early.push(slow);
  };
  const fromMs = config.log.slowQueryMs;
  const slow = fromMs === 0 ? undefined : { fromMs, tell: (query: SlowQuery) => log(query) };
  return {
    timings,
    watch: { timings, slow },
    logTo: (logger) => {
      log = ({ ms, ...query }) => logger.warn({ ...query, ms: Math.round(ms) }, 'slow query');
      for (const query of early) log(query);
      early = [];
    },
  };
}
