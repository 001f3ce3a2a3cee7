import type { ScheduleSettings } from '../config/schema.ts';
import { summarizeError, UserError } from '../errors.ts';
import type { Harvester, SourceHealth } from '../harvester/harvester.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../ports/clock.ts';
import { Routine } from './routine.ts';
import type { Runs } from './run-desk.ts';
import { readWhen, type When } from './when.ts';

interface SchedulerParts {
  readonly harvester: Pick<Harvester, 'sources' | 'runs'>;
  readonly runs: Pick<Runs, 'begin'>;
  readonly settings: ScheduleSettings;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** 0 to 1. */
  random(): number;
}

/** Sources that are run together. */
interface Lane {
  readonly name: string;
  readonly sources: readonly string[];
  readonly when: When;
  nextAt: number | null;
}

const retryMs = 15_000;
const hourMs = 3_600_000;

/**
 * Runs the sources when they are due. One run at a time: what is due meanwhile
 * is run right after, once, however often it was due; so is what was missed
 * while the machine slept or the program was down.
 */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #lanes: readonly Lane[];
  readonly #startedAt: number;
  readonly #routine: Routine;

  private constructor(parts: SchedulerParts, lanes: readonly Lane[]) {
    this.#parts = parts;
    this.#lanes = lanes;
    this.#startedAt = parts.clock.now();
    this.#routine = new Routine(parts.clock);
  }

  /** @throws UserError `bad-schedule`, `unknown-source` */
  static async open(parts: SchedulerParts): Promise<Scheduler> {
    const sources = await parts.harvester.sources.list();
    return new Scheduler(parts, lanesOf(parts, sources));
  }

  start(): void {
    this.#routine.start(
      () => this.#work(),
      (error) => this.#parts.logger.error({ err: error }, 'the schedule has failed'),
    );
  }

  async stop(): Promise<void> {
    await this.#routine.stop();
  }

  /** When the next run is due; null when none is. */
  get nextAt(): number | null {
    const times = this.#lanes.flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]));
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Why the newest run is too long ago, in words; null while it is not. */
  async overdue(): Promise<string | null> {
    const { harvester, settings, clock } = this.#parts;
    const now = clock.now();
    const pauses = this.#lanes.flatMap(({ when }) => when.pauseMs(now) ?? []);
    const limitMs =
      settings.staleAfterHours > 0
        ? settings.staleAfterHours * hourMs
        : pauses.length === 0
          ? Number.POSITIVE_INFINITY
          : 3 * Math.min(...pauses) + settings.jitterSeconds * 1000;
    const [newest] = await harvester.runs.list(1);
    // A run that lasts is not late.
    if (newest?.state === 'running') return null;
    const since = Math.max(newest?.finishedAt ?? newest?.startedAt ?? 0, this.#startedAt);
    const lateMs = now - since;
    return lateMs > limitMs ? `no run for ${Math.round(lateMs / 60_000)} minutes` : null;
  }

  async #work(): Promise<void> {
    const { clock } = this.#parts;
    for (;;) {
      await this.#routine.sleepUntil(this.nextAt);
      const due = this.#lanes.filter(({ nextAt: at }) => at !== null && at <= clock.now());
      if (due.length > 0) await this.#run(due);
    }
  }

  async #run(due: readonly Lane[]): Promise<void> {
    const { runs, clock, logger } = this.#parts;
    const begunAt = clock.now();
    try {
      const sources = [...new Set(due.flatMap((lane) => lane.sources))];
      const { ended } = await runs.begin({ sources }, `schedule: ${due.map(({ name }) => name).join(', ')}`);
      for (const lane of due) lane.nextAt = this.#later(lane.when.next(begunAt));
      await ended;
    } catch (error) {
      for (const lane of due) lane.nextAt = clock.now() + retryMs;
      const { code, message } = summarizeError(error);
      if (code === 'run-in-progress') logger.info({ reason: message }, 'a scheduled run waits');
      else logger.error({ err: error }, 'a scheduled run could not begin');
    }
  }

  #later(at: number | null): number | null {
    return at === null ? null : at + this.#parts.random() * this.#parts.settings.jitterSeconds * 1000;
  }
}

function lanesOf({ settings, clock, random }: SchedulerParts, sources: readonly SourceHealth[]): Lane[] {
  const { every, timeZone } = settings;
  const unknown = Object.keys(settings.sources).filter((name) => sources.every((each) => each.name !== name));
  if (unknown.length > 0) {
    throw new UserError(
      'unknown-source',
      `schedule.sources names ${unknown.join(', ')}, which is no source.`,
      {
        fix: `The configuration has: ${sources.map(({ name }) => name).join(', ') || 'no sources yet'}.`,
      },
    );
  }
  const now = clock.now();
  const jitterMs = settings.jitterSeconds * 1000;
  const enabled = sources.filter((source) => source.enabled);
  const lane = (name: string, text: string, members: readonly SourceHealth[]): Lane[] => {
    const when = readWhen(text, timeZone);
    if (members.length === 0) return [];
    const asked = members.map(({ lastSuccessAt, lastErrorAt }) =>
      Math.max(lastSuccessAt ?? 0, lastErrorAt ?? 0),
    );
    // What was never asked is due at once, unless it is never due.
    const lastAt = Math.min(...asked);
    const next = lastAt === 0 && when.next(now) !== null ? now : when.next(lastAt);
    const nextAt = next === null ? null : Math.max(next, now) + random() * jitterMs;
    return [{ name, sources: members.map((member) => member.name), when, nextAt }];
  };
  const own = Object.entries(settings.sources).flatMap(([name, text]) =>
    lane(
      name,
      text,
      enabled.filter((source) => source.name === name),
    ),
  );
  const rest = enabled.filter(({ name }) => settings.sources[name] === undefined);
  return [...own, ...lane('all', every, rest)];
}
