import { summarizeError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoreTotals } from '../ports/desk-store.ts';
import type { Pending } from '../ports/pipeline-store.ts';
import type { Store } from '../ports/store.ts';
import type { DoctorParts } from './doctor.ts';

/** Counts over the life of the store, and what is still to be done. */
export interface Totals extends StoreTotals {
  readonly pending: Pending;
}

/** Whether the store can serve. */
export interface Readiness {
  /** Null when it can be written; else why not, in words. */
  readonly storeFault: string | null;
  /** Migrations that are not applied. */
  readonly pendingMigrations: readonly string[];
  /** Environment variables that enabled sources need, and whether each is set. */
  readonly keys: readonly { readonly variable: string; readonly neededBy: string; readonly set: boolean }[];
}

/** What an operator's instruments ask for. */
export interface Upkeep {
  totals(): Promise<Totals>;
  readiness(): Promise<Readiness>;
  /** Daily work: forgets idempotency keys after a day, pushed posts that were taken, and old audit entries. */
  tidy(auditDays: number): Promise<void>;
}

interface UpkeepParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly keys: DoctorParts['keys'];
  readonly pruneAudit: (days: number) => Promise<number>;
}

const msPerDay = 86_400_000;

export function createUpkeep({ store, clock, keys, pruneAudit }: UpkeepParts): Upkeep {
  return {
    totals: async () => ({ ...(await store.totals()), pending: await store.pending() }),
    readiness: async () => {
      const storeFault = await store.probeWrite().then(
        () => null,
        (error: unknown) => summarizeError(error).message,
      );
      const pendingMigrations = (await store.migrations()).pending;
      return { storeFault, pendingMigrations, keys };
    },
    tidy: async (auditDays) => {
      await store.prunePushed(clock.now() - msPerDay);
      await pruneAudit(auditDays);
    },
  };
}
