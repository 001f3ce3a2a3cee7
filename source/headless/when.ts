import { Cron } from 'croner';
import { UserError } from '../errors.ts';

/** When something is due next. Times in milliseconds, UTC. */
export interface When {
  /** The first time after `after`; null for never. */
  next(after: number): number | null;
  /** The usual pause between two times, measured at `at`; null for never. */
  pauseMs(at: number): number | null;
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const never: When = { next: () => null, pauseMs: () => null };

/**
 * Reads an interval (`15m`), a cron expression (`0 8 * * 1-5`) or `never`.
 *
 * @throws UserError `bad-schedule` for a cron expression or a time zone that means nothing
 */
export function readWhen(text: string, timeZone: string): When {
  if (text === 'never') return never;
  const interval = /^(\d+)([smhd])$/.exec(text);
  if (interval !== null) {
    const ms = Number(interval[1]) * (unitMs[interval[2] ?? ''] ?? 0);
    return { next: (after) => after + ms, pauseMs: () => ms };
  }
  const cron = readCron(text, timeZone);
  const next = (after: number) => cron.nextRun(new Date(after))?.getTime() ?? null;
  return {
    next,
    pauseMs: (at) => {
      // The longest of the next few: weekends are no reason to worry.
      const times = cron.nextRuns(8, new Date(at)).map((each) => each.getTime());
      const pauses = times.slice(1).map((time, index) => time - (times[index] ?? time));
      return pauses.length === 0 ? null : Math.max(...pauses);
    },
  };
}

function readCron(text: string, timeZone: string): Cron {
  try {
    const cron = new Cron(text, { timezone: timeZone, paused: true });
    cron.nextRun();
    return cron;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UserError('bad-schedule', `The schedule "${text}" (${timeZone}) means nothing: ${reason}`, {
      fix: 'Use an interval such as 15m, or five fields such as "0 8 * * 1-5", and a time zone such as Europe/Berlin.',
      cause,
    });
  }
}
