import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { CorrectionsStatus, LearnedQuality, RelevanceStatus } from '../harvester/learning.ts';
import { chooseAction } from './actions.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { plural } from './plural.ts';
import { emphasize, printJson, printNote, printText, visible } from './print.ts';

const subjects = ['relevance', 'corrections'] as const;

export const learningCommand = defineCommand({
  name: 'learning',
  summary: 'What the program learned from your triage: show, refresh, reset',
  usage: 'learning show|refresh|reset [--only WHAT] [--force]',
  details: `show     what you keep and dismiss, what your corrections taught, and how much
         better the offline analyzer is for it
refresh  lets the order of the inbox follow your decisions now, as the next run does
reset    forgets what was learned until now: the order is as unlearned, and the
         offline analyzer as it was shipped. Your decisions and labels stay.
         Shows its plan, and acts with --force
Nothing that is learned leaves this machine. The settings are under "learning".`,
  json: 'show { "relevance", "corrections" }; refresh { "scored" }; reset { "plan", "scored" }',
  examples: [
    { command: 'signal-harvester learning show', meaning: 'what it has made of your triage' },
    {
      command: 'signal-harvester learning reset --only relevance --force',
      meaning: 'begin anew with the order of the list',
    },
  ],
  flags: {
    only: { type: 'text', value: 'WHAT', choices: subjects, summary: 'Reset this alone' },
    force: { type: 'boolean', summary: 'Do what reset plans' },
  },
  words: { min: 1, max: 1 },
  reads: true,
  async run(context, { words, flags }) {
    switch (chooseAction('learning', words[0], ['show', 'refresh', 'reset'])) {
      case 'show':
        return show(context);
      case 'refresh': {
        const report = await (await context.open()).learning.refresh();
        if (context.json) await printJson(context, report);
        else await printNote(context, `${plural(report.scored, 'signal')} scored again.`);
        return exitCodes.done;
      }
      case 'reset':
        return reset(context, flags.only, flags.force);
    }
  },
});

async function show(context: CommandContext): Promise<ExitCode> {
  const status = await (await context.open()).learning.status();
  if (context.json) await printJson(context, status);
  else {
    const parts = [
      emphasize(context, 'Relevance: what you keep and dismiss'),
      ...describeRelevance(status.relevance),
      '',
      emphasize(context, 'Corrections: what the offline analyzer learned'),
      ...describeCorrections(status.corrections),
    ];
    await printText(context, parts.join('\n'));
  }
  return exitCodes.done;
}

function describeRelevance({
  enabled,
  active,
  decisions,
  kept,
  missing,
  keeps,
  dismisses,
  resetAt,
}: RelevanceStatus): readonly string[] {
  const state = !enabled
    ? 'off (learning.relevance in the configuration, or the flag learned-relevance)'
    : active
      ? 'at work: ×0.5 to ×1.5 on the score'
      : `waits for ${missing ?? 'decisions'}`;
  return [
    line('state', state),
    line('decisions', `${decisions}: ${kept} kept, ${decisions - kept} dismissed`),
    ...(keeps.length === 0 ? [] : [line('you keep', keeps.join(', '))]),
    ...(dismisses.length === 0 ? [] : [line('you dismiss', dismisses.join(', '))]),
    ...resetLine(resetAt),
  ];
}

function describeCorrections(status: CorrectionsStatus): readonly string[] {
  const { enabled, labels, learnedFrom, newestAt, byField, words, untaught, taught, resetAt } = status;
  const state = !enabled
    ? 'off (learning.corrections in the configuration)'
    : learnedFrom === 0
      ? 'waits for a correction'
      : 'at work: on new analyses';
  const fields = `${byField.category} of category, ${byField.sentiment} of feeling, ${byField.urgency} of urgency`;
  return [
    line('state', state),
    line(
      'labels',
      `${labels}${learnedFrom === labels ? '' : `, of which ${learnedFrom} are learned from`} (${fields})`,
    ),
    ...(newestAt === null ? [] : [line('newest', new Date(newestAt).toISOString())]),
    ...words.map(({ category, words: strongest }) => line(category, strongest.join(', '))),
    ...describeGain(untaught, taught),
    ...resetLine(resetAt),
  ];
}

function describeGain(untaught: LearnedQuality | null, taught: LearnedQuality | null): readonly string[] {
  if (untaught === null || taught === null) return [];
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  const gain = (name: string, before: number, after: number) =>
    line(name, `${percent(before)} untaught, ${percent(after)} taught`);
  return [
    gain('accuracy', untaught.accuracy, taught.accuracy),
    gain('macro-F1', untaught.macroF1, taught.macroF1),
    line(
      '',
      `(${plural(taught.n, 'label')} of category; each asked of an analyzer that had not learned from it)`,
    ),
  ];
}

function resetLine(resetAt: number | null): readonly string[] {
  return resetAt === null ? [] : [line('reset', new Date(resetAt).toISOString())];
}

function line(name: string, text: string): string {
  return `  ${visible(name).padEnd(13)}${visible(text)}`;
}

async function reset(context: CommandContext, only: string | undefined, force: boolean): Promise<ExitCode> {
  const what = {
    relevance: only === undefined || only === 'relevance',
    corrections: only === undefined || only === 'corrections',
  };
  const names = subjects.filter((subject) => what[subject]).join(' and ');
  const plan = `Forget what was learned of ${names} until now; your decisions and labels stay, but no longer teach.`;
  if (!force) {
    if (!context.json) await printText(context, `Plan: ${plan}`);
    throw new UserError('not-forced', 'A reset cannot be taken back, so nothing was done.', {
      fix: 'Repeat the command with --force.',
    });
  }
  const { scored } = await (await context.open()).learning.reset(what);
  if (context.json) await printJson(context, { plan, scored });
  else
    await printNote(
      context,
      `Forgot what was learned of ${names}; ${plural(scored, 'signal')} scored again.`,
    );
  return exitCodes.done;
}
