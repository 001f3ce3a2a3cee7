import type { DeliveryState } from '../domain/delivery.ts';
import type { Message } from '../domain/message.ts';
import { headlineOf } from '../domain/message.ts';
import { subjectOf, textOf } from '../domain/message-text.ts';
import {
  type RuleTrial,
  type TrialSignal,
  trialOfEvents,
  tryRule,
  trySpikeRule,
} from '../domain/rule-trial.ts';
import type { Rule } from '../domain/rules.ts';
import { type ScoreSettings, salienceAt } from '../domain/score.ts';
import { shorten } from '../domain/shorten.ts';
import { UserError } from '../errors.ts';
import { type NotifyReport, notify } from '../pipeline/notify.ts';
import { draftDigest } from '../pipeline/notify-digest.ts';
import { composeMessage } from '../pipeline/notify-message.ts';
import { type NotifyParts, signalPages } from '../pipeline/notify-parts.ts';
import { draftPlan, lastLineOf } from '../pipeline/notify-plan.ts';
import type { ClaimedDelivery, DeliveryQuery, LedgerEntry, NewDelivery } from '../ports/deliveries.ts';
import type { NotifierCheck } from '../ports/notifier.ts';
import type { Watch } from './harvester.ts';

/** A message that would be sent now. */
export interface PreviewedMessage {
  readonly notifier: string;
  readonly rule: string;
  readonly kind: string;
  readonly signalId: number | null;
  /** Milliseconds, UTC; later than now when it is put off for quiet hours. */
  readonly at: number;
  readonly subject: string;
  readonly text: string;
}

export interface NotifyPreview {
  readonly messages: readonly PreviewedMessage[];
  readonly heldBack: readonly { readonly rule: string; readonly signals: number }[];
  /** Rules that cannot be followed, in words. */
  readonly problems: readonly string[];
}

export interface SendReport extends NotifyReport {
  readonly warnings: readonly string[];
}

export interface RuleStanding extends Rule {
  /** Whether its notifier is there and enabled. */
  readonly reachable: boolean;
  /** Messages of the last 24 hours. */
  readonly sentToday: number;
}

/** Telling people of signals, and the ledger of what was told. */
export interface Notifications {
  /** Plans what is new and sends what is due. */
  send(watch?: Watch<string>): Promise<SendReport>;
  /** What `send` would plan; writes and sends nothing. */
  preview(): Promise<NotifyPreview>;
  /** Sends the digest of a rule at once, out of turn. */
  digest(rule: string): Promise<SendReport>;
  /** Newest first. */
  list(query: DeliveryQuery): Promise<readonly LedgerEntry[]>;
  counts(): Promise<Readonly<Record<DeliveryState, number>>>;
  /** Makes dead and failed deliveries (of `ids` only, when given) due at once; returns how many. */
  retry(ids: readonly number[] | null): Promise<number>;
  rules(): Promise<readonly RuleStanding[]>;
  /** What each rule would have sent over the last `days` of stored signals. Sends nothing. */
  test(request: { readonly rule?: string; readonly days: number }): Promise<readonly RuleTrial[]>;
  /** Sends a message that says that nothing has happened. */
  trial(notifier: string): Promise<void>;
}

/** Nobody is told of anything. */
export const nobody: NotificationSetup = {
  rules: [],
  allRules: [],
  notifierNames: [],
  notifiers: [],
  settings: {
    timeZone: '',
    quietHours: [],
    maxAttempts: 1,
    giveUpHours: 1,
    updates: { echoes: 1, pauseMinutes: 0, days: 1 },
  },
};

export interface NotificationParts extends NotifyParts {
  /** Every rule of the configuration, also those that are not enabled. */
  readonly allRules: readonly Rule[];
  /** Names of every enabled notifier, also those that cannot send here. */
  readonly notifierNames: readonly string[];
  readonly scoring: ScoreSettings;
}

/** What the configuration says. */
export type NotificationSetup = Pick<
  NotificationParts,
  'rules' | 'allRules' | 'settings' | 'notifiers' | 'notifierNames'
>;

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const mostTried = 100_000;
const historyHours = 8 * 168;

