import { z } from 'zod';
import { scoreRanges } from '../domain/score-settings.ts';
import { parseSearch } from '../domain/search-parser.ts';
import { logSchema } from './log-schema.ts';
import { modelsSchema, usdCap } from './models-schema.ts';
import { notifiersSchema, notifySchema, rulesSchema, searchText } from './notify-schema.ts';
import { signalRetentionSchema, snapshotsSchema } from './retention-schema.ts';
import { scheduleSchema, serverSchema } from './server-schema.ts';
import { checkBoosts, factor, taxonomySchema } from './taxonomy-schema.ts';

const scalar = (name: keyof typeof scoreRanges) =>
  z.number().min(scoreRanges[name].min).max(scoreRanges[name].max);

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'iu');
    return true;
  } catch {
    return false;
  }
}

const texts = z.array(z.string().min(1).max(500)).default([]);

/** What never enters the store, for all sources or for one. */
const excludeSchema = z
  .strictObject({
    words: texts.describe('Words or phrases, matched whole, whatever their case'),
    patterns: z
      .array(z.string().min(1).max(500).refine(isPattern, 'a regular expression'))
      .default([])
      .describe('Regular expressions, matched anywhere, whatever the case'),
    authors: texts.describe('Author names, with or without @'),
    domains: texts.describe('Sites whose posts and links are left out, with all below them'),
    languages: texts.describe('Language codes (de, ja); a post of unknown language is kept'),
  })
  .prefault({});

/** What every source has, whatever its kind; the kind adds its own options beside these. */
export const sourceBase = {
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,59}$/,
      'a name of lower-case letters, digits, ".", "_" or "-" (at most 60)',
    )
    .describe('Unique name of the source; shown in lists and kept with its posts'),
  enabled: z.boolean().default(true).describe('false keeps the source in the file but leaves it out of runs'),
  weight: factor.default(1).describe('Factor on the score of its signals; 1 is neutral'),
  exclude: excludeSchema.describe('Posts of this source that are left out, beside those of the general list'),
};

const httpSchema = z
  .strictObject({
    userAgent: z
      .string()
      .min(1)
      .max(200)
      .default('signal-harvester (reads public posts for one analyst; no contact set)')
      .describe('Sent with every request; put an address in it at which you can be reached'),
    timeoutMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(20_000)
      .describe('Time limit of one request, in milliseconds'),
    maxBytes: z
      .int()
      .min(1024)
      .max(1_073_741_824)
      .default(16_777_216)
      .describe('Largest answer that is read, after decompression, in bytes'),
    maxRedirects: z.int().min(0).max(20).default(5).describe('Redirects that are followed before giving up'),
    retries: z.int().min(0).max(10).default(3).describe('Further tries after a passing failure'),
    perHostConcurrency: z.int().min(1).max(20).default(2).describe('Requests at the same time to one host'),
    perHostDelayMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(250)
      .describe('Pause between requests to one host, in milliseconds'),
    maxWaitMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(60_000)
      .describe(
        'Longest wait that a host may ask for (Retry-After) before the source ends for this run, in milliseconds',
      ),
    allowPrivate: z
      .boolean()
      .default(false)
      .describe('true lets sources reach loopback and private addresses (a feed on your own network)'),
  })
  .prefault({})
  .describe('How every source speaks HTTP');

const scoreSchema = z
  .strictObject({
    base: scalar('base').default(1).describe('What every signal starts from'),
    likes: scalar('likes').default(1).describe('Weight of a like'),
    reposts: scalar('reposts').default(3).describe('Weight of a repost'),
    replies: scalar('replies').default(2).describe('Weight of a reply'),
    quotes: scalar('quotes').default(2.5).describe('Weight of a quote'),
    echoes: scalar('echoes').default(3).describe('Weight of an echo: another post that says the same'),
    urgency: scalar('urgency').default(4).describe('Weight of one level of urgency (0 to 5)'),
    cap: scalar('cap').default(100).describe('Highest salience'),
    halfLifeHours: scalar('halfLifeHours').default(24).describe('Hours after which salience has halved'),
    categories: z
      .record(z.string(), factor)
      .default({})
      .describe('Factors that replace the boosts of the taxonomy, by category'),
    sentiments: z
      .strictObject({
        negative: factor.default(1.2),
        neutral: factor.default(0.9),
        positive: factor.default(1),
      })
      .prefault({})
      .describe('Factor of each sentiment'),
  })
  .prefault({})
  .describe('Weights of the score; see docs/architecture.md for the formula');

export const themeNames = ['default', 'light', 'high-contrast', 'mono'] as const;

const tuiSchema = z
  .strictObject({
    theme: z
      .enum(themeNames)
      .default('default')
      .describe('Look: default (dark backgrounds), light, high-contrast, mono (no colours)'),
    mouse: z
      .boolean()
      .default(false)
      .describe(
        'true: the wheel scrolls and a click selects; the terminal then selects text with Shift only',
      ),
    keepDecided: z
      .boolean()
      .default(true)
      .describe('Whether a decided signal stays in its place, marked, until the list is read again'),
    askFrom: z
      .int()
      .min(2)
      .max(10)
      .default(2)
      .describe('Signals from which a decision on several at once is asked about'),
    screenReader: z
      .boolean()
      .default(false)
      .describe('Lines that are read aloud instead of a drawn screen; --screen-reader does it once'),
    alert: z
      .enum(['off', 'bell', 'desktop'])
      .default('off')
      .describe('What rings when a harvest brings signals to look at: the bell, or the desktop (OSC 9)'),
    alertOn: searchText
      .default('status:inbox urgency:>=4')
      .describe('The search that new signals must match to ring'),
  })
  .prefault({})
  .describe('The terminal app');

