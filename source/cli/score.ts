import { describeChange, type ScoreChange } from '../domain/score-settings.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { CommandContext } from './command.ts';
import { defineCommand } from './command.ts';
import { exitCodeOf, runPipeline } from './pipeline.ts';
import { printJson, printNote } from './print.ts';
import { printPreview } from './score-preview.ts';

const defaultLimit = 50;

export const scoreCommand = defineCommand({
  name: 'score',
  summary: 'Score the signals that need it, or try other weights',
  usage: 'score [--all] | score --preview|--save --set NAME=VALUE ...',
  details:
    'After a change of the weights in the configuration, the next run scores everything again; --all does it in any case. ' +
    '--preview shows the first of the inbox as other weights would order them, and writes nothing. ' +
    '--save writes the weights to the configuration file and scores everything again. ' +
    'Names are those of "score" in the configuration: halfLifeHours, likes, categories.bug, sentiments.negative.',
  json: '{ "run": {...} }; with --preview { "preview": { "top": [{ "place", "placeBefore", "salience", "salienceBefore", ... }], "left": [...], "lookedAt", "all" } }; with --save also { "saved": { "path", "before", "after" } }',
  examples: [
    { command: 'signal-harvester score', meaning: 'new and changed signals' },
    { command: 'signal-harvester score --all', meaning: 'every signal, with the present weights' },
    {
      command: 'signal-harvester score --preview --set halfLifeHours=72 --set categories.bug=2',
      meaning: 'what these weights would do',
    },
    { command: 'signal-harvester score --save --set categories.bug=2', meaning: 'keep a weight' },
  ],
  flags: {
    all: { type: 'boolean', summary: 'Score every signal again' },
    preview: { type: 'boolean', summary: 'Show what other weights would do; nothing is written' },
    save: { type: 'boolean', summary: 'Write the weights to the configuration file, then score everything' },
    set: { type: 'list', value: 'NAME=VALUE', summary: 'A weight to try or to save; may be repeated' },
    limit: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 500,
      summary: `How many of the first to show with --preview (default ${defaultLimit})`,
    },
  },
  words: { min: 0, max: 0 },
  reads: true,
  async run(context, { flags }) {
    const change = readChange(flags.set);
    if (!flags.preview && !flags.save) {
      refuseAlone(flags);
      const run = await runPipeline(context, { stages: ['score'], rescore: flags.all });
      if (context.json) await printJson(context, { run });
      return exitCodeOf(run);
    }
    if (Object.keys(change).length === 0) {
      throw new UserError('no-change', 'No weight was given to try.', {
        fix: 'Add at least one, such as --set halfLifeHours=72; "score --help" names them.',
      });
    }
    const { scoring } = await context.open();
    const limit = flags.limit ?? defaultLimit;
    const preview = flags.preview ? await scoring.preview(change, { limit }) : null;
    if (preview !== null && !context.json) await printPreview(context, preview, limit);
    if (!flags.save) {
      if (context.json) await printJson(context, { preview });
      return exitCodes.done;
    }
    return save(context, change, preview);
  },
});

async function save(context: CommandContext, change: ScoreChange, preview: unknown): Promise<ExitCode> {
  const { scoring } = await context.open();
  const saved = await scoring.save(change);
  if (!context.json) {
    const was = describeChange(saved.before);
    await printNote(context, `Saved ${describeChange(saved.after)} to ${saved.path}; it was ${was}.`);
  }
  const run = await runPipeline(context, { stages: ['score'] });
  if (context.json) await printJson(context, { ...(preview === null ? {} : { preview }), saved, run });
  return exitCodeOf(run);
}

/** What only a preview or a save can use would be dropped without a word. */
function refuseAlone(flags: { readonly set: readonly string[]; readonly limit: number | undefined }): void {
  const alone = flags.set.length > 0 ? '--set' : flags.limit === undefined ? null : '--limit';
  if (alone === null) return;
  throw new UserError('invalid-flag', `${alone} needs --preview or --save.`, {
    fix: 'Add --preview to see what the weights would do, or --save to keep them.',
  });
}

/** `halfLifeHours=72` and the like; names and ranges are judged where the settings are known. */
function readChange(typed: readonly string[]): ScoreChange {
  const change: Record<string, number> = {};
  for (const text of typed) {
    const at = text.indexOf('=');
    const name = text
      .slice(0, Math.max(0, at))
      .trim()
      .replace(/^score\./, '');
    const value = text.slice(at + 1).trim();
    if (at < 1 || name === '' || !/^[+-]?(\d+\.?\d*|\.\d+)$/.test(value)) {
      throw new UserError('invalid-flag', `--set does not take "${text}".`, {
        fix: 'Write a name, "=" and a number, such as --set halfLifeHours=72.',
      });
    }
    change[name] = Number(value);
  }
  return change;
}
