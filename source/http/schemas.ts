import { z } from 'zod';
import { keyScopes } from '../domain/access.ts';
import { sentiments } from '../domain/analysis.ts';
import { runStates, sourceStates, stageNames } from '../domain/run.ts';
import { signalStatuses } from '../domain/signal.ts';
import { timing } from './timing-schema.ts';

/** Schemas that the OpenAPI document names once and refers to. */
export const components = z.registry<{ id: string }>();

export function component<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  components.add(schema, { id });
  return schema;
}

export const time = z.int().describe('Milliseconds since 1970, UTC');
const text = z.string();
const count = z.int().min(0);

export const problemSchema = component(
  'Problem',
  z.strictObject({
    type: z.string().describe('Stable name of the problem, a URN'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What went wrong, in a sentence'),
    fix: z.string().describe('What to change, in a sentence'),
    requestId: z.string().describe('Also in the header X-Request-Id and in the log'),
    errors: z
      .array(
        z.strictObject({
          in: z.enum(['query', 'path', 'body', 'header']),
          field: z.string(),
          message: z.string(),
        }),
      )
      .optional()
      .describe('The fields that were refused'),
  }),
);

const snooze = z.union([
  z.strictObject({ until: z.literal('time'), at: time }),
  z.strictObject({ until: z.literal('echoes'), echoes: count }),
  z.strictObject({ until: z.literal('source'), known: z.array(text) }),
  z.strictObject({ until: z.literal('spike'), perHour: z.number() }),
]);

export const signalShape = {
  id: z.int(),
  status: z.enum(signalStatuses),
  source: text.describe('Source of the lead post'),
  kind: text,
  author: text.nullable(),
  title: text.nullable(),
  text: text.describe('Text of the lead post'),
  url: text.nullable(),
  createdAt: time.describe('When the lead post was written. Milliseconds since 1970, UTC'),
  lastSeenAt: time.describe('When the newest echo was written'),
  echoes: count.describe('Posts beside the lead post'),
  category: text.nullable(),
  sentiment: z.enum(sentiments).nullable(),
  urgency: z.int().min(0).max(5).nullable(),
  rank: z.number().nullable().describe('Sort key behind salience, which time does not change'),
  salience: z.number().min(0).max(100).nullable().describe('How much it deserves attention now'),
  tags: z.array(text),
  assignee: text.nullable(),
  snooze: snooze.nullable(),
  regressed: z.boolean().describe('It was resolved, and then came up again'),
};

export const signalFields = Object.keys(signalShape) as readonly (keyof typeof signalShape)[];
const signal = component('Signal', z.strictObject(signalShape));
/** A signal, or the fields of it that were asked for. */
const partialSignal = component('PartialSignal', z.strictObject(signalShape).partial());

const engagement = z.strictObject({ likes: count, reposts: count, replies: count, quotes: count });

const post = component(
  'Post',
  z.strictObject({
    id: z.int(),
    source: text,
    kind: text,
    externalId: text,
    signalId: z.int().nullable(),
    url: text.nullable(),
    link: text.nullable(),
    author: text.nullable(),
    title: text.nullable(),
    text,
    lang: text.nullable(),
    createdAt: time,
    fetchedAt: time,
    engagement,
    parentUrl: text.nullable(),
    parentText: text.nullable(),
  }),
);

const journalEntry = z.strictObject({
  id: z.int(),
  at: time,
  action: text,
  actor: text,
  signals: count,
  undoneAt: time.nullable(),
});

export const signalDetail = component(
  'SignalDetail',
  z.strictObject({
    ...signalShape,
    lang: text.nullable(),
    engagement,
    parentUrl: text.nullable(),
    parentText: text.nullable(),
    analysis: z
      .strictObject({
        category: text,
        sentiment: z.enum(sentiments),
        urgency: z.int().min(0).max(5),
        tags: z.array(text),
        reasoning: text,
        confidence: z.number(),
        analyzer: text,
        model: z.strictObject({ name: text, promptVersion: text }).optional(),
        analyzedAt: time,
      })
      .nullable(),
    factors: z.record(z.string(), z.number()).nullable().describe('What the score was made of'),
    explanation: text.nullable().describe('The score in one sentence'),
    posts: z.array(post).describe('Lead first, then echoes, oldest first; at most 200'),
    notes: z.array(z.strictObject({ id: z.int(), at: time, author: text, text })),
    corrected: z.array(z.enum(['category', 'sentiment', 'urgency'])),
    journal: z.array(journalEntry),
  }),
);

export const signalPage = z.strictObject({
  signals: z.array(partialSignal),
  hasMore: z.boolean(),
  next: z.string().nullable().describe('Cursor of the next page; null at the end'),
  searching: z.boolean().describe('Matches are rare: time was up before the page was full; go on with next'),
  capped: z.boolean().describe('The words are common: only their newest matches are in the list'),
});

export const topList = z.strictObject({ signals: z.array(signal) });

const errorSummary = z.strictObject({ code: text, message: text, fix: text.nullable() });
const quota = z.strictObject({
  remaining: z.number(),
  limit: z.number().nullable(),
  resetsAt: time.nullable(),
});

export const run = component(
  'Run',
  z.strictObject({
    id: z.int(),
    state: z.enum(runStates),
    startedAt: time,
    finishedAt: time.nullable(),
    elapsedMs: z.number(),
    sources: z.array(
      z.strictObject({
        name: text,
        kind: text,
        state: z.enum(sourceStates),
        fetched: count,
        added: count,
        seen: count,
        echoes: count,
        excluded: count,
        reads: count,
        costUsd: z.number(),
        quota: quota.nullable(),
        limitedUntil: time.nullable(),
        postsPerSecond: z.number(),
        notice: text.nullable(),
        warnings: z.array(text),
        error: errorSummary.nullable(),
        elapsedMs: z.number(),
      }),
    ),
    stages: z.array(z.strictObject({ name: z.enum(stageNames), done: count, total: count })),
    analyzers: z.array(z.strictObject({ name: text, analyzed: count, error: errorSummary.nullable() })),
    models: z.array(
      z.strictObject({
        model: text,
        requests: count,
        inputTokens: count,
        cachedTokens: count,
        outputTokens: count,
        costUsd: z.number(),
        reused: count,
      }),
    ),
    signals: count,
    warnings: z.array(text),
    timings: z
      .strictObject({ stages: z.array(timing), queries: z.array(timing) })
      .optional()
      .describe('Batches of the stages, and the queries that took most of the run; absent until it ends'),
  }),
);

export const source = z.strictObject({
  name: text,
  kind: text,
  enabled: z.boolean(),
  target: text,
  state: z.enum(['off', 'limited', 'failing', 'silent', 'new', 'well']),
  posts: count,
  lastSuccessAt: time.nullable(),
  lastErrorAt: time.nullable(),
  lastError: text.nullable(),
  quota: quota.nullable(),
  limitedUntil: time.nullable(),
  lastPostAt: time.nullable(),
  usualPerDay: z.number().nullable(),
  silence: text.nullable(),
  monthUsd: z.number(),
});

export const outcome = z.strictObject({
  journalId: z.int().nullable().describe('The entry of the journal; null when nothing changed'),
  action: text,
  changed: z.array(z.int()),
  left: z.array(z.int()).describe('Gone, so already, or changed by somebody else since'),
});

export const job = component(
  'Job',
  z.strictObject({
    id: text,
    state: z.enum(['running', 'done', 'cancelled', 'failed']),
    action: text,
    done: count.describe('Signals worked off'),
    total: count,
    changed: count,
    startedAt: time,
    finishedAt: time.nullable(),
    error: text.nullable(),
  }),
);

export const keyFlags = z
  .record(text, z.enum(['on', 'off']))
  .describe('Flags of the key, before what the configuration and the store say');

export const apiKey = component(
  'ApiKey',
  z.strictObject({
    id: text.describe('The part of the token that may be seen'),
    name: text,
    scopes: z.array(z.enum(keyScopes)),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
    revokedAt: time.nullable(),
    replacedBy: text.nullable(),
    flags: keyFlags,
    subject: text.describe(
      'What rollouts of flags know it by: the first of the keys that replaced each other',
    ),
  }),
);

export const issuedKey = z.strictObject({
  key: apiKey,
  token: text.describe('Told this once and stored nowhere'),
});

export const auditEntry = z.strictObject({
  id: z.int(),
  at: time,
  actor: text,
  via: z.enum(['api', 'cli', 'program']),
  action: text,
  target: text.nullable(),
  before: z.unknown(),
  after: z.unknown(),
  address: text.nullable(),
  requestId: text.nullable(),
});

export const view = z.strictObject({
  name: text,
  query: text,
  origin: z.enum(['built-in', 'config', 'stored']),
  count: z.strictObject({ count, capped: z.boolean() }).nullable(),
  problem: text.nullable().describe('Why its search cannot be read any more'),
});

export const cappedCount = z.strictObject({ count, capped: z.boolean() });
