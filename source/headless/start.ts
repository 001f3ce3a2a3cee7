import type { ScheduleSettings, ServerSettings } from '../config/schema.ts';
import { keyFault } from '../domain/access.ts';
import { UserError } from '../errors.ts';
import type { Recorder } from '../harvester/breadcrumbs.ts';
import type { Harvester } from '../harvester/harvester.ts';
import { EventRing } from '../http/event-ring.ts';
import { isLoopback } from '../http/loopback.ts';
import { createServer } from '../http/server.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../ports/clock.ts';
import { Runs } from './run-desk.ts';
import { Scheduler } from './scheduler.ts';
import { SnapshotSchedule } from './snapshot-schedule.ts';
import { readWhen } from './when.ts';

export interface HeadlessParts {
  readonly harvester: Harvester;
  readonly server: ServerSettings;
  readonly schedule: ScheduleSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly recorder?: Recorder;
  readonly version: string;
  readonly topic: string;
  readonly categories: readonly string[];
  scrub(text: string): string;
  random(): number;
}

export interface Headless {
  /** Where it listens: `http://127.0.0.1:8707`. */
  readonly address: string;
  /** Lets what is in flight end, within `server.drainMs`. */
  close(): Promise<void>;
}

const tidyEveryMs = 86_400_000;
/** Requests take milliseconds; they get this much even when the run used up its time. */
const leastDrainMs = 1000;

/**
 * The schedule and the HTTP server.
 *
 * @throws UserError `no-keys` when it would listen to others without a key, `cannot-listen`, `bad-schedule`
 */
export async function startHeadless(parts: HeadlessParts): Promise<Headless> {
  const { harvester, server: settings, clock, logger } = parts;
  await refuseOpenDoor(parts);
  const events = new EventRing();
  const runs = new Runs(harvester, events, logger);
  const scheduler = await Scheduler.open({ ...parts, settings: parts.schedule, runs });
  const snapshots = new SnapshotSchedule({
    snapshots: harvester.snapshots,
    when: readWhen(parts.schedule.snapshots, parts.schedule.timeZone),
    clock,
    logger,
  });
  const server = await createServer({
    harvester,
    settings,
    runs,
    events,
    logger,
    ...(parts.recorder && { recorder: parts.recorder }),
    version: parts.version,
    topic: parts.topic,
    categories: parts.categories,
    now: () => clock.now(),
    scrub: parts.scrub,
    overdue: () => scheduler.overdue(),
  });
  const address = await server.listen().catch((error: unknown) => {
    throw cannotListen(error, settings);
  });
  scheduler.start();
  snapshots.start();
  const tidy = () =>
    void harvester.upkeep
      .tidy(settings.auditDays)
      .catch((error: unknown) => logger.warn({ err: error }, 'tidying has failed'));
  const tidying = setInterval(tidy, tidyEveryMs);
  tidy();
  logger.info({ address, nextRunAt: scheduler.nextAt, version: parts.version }, 'listening');
  return {
    address,
    close: async () => {
      logger.info('ending: requests and the run in progress may finish');
      clearInterval(tidying);
      server.drain();
      const deadline = performance.now() + settings.drainMs;
      // The run first: what a run ends with is told to those who listen.
      await within(settings.drainMs, Promise.all([runs.close(), scheduler.stop(), snapshots.stop()]));
      await server.close(Math.max(leastDrainMs, deadline - performance.now()));
      logger.info('ended');
    },
  };
}

/** Whatever has not ended by then is left to the end of the process, which loses nothing. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

async function refuseOpenDoor({ harvester, server, clock, logger }: HeadlessParts): Promise<void> {
  const keys = await harvester.keys.list();
  if (keys.some((key) => keyFault(key, clock.now()) === null)) return;
  if (!isLoopback(server.host)) {
    throw new UserError('no-keys', `There is no API key, so the server does not listen on ${server.host}.`, {
      fix: 'Make one with "signal-harvester keys create --name NAME --scope read", or set server.host to 127.0.0.1.',
    });
  }
  if (server.allowWithoutKey) logger.warn('there is no API key: everybody on this machine may use the API');
  else {
    logger.warn(
      'there is no API key: only /health answers. "signal-harvester keys create" makes one, server.allowWithoutKey lets this machine in without',
    );
  }
}

function cannotListen(error: unknown, { host, port }: ServerSettings): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND'].includes(code)) return error;
  const reason = code === 'EADDRINUSE' ? 'another program listens there' : code;
  return new UserError('cannot-listen', `The server cannot listen on ${host}:${port}: ${reason}.`, {
    fix: 'Set server.port (SIGNAL_HARVESTER_SERVER__PORT) or server.host to one that is free and yours.',
    cause: error,
  });
}
