import { consentVersion, msPerUsageDay, type UsageCount, usageDayOf, usageName } from '../domain/usage.ts';
import type { UsagePayload } from '../domain/usage-payload.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Clock } from '../ports/clock.ts';
import type { UsageCollector, UsageConsent, UsageStore } from '../ports/usage.ts';
import type { Finding } from './doctor.ts';

/** Whether anything is counted, and whether anything leaves this machine. */
export interface UsageStatus {
  readonly recording: boolean;
  readonly sending: boolean;
  /** Why, in a sentence each. */
  readonly reasons: readonly string[];
  readonly doNotTrack: boolean;
  /** Host of the collector; null when there is none. */
  readonly collector: string | null;
  /** Null before anybody has answered. */
  readonly consent: (UsageConsent & { readonly current: boolean }) | null;
  /** The last day that was sent. Midnight, UTC, in milliseconds. */
  readonly sentThrough: number | null;
  readonly keepDays: number;
}

export interface UsageReport {
  readonly days: number;
  readonly counts: number;
  readonly collector: string;
}

/** What of the program is used. It stays in the store unless a collector is set and the person has agreed. */
export interface Usage {
  /** Adds to the counts; nothing where nothing may be counted. Names that are not the program's own become "other". */
  record(counts: readonly UsageCount[]): Promise<void>;
  status(): Promise<UsageStatus>;
  /** From a day on, oldest first. */
  list(since: number): Promise<readonly UsageCount[]>;
  /** What would be sent now, whether or not it may be. */
  payload(): Promise<UsagePayload>;
  consent(given: boolean): Promise<UsageStatus>;
  /** @throws UserError `usage-not-sent`: it may not be, or the collector did not take it */
  send(): Promise<UsageReport>;
  /** All counts, and the id. Returns how many rows there were. */
  forget(): Promise<number>;
}

/** What the configuration and the environment say. */
export interface UsageSetup {
  readonly record: boolean;
  readonly doNotTrack: boolean;
  readonly keepDays: number;
  readonly collector: UsageCollector | null;
  readonly version: string;
  readonly platform: string;
  readonly nodeMajor: number;
}

/** Nothing is counted. */
export const uncounted: UsageSetup = {
  record: false,
  doNotTrack: false,
  keepDays: 400,
  collector: null,
  version: 'unknown',
  platform: 'unknown',
  nodeMajor: 0,
};

interface UsageParts {
  readonly store: UsageStore;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info'>;
  readonly usage: UsageSetup;
}

const mostNamesOfADay = 500;

export function createUsage({ store, clock, logger, usage: setup }: UsageParts): Usage & {
  /** After a run: sends if it may and a day has passed. Never rejects; failures stand in the log. */
  sendIfDue(): Promise<void>;
} {
  const state = () => store.usageState(crypto.randomUUID());
  const status = async (): Promise<UsageStatus> => {
    const { consent, sentThrough } = await state();
    const { record, doNotTrack, collector, keepDays } = setup;
    const current = consent?.version === consentVersion;
    const recording = record && !doNotTrack;
    const sending = recording && collector !== null && consent?.given === true && current;
    const reasons = [
      ...(doNotTrack ? ['DO_NOT_TRACK is set: nothing is counted and nothing is sent.'] : []),
      ...(record ? [] : ['usage.record is false: nothing is counted.']),
      ...(recording ? ['Counts are kept in the store on this machine.'] : []),
      collector === null
        ? 'There is no collector (usage.collectorUrl): nothing leaves this machine.'
        : sending
          ? `Days that are over are sent to ${collector.where}, at most once a day.`
          : consent === null
            ? `Nobody has agreed to sending to ${collector.where}: nothing leaves this machine.`
            : !consent.given
              ? `Sending to ${collector.where} was refused: nothing leaves this machine.`
              : current
                ? 'So nothing leaves this machine, though somebody agreed.'
                : 'What was agreed to has changed since: nothing is sent until it is agreed to again.',
    ];
    return {
      recording,
      sending,
      reasons,
      doNotTrack,
      collector: collector?.where ?? null,
      consent: consent === null ? null : { ...consent, current },
      sentThrough,
      keepDays,
    };
  };
  const payload = async (): Promise<UsagePayload> => {
    const { installId, sentThrough } = await state();
    const today = usageDayOf(clock.now());
    const since = sentThrough === null ? today - 31 * msPerUsageDay : sentThrough + msPerUsageDay;
    const over = (await store.usage(since)).filter(({ day }) => day < today);
    const { version, platform, nodeMajor } = setup;
    const { payloadDays, usagePayloadSchema } = await import('../domain/usage-payload.ts');
    return usagePayloadSchema.parse({
      schemaVersion: 1,
      installId,
      version,
      platform,
      nodeMajor,
      days: payloadDays(over),
    });
  };
  const send = async (): Promise<UsageReport> => {
    const { collector } = setup;
    const { sending, reasons, recording, doNotTrack } = await status();
    if (!sending || collector === null) {
      const fix = doNotTrack
        ? 'Take DO_NOT_TRACK out of the environment, if this is meant to be sent.'
        : recording
          ? 'Set usage.collectorUrl, and agree with "signal-harvester usage consent --yes".'
          : 'Set usage.record to true; only what is counted can be sent.';
      throw notSent(reasons.join(' '), fix);
    }
    const message = await payload();
    const last = message.days.at(-1);
    const report = {
      days: message.days.length,
      counts: message.days.reduce((sum, { counts }) => sum + counts.length, 0),
      collector: collector.where,
    };
    if (last === undefined) return report;
    const failure = await collector.send(message);
    if (failure !== null) {
      const fix = 'Try again later; what was not sent is sent with the next.';
      throw notSent(`${collector.where}: ${failure}`, fix, 4);
    }
    await store.saveUsageState({ sentThrough: Date.parse(last.day) });
    return report;
  };
  return {
    record: async (counts) => {
      if (!setup.record || setup.doNotTrack || counts.length === 0) return;
      const keepFrom = usageDayOf(clock.now()) - setup.keepDays * msPerUsageDay;
      const named = counts.map((each) => ({ ...each, name: usageName(each.kind, each.name) }));
      await store.addUsage(named, keepFrom, mostNamesOfADay);
    },
    status,
    list: (since) => store.usage(since),
    payload,
    consent: async (given) => {
      await state();
      await store.saveUsageState({ consent: { given, at: clock.now(), version: consentVersion } });
      return status();
    },
    send,
    forget: async () => {
      await state();
      return store.forgetUsage(crypto.randomUUID());
    },
    sendIfDue: async () => {
      try {
        if (setup.collector === null || !(await status()).sending) return;
        // A look at nothing is no try.
        if ((await payload()).days.length === 0) return;
        const now = clock.now();
        if (!(await store.claimUsageSend(now, now - msPerUsageDay))) return;
        const { days, collector } = await send();
        if (days > 0) logger.info({ days, collector }, 'usage sent');
      } catch (error) {
        logger.info({ err: error }, 'usage was not sent');
      }
    },
  };
}

/** A line of doctor where anything is set about it; as it comes, counting needs no words. */
export function tellUsage({ doNotTrack, collector, reasons }: UsageStatus): Finding | null {
  return doNotTrack || collector !== null ? { state: 'ok', finding: reasons.join(' '), fix: null } : null;
}

function notSent(message: string, fix: string, exitCode: 2 | 4 = 2): UserError {
  return new UserError('usage-not-sent', message, { fix, exitCode });
}