export function createNotifications(parts: NotificationParts): Notifications {
  const { store, clock } = parts;
  const ruleNamed = (name: string): Rule => {
    const rule = parts.rules.find((each) => each.name === name);
    if (rule !== undefined) return rule;
    throw new UserError('unknown-rule', `There is no enabled rule named ${name}.`, {
      fix: `The configuration has: ${parts.rules.map((each) => each.name).join(', ') || 'no rules yet'}.`,
    });
  };
  const send = async (watch?: Watch<string>): Promise<SendReport> => {
    const warnings = new Set<string>();
    const report = await notify(parts, {
      signal: watch?.signal ?? new AbortController().signal,
      onWarning: (warning) => {
        if (!warnings.has(warning)) watch?.onProgress?.(warning);
        warnings.add(warning);
      },
      onProgress: () => undefined,
    });
    return { ...report, warnings: [...warnings] };
  };
  return {
    send,
    preview: async () => {
      const plan = await draftPlan(parts);
      const drafts = [...plan.deliveries, ...plan.digests.flatMap(({ delivery }) => delivery ?? [])];
      const messages = await Promise.all(drafts.map((draft) => previewOf(parts, draft)));
      const spikes = plan.episodes.flatMap(({ episode, delivery }) =>
        delivery === null
          ? []
          : [
              previewed(delivery.content as Message, {
                ...delivery,
                rule: episode.rule,
                kind: 'spike',
                signalId: null,
              }),
            ],
      );
      return {
        messages: [...messages.flatMap((each) => each ?? []), ...spikes],
        heldBack: plan.heldBack,
        problems: plan.problems,
      };
    },
    digest: async (name) => {
      const rule = ruleNamed(name);
      if (rule.digest === null) {
        throw new UserError('no-digest', `The rule ${name} has no digest.`, {
          fix: 'Give it "digest: { every: daily }" in the configuration.',
        });
      }
      const now = clock.now();
      for (const { dueAt, delivery } of await draftDigest(parts, rule, now, new Set(), true)) {
        await store.planDigest(name, dueAt, delivery, now);
      }
      return send();
    },
    list: (query) => store.deliveries(query),
    counts: () => store.countDeliveries(),
    retry: (ids) => store.retryDeliveries(ids, clock.now()),
    rules: async () => {
      const since = clock.now() - dayMs;
      return Promise.all(
        parts.allRules.map(async (rule) => ({
          ...rule,
          reachable: parts.notifierNames.includes(rule.notifier),
          sentToday: await store.ruleLoad(rule.name, since),
        })),
      );
    },
    test: async ({ rule: name, days }) => {
      const taken = new Set<string>();
      const trials: RuleTrial[] = [];
      // Every rule is replayed, because an earlier one takes signals from a later one.
      for (const rule of parts.rules)
        trials.push(await tryOne(parts, rule, days, taken).catch((error) => notTried(rule, error)));
      return name === undefined ? trials : trials.filter((trial) => trial.rule === ruleNamed(name).name);
    },
    trial: async (name) => {
      const notifier = parts.notifiers.find((each) => each.name === name);
      if (notifier === undefined) {
        throw new UserError('unknown-notifier', `There is no notifier named ${name} that can send here.`, {
          fix: `The configuration has: ${parts.notifiers.map((each) => each.name).join(', ') || 'none'}.`,
        });
      }
      const outcome = await notifier.send({
        key: `trial-${clock.now()}`,
        message: { type: 'test', rule: 'test' },
        thread: null,
        broadcast: false,
        createdAt: clock.now(),
      });
      if ('receipt' in outcome) return;
      const { code, message, fix } = outcome.failure;
      throw new UserError(code, message, { fix: fix ?? 'Try again in a while.', exitCode: 4 });
    },
  };
}

/** What `doctor` says of each notifier; asks the services that can be asked without sending. */
export async function checkNotifiers({
  notifiers,
}: Pick<NotifyParts, 'notifiers'>): Promise<readonly (NotifierCheck & { readonly name: string })[]> {
  return Promise.all(
    notifiers.map(async (notifier) => ({ ...(await notifier.check()), name: `notifier ${notifier.name}` })),
  );
}

async function previewOf(parts: NotifyParts, draft: NewDelivery): Promise<PreviewedMessage | null> {
  const root = (await parts.store.changedSignals(0)).find(({ rootId }) => rootId === draft.rootId);
  const claimed = { ...draft, told: root?.told ?? null } as unknown as ClaimedDelivery;
  const composed = await composeMessage(parts, claimed);
  return 'cancelled' in composed ? null : previewed(composed.message, draft);
}

function previewed(
  message: Message,
  draft: Pick<NewDelivery, 'notifier' | 'rule' | 'kind' | 'signalId' | 'nextAttemptAt'>,
): PreviewedMessage {
  const { notifier, rule, kind, signalId, nextAttemptAt: at } = draft;
  return { notifier, rule, kind, signalId, at, subject: subjectOf(message), text: textOf(message) };
}

/** One rule that names a source which is gone does not keep the others from being tried. */
function notTried({ name, notifier }: Rule, error: unknown): RuleTrial {
  if (!(error instanceof UserError) || error.code.startsWith('store-')) throw error;
  const nothing = { matched: 0, sent: 0, days: [], samples: [], episodes: [] };
  return { rule: name, notifier, problem: lastLineOf(error), ...nothing };
}

async function tryOne(
  parts: NotificationParts,
  rule: Rule,
  days: number,
  taken: Set<string>,
): Promise<RuleTrial> {
  const now = parts.clock.now();
  if (rule.on !== 'signal') {
    const events = await parts.events(rule.on, now - days * dayMs);
    return trialOfEvents(
      rule,
      events.map(({ at }) => at),
    );
  }
  if (rule.spike !== null) {
    const toHour = Math.floor(now / hourMs);
    const fromHour = toHour - days * 24;
    const rates = await parts.store.postRates(rule.spike.by, fromHour - historyHours, now);
    return trySpikeRule(rule, rates.byHour, { fromHour, toHour, firstHour: rates.firstHour ?? toHour });
  }
  const signals: TrialSignal[] = [];
  for await (const signal of storedSignals(parts, rule, now - days * dayMs)) signals.push(signal);
  return tryRule(rule, signals, taken);
}

/** Everything that matches, decided or not: when it was written, nobody had decided. */
async function* storedSignals(
  parts: NotificationParts,
  rule: Rule,
  since: number,
): AsyncGenerator<TrialSignal> {
  const filter = { ...(await parts.matching(rule.query, 0)), since };
  for await (const page of signalPages(parts, filter, 'newest', mostTried)) {
    for (const row of page) {
      yield {
        id: row.id,
        at: row.createdAt,
        salience: row.rank === null ? 0 : salienceAt(row.rank, row.createdAt, parts.scoring),
        headline: shorten(headlineOf(row), { characters: 100 }),
      };
    }
  }
}
