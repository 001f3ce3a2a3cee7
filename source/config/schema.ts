import { z } from 'zod';
import { analyzerNames } from '../domain/analyzer-names.ts';
import { parseSearch } from '../domain/search-parser.ts';
import { errorsSchema } from './errors-schema.ts';
import { flagsSchema } from './flags-schema.ts';
import { httpSchema } from './http-schema.ts';
import { logSchema } from './log-schema.ts';
import { modelsSchema, usdCap } from './models-schema.ts';
import { notifiersSchema, notifySchema, rulesSchema } from './notify-schema.ts';
import { signalRetentionSchema, snapshotsSchema } from './retention-schema.ts';
import { scoreSchema } from './score-schema.ts';
import { checkSearchCategories } from './search-categories.ts';
import { scheduleSchema, serverSchema } from './server-schema.ts';
import { excludeSchema, sourceBase } from './source-schema.ts';
import { storeNamePattern } from './store-name.ts';
import { checkBoosts, taxonomySchema } from './taxonomy-schema.ts';
import { tuiSchema } from './tui-schema.ts';
import { usageSchema } from './usage-schema.ts';

/**
 * The whole configuration. The options of a source depend on its kind, so the
 * schema is made from the kinds' own schemas (`sourceSchema`).
 */
export function configSchema<Sources extends z.ZodType>(sourceSchema: Sources) {
  return z.strictObject(settings(sourceSchema)).superRefine(checkBoosts).superRefine(checkSearchCategories);
}

function settings<Sources extends z.ZodType>(sourceSchema: Sources) {
  return {
    topic: z.string().max(200).default('').describe('What you listen for; shown on screen'),
    analyst: z
      .string()
      .max(60)
      .default('')
      .describe(
        'Who decides at this machine: the name in the journal, and whom "assignee:me" means; empty means the name of the account',
      ),
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
        name: z
          .string()
          .regex(
            storeNamePattern,
            'at most 40 letters, digits, ".", "_" and "-", a letter or a digit first, such as acme-cloud',
          )
          .default('signals')
          .describe(
            'Name of the SQLite file in the data folder of the account; configurations with one name share one list',
          ),
        path: z
          .string()
          .default('')
          .describe('SQLite file of your own choice instead, relative to this file'),
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
      .array(z.enum(analyzerNames))
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
    flags: flagsSchema,
    tui: tuiSchema,
    keys: z
      .record(z.string(), z.array(z.string().min(1).max(20)))
      .default({})
      .describe('Keys of your own, by the name of the action (docs/keys.md); they replace its usual ones'),
    notify: notifySchema,
    notifiers: notifiersSchema,
    rules: rulesSchema,
    usage: usageSchema,
    server: serverSchema,
    schedule: scheduleSchema,
    log: logSchema,
    errors: errorsSchema,
  };
}

/** Any source, with its kind's options not yet told apart. */
export const anySource = z.looseObject({ ...sourceBase, kind: z.string().min(1).describe('Kind of source') });

export type SourceConfig = z.infer<typeof anySource>;
export type Config = z.infer<ReturnType<typeof configSchema<typeof anySource>>>;
export type HttpSettings = Config['http'];
export type ServerSettings = Config['server'];
export type ScheduleSettings = Config['schedule'];
