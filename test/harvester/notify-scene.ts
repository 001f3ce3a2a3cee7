import { onTestFinished } from 'vitest';
import { notifySchema, rulesSchema } from '../../source/config/notify-schema.ts';
import type { Analysis } from '../../source/domain/analysis.ts';
import type { Message } from '../../source/domain/message.ts';
import { draftPost, type PostDraft } from '../../source/domain/post.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import { createHarvester } from '../../source/harvester/create.ts';
import type { AnalysisChain } from '../../source/pipeline/analyze.ts';
import type { Clock } from '../../source/ports/clock.ts';
import type { Notifier, Outgoing, SendFailure, SendOutcome } from '../../source/ports/notifier.ts';
import { listSource, scriptedParts } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { untaughtParts } from './untaught.ts';

/** A place for messages that does what its script says, and takes them when that is over. */
export interface Inbox extends Notifier {
  readonly taken: Outgoing[];
  readonly edits: { readonly reference: string; readonly message: Message }[];
  readonly script: ('take-and-lose' | SendFailure)[];
}

export function inbox(name = 'team', find = true): Inbox {
  const taken: Outgoing[] = [];
  const edits: Inbox['edits'] = [];
  const script: Inbox['script'] = [];
  const referenceOf = (index: number) => ({ receipt: { reference: `${name}/${index + 1}` } });
  return {
    name,
    kind: 'inbox',
    threads: true,
    timeoutMs: 1_000,
    pauseMs: 0,
    taken,
    edits,
    script,
    send: async (outgoing): Promise<SendOutcome> => {
      const step = script.shift();
      if (step !== undefined && step !== 'take-and-lose') return { failure: step };
      taken.push(outgoing);
      return step === undefined ? referenceOf(taken.length - 1) : { failure: lost };
    },
    ...(find && {
      find: async ({ key }: Outgoing) => {
        const index = taken.findIndex((each) => each.key === key);
        return index < 0 ? ('not-there' as const) : referenceOf(index);
      },
    }),
    edit: async (reference, message) => {
      edits.push({ reference, message });
      return { receipt: { reference } };
    },
    check: async () => ({ state: 'ok', finding: 'an inbox', fix: null }),
  };
}

export const lost: SendFailure = {
  code: 'timeout',
  message: 'It did not answer in time; it may have taken the message.',
  fix: null,
  policy: 'again',
  arrived: 'unknown',
  until: null,
};

const start = Date.UTC(2026, 10, 18, 12);
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** "outage down again" is about an outage; "!" makes it urgent. */
const chain: AnalysisChain = {
  batchSize: 500,
  begin: async () => undefined,
  analyze: async (batch) =>
    batch.map(({ signalId, text }) => ({
      signalId,
      analysis: {
        category: /^(outage|bug|praise)/.exec(text)?.[0] ?? 'other',
        sentiment: 'negative',
        urgency: text.includes('!') ? 5 : 1,
        tags: [],
        reasoning: 'by rule',
        confidence: 1,
        analyzer: 'rule',
      } satisfies Omit<Analysis, 'analyzedAt'>,
    })),
};

/** The whole application on a real store, with a clock that the test moves. */
export async function scene({
  rules,
  notify = {},
  notifiers = [inbox()],
}: {
  readonly rules: readonly object[];
  readonly notify?: object;
  readonly notifiers?: readonly Notifier[];
}) {
  const store = await temporaryStore();
  let now = start;
  const slept: number[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
  const parsed = rulesSchema.parse(rules.map((rule) => ({ notifier: 'team', ...rule })));
  const posts = new Map<string, PostDraft[]>();
  let fresh = 0;
  const harvester = createHarvester({
    ...scriptedParts(store),
    ...untaughtParts(store),
    store,
    clock,
    analysis: { ...scriptedParts(store).analysis, chainOf: () => chain },
    categories: categoryIds,
    analyst: 'ann',
    timeZone: 'UTC',
    views: [],
    sources: [],
    notifications: {
      settings: notifySchema.parse({ timeZone: 'UTC', ...notify }),
      rules: parsed.filter(({ enabled }) => enabled),
      allRules: parsed,
      notifierNames: notifiers.map(({ name }) => name),
      notifiers,
    },
    openAdHoc: ({ name }) => listSource(name, posts.get(name) ?? []),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    doctor: { configPath: null, nodeVersion: '24.0.0', keys: [], clockSkewMs: () => null },
  });
  onTestFinished(() => harvester.close());
  return {
    store,
    harvester,
    slept,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    /** One run in which these texts are new; equal texts are echoes. */
    async run(texts: readonly string[] = [], { source = 'hn', ageMs = 0 } = {}) {
      const drafts = texts.map((text) => {
        fresh += 1;
        return draftPost({ externalId: `p${fresh}`, text, author: 'ann', createdAt: now - ageMs });
      });
      posts.set(source, [...(posts.get(source) ?? []), ...drafts]);
      const run = await harvester.run({ sources: [], adHoc: [{ name: source, kind: 'list' }] });
      if (run.state !== 'done') throw new Error(JSON.stringify(run));
      return run;
    },
  };
}

/** Texts that say nothing alike. */
export function texts(category: string, count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, each) => {
    const words = [1, 2, 3, 4, 5, 6, 7].map(
      (step) => `w${((from + each) * 7_919 + step * 104_729) % 99_991}`,
    );
    return `${category} ${words.join(' ')}`;
  });
}
