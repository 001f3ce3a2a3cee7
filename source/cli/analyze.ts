import { analyzerNames } from '../domain/analyzer-names.ts';
import { UserError } from '../errors.ts';
import type { AnalysisSelection } from '../harvester/analysis-desk.ts';
import { tellAnalysisEstimate } from './analysis-estimate.ts';
import { checkCategories } from './categories.ts';
import { defineCommand, type FlagValues } from './command.ts';
import { filterFlags, queryOf } from './filters.ts';
import { flagName } from './flag-value.ts';
import { exitCodeOf, runPipeline } from './pipeline.ts';
import { printJson } from './print.ts';
import { reanalyze } from './reanalyze.ts';

const defaultLimit = 20;
const { order: _, ...selectionFlags } = filterFlags;

/** What has no meaning without --reanalyze. */
const againFlags = {
  ...selectionFlags,
  madeBy: {
    type: 'text',
    value: 'NAME',
    summary: `Only what this analyzer made (${analyzerNames.toReversed().join(', ')})`,
  },
  limit: {
    type: 'integer',
    value: 'N',
    min: 0,
    max: 10_000,
    summary: `Changes to print one by one (default ${defaultLimit})`,
  },
  force: { type: 'boolean', summary: 'Save what the analyzers say now' },
} as const;

/** What either --reanalyze or --estimate takes. */
const askFlags = {
  analyzer: { type: 'text', value: 'NAME', summary: 'One analyzer of the chain instead of all' },
  fresh: { type: 'boolean', summary: 'Ask models again what they answered before; costs money again' },
} as const;

const flags = {
  estimate: { type: 'boolean', summary: 'Say what models would cost, ask nobody' },
  reanalyze: {
    type: 'boolean',
    summary: 'Analyze again what the filters choose, and show what would change',
  },
  ...againFlags,
  ...askFlags,
} as const;

export const analyzeCommand = defineCommand({
  name: 'analyze',
  summary: 'Only group stored posts into signals and analyze those that have no analysis',
  usage: 'analyze [--estimate] | analyze --reanalyze [FILTERS] [--analyzer NAME] [--estimate | --force]',
  details:
    'With --reanalyze, signals that have an analysis get a new one: what would change is printed, and only --force saves it. Models are asked and paid for either way, within the caps of models.spend; their answers are kept, so that --force after a look costs nothing more. What a model had analyzed is not handed to a fallback because the model fails now. Ends with 3 when an analyzer failed and the next one did its work.',
  json: '{ "run": { "id", "state", "stages", "analyzers": [{ "name", "analyzed", "error" }], "models": [{ "model", "requests", "inputTokens", "cachedTokens", "outputTokens", "costUsd", "reused" }], ... } }; with --estimate { "estimate": { "signals", "ungrouped", "models": [{ "analyzer", "model", "obstacle", "reused", "requests", "inputTokens", "outputTokens", "costUsd" }], "leftUsd", "limit" } }; with --reanalyze { "reanalysis": { "signals", "changed", "same", "left", "unanswered", "moves": [{ "before", "after", "signals" }], "changes": [{ "signalId", "about", "before", "after" }], "saved", "models", "warnings", ... } }',
  examples: [
    { command: 'signal-harvester analyze', meaning: 'everything that waits for it' },
    { command: 'signal-harvester analyze --estimate', meaning: 'what that would cost; nobody is asked' },
    {
      command: 'signal-harvester analyze --reanalyze --made-by offline --since 7d',
      meaning: 'what the model says of what fell to offline; nothing is saved',
    },
    {
      command: 'signal-harvester analyze --reanalyze --category other --force',
      meaning: 'after a change of the taxonomy',
    },
  ],
  flags,
  words: { min: 0, max: 0 },
  async run(context, { flags: given }) {
    if (!given.reanalyze) {
      refuseAlone(given);
      if (!given.estimate) {
        const run = await runPipeline(context, { stages: ['group', 'analyze'] });
        if (context.json) await printJson(context, { run });
        return exitCodeOf(run);
      }
    }
    const asked = {
      ...(given.analyzer === undefined ? {} : { analyzer: given.analyzer }),
      fresh: given.fresh,
    };
    if (!given.reanalyze) return tellAnalysisEstimate(context, asked);
    await checkCategories(context, given.category);
    const { order: __, ...query } = queryOf({ ...given, order: undefined }, context.now());
    const selection: AnalysisSelection = {
      query,
      ...(given.madeBy === undefined ? {} : { madeBy: given.madeBy }),
    };
    if (given.estimate) return tellAnalysisEstimate(context, { ...asked, selection });
    return reanalyze(context, {
      ...asked,
      ...selection,
      save: given.force,
      limit: given.limit ?? defaultLimit,
    });
  },
});

/** A filter without --reanalyze would be ignored, which nobody means. */
function refuseAlone(given: FlagValues<typeof flags>): void {
  const needless = [...Object.keys(againFlags), ...(given.estimate ? [] : Object.keys(askFlags))];
  const misplaced = needless.find((key) => {
    const value = given[key as keyof typeof given];
    return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
  });
  if (misplaced === undefined) return;
  throw new UserError('invalid-flag', `${flagName(misplaced)} belongs to --reanalyze.`, {
    fix: 'Add --reanalyze to analyze signals again, or leave the flag out to analyze what waits.',
  });
}
