import type { Actor } from '../domain/access.ts';
import { cleanLine } from '../domain/clean.ts';
import { type ErrorGroup, type ErrorState, titleOfError } from '../domain/error-group.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { EventToTell } from '../pipeline/notify-events.ts';
import type { Clock } from '../ports/clock.ts';
import type { ErrorCount, ErrorQuery, ErrorReporter, ErrorSpool, ErrorStore } from '../ports/errors.ts';

/** Errors that are bugs, in groups. Whatever reads takes in first what waits in the spool. */
export interface ErrorBook {
  /** Last seen first. */
  list(query: ErrorQuery): Promise<readonly ErrorGroup[]>;
  /** Null when there is no such group. */
  get(id: number): Promise<ErrorGroup | null>;
  /** Says that it is mended; should it come again, it is regressed. @throws UserError `no-such-error` */
  resolve(id: number, by: Actor): Promise<ErrorGroup>;
  /** @throws UserError `no-such-error` */
  reopen(id: number, by: Actor): Promise<ErrorGroup>;
  counts(): Promise<readonly ErrorCount[]>;
  /** Sends new and regressed groups to the collector, when one is configured and allowed. Returns how many arrived. */
  report(): Promise<number>;
}

export interface ErrorParts {
  readonly store: ErrorStore;
  readonly clock: Clock;
  readonly spool: ErrorSpool;
  /** Null unless a person has agreed. */
  readonly reporter: ErrorReporter | null;
  readonly logger: Pick<Logger, 'warn'>;
}

const reportTimeoutMs = 5_000;
/** A collector that is down is not asked hundreds of times. */
const mostReported = 20;
const mostTold = 200;
const framesTold = 3;

/** Takes what waits into the store. What the store refuses goes on waiting, so nothing is lost and nobody is disturbed. */
export async function takeErrors({
  store,
  spool,
  clock,
}: Pick<ErrorParts, 'store' | 'spool' | 'clock'>): Promise<void> {
  for (const { batch, occurrences, done } of spool.waiting()) {
    try {
      await store.addErrors(batch, occurrences, clock.now());
    } catch {
      return;
    }
    done();
  }
}

export function createErrorBook(parts: ErrorParts): ErrorBook {
  const { store, clock, reporter } = parts;
  const change = async (id: number, state: 'open' | 'resolved', by: Actor): Promise<ErrorGroup> => {
    await takeErrors(parts);
    const group = await store.setErrorState(id, state, by, clock.now());
    if (group !== null) return group;
    throw new UserError('no-such-error', `There is no error ${cleanLine(String(id))}.`, {
      fix: 'Look for its number with "signal-harvester errors list" or GET /v1/errors.',
    });
  };
  return {
    list: async (query) => {
      await takeErrors(parts);
      return store.errorGroups(query);
    },
    get: async (id) => {
      await takeErrors(parts);
      return store.errorGroup(id);
    },
    resolve: (id, by) => change(id, 'resolved', by),
    reopen: (id, by) => change(id, 'open', by),
    counts: async () => {
      await takeErrors(parts);
      return store.countErrors();
    },
    report: async () => {
      if (reporter === null) return 0;
      await takeErrors(parts);
      let sent = 0;
      for (const group of await store.unreportedErrors(mostReported)) {
        try {
          await reporter.report(group, AbortSignal.timeout(reportTimeoutMs));
        } catch (error) {
          parts.logger.warn({ reason: reasonOf(error) }, 'errors could not be sent to their collector');
          return sent;
        }
        await store.markErrorReported(group.id, clock.now());
        sent += 1;
      }
      return sent;
    },
  };
}

/** What a rule tells of: each new group, and each time that one came back after it was resolved. */
export async function errorEvents(
  errors: Pick<ErrorBook, 'list'>,
  since: number,
): Promise<readonly EventToTell[]> {
  const groups = await errors.list({ states: ['open', 'regressed'], limit: mostTold });
  return groups.flatMap((group) => {
    const { fingerprint, regressedAt, firstSeenAt, count, lastVersion, id } = group;
    const at = regressedAt ?? firstSeenAt;
    if (at < since) return [];
    const [word, key] =
      regressedAt === null
        ? ['New error', `error-${fingerprint}-new`]
        : ['Error again', `error-${fingerprint}-${regressedAt}`];
    const text = [
      titleOfError(group),
      ...group.stack.split('\n').slice(0, framesTold),
      '',
      `${count} ${count === 1 ? 'time' : 'times'}, version ${lastVersion}`,
      `signal-harvester errors show ${id}`,
    ].join('\n');
    return { key, kind: 'error' as const, title: `${word}: ${titleOfError(group)}`, text, at };
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? cleanLine(error.message) : 'unknown';
}

/** Unresolved groups. */
export function countUnresolved(counts: readonly ErrorCount[]): number {
  const unresolved: readonly ErrorState[] = ['open', 'regressed'];
  return counts
    .filter(({ state }) => unresolved.includes(state))
    .reduce((total, { groups }) => total + groups, 0);
}