/**
 * The whole configuration. The options of a source depend on its kind, so the
 * schema is made from the kinds' own schemas (`sourceSchema`).
 */
export function configSchema<Sources extends z.ZodType>(sourceSchema: Sources) {
  return z.strictObject(settings(sourceSchema)).superRefine(checkBoosts);
}

function settings<Sources extends z.ZodType>(sourceSchema: Sources) {
  return {
    topic: z.string().max(200).default('').describe('What you listen for; shown on screen'),
    analyst: z
      .string()
      .max(60)
      .default('')
      .describe('Who "assignee:me" means in a search; empty means the name of the account'),
    views: z
      .array(
        z.strictObject({
          name: z.string().trim().min(1).max(60).describe('Unique name; a saved view of the same name wins'),
          query: z
            .string()
            .max(2000)
            .refine((query) => parseSearch(query).ok, 'a search (see docs/search.md)')
            .describe('A search; see docs/search.md'),
        }),
      )
      .default([])
      .describe('Named searches, beside the built-in and the saved ones'),
    store: z
      .strictObject({
        path: z
          .string()
          .default('')
          .describe("SQLite file, relative to this file; empty means the platform's data folder"),
      })
      .prefault({})
      .describe('Where everything is kept'),
    snapshots: snapshotsSchema,
    retention: signalRetentionSchema,
    sources: z.array(sourceSchema).default([]).describe('Places that posts come from'),
    http: httpSchema,
    run: z
      .strictObject({
        concurrency: z.int().min(1).max(100).default(8).describe('Sources fetched at the same time'),
        maxPostsPerSource: z
          .int()
          .min(1)
          .max(1_000_000)
          .default(20_000)
          .describe('Posts after which a source ends for this run; the next run goes on from there'),
      })
      .prefault({})
      .describe('One pass of the pipeline'),
    exclude: excludeSchema.describe(
      'Posts of any source that are left out before they are stored or analyzed',
    ),
    spend: z
      .strictObject({
        perRunUsd: usdCap
          .default(1)
          .describe('Most that the metered reads of one run may cost, in US dollars; null is no limit'),
        perDayUsd: usdCap.default(2).describe('The same for one day (UTC)'),
        perMonthUsd: usdCap.default(20).describe('The same for one month (UTC)'),
      })
      .prefault({})
      .describe('Caps on what paid sources may cost; a run stops before it would pass one'),
    grouping: z
      .strictObject({
        windowHours: z
          .number()
          .min(1)
          .max(8760)
          .default(168)
          .describe('A post joins a signal only if they were written at most this many hours apart'),
        minSimilarity: z
          .number()
          .min(0.3)
          .max(1)
          .default(0.55)
          .describe(
            'Share of word pairs in common from which two texts say the same; 1 joins equal texts only',
          ),
        reopenResolved: z
          .boolean()
          .default(true)
          .describe('A resolved signal comes back into the inbox, as regressed, when a newer post joins it'),
      })
      .prefault({})
      .describe('When posts are one signal'),
    analyzers: z
      .array(z.enum(['anthropic', 'openai', 'offline']))
      .min(1)
      .default(['offline'])
      .describe('Who says what a signal is, in order of preference; one that fails falls to the next'),
    models: modelsSchema,
    taxonomy: taxonomySchema,
    score: scoreSchema,
    learning: z
      .strictObject({
        relevance: z
          .boolean()
          .default(true)
          .describe(
            'Let what you keep and dismiss move the order of the list (relevance, a factor of 0.5 to 1.5)',
          ),
        corrections: z
          .boolean()
          .default(true)
          .describe('Let the offline analyzer learn from what you correct'),
      })
      .prefault({})
      .describe('What the program learns from your triage, on this machine alone; see docs/learning.md'),
    tui: tuiSchema,
    keys: z
      .record(z.string(), z.array(z.string().min(1).max(20)))
      .default({})
      .describe('Keys of your own, by the name of the action (docs/keys.md); they replace its usual ones'),
    notify: notifySchema,
    notifiers: notifiersSchema,
    rules: rulesSchema,
    server: serverSchema,
    schedule: scheduleSchema,
    log: logSchema,
  };
}

/** Any source, with its kind's options not yet told apart. */
export const anySource = z.looseObject({ ...sourceBase, kind: z.string().min(1).describe('Kind of source') });

export type SourceConfig = z.infer<typeof anySource>;
export type Config = z.infer<ReturnType<typeof configSchema<typeof anySource>>>;
export type HttpSettings = Config['http'];
export type ServerSettings = Config['server'];
export type ScheduleSettings = Config['schedule'];
