import type { RuleTrial } from '../domain/rule-trial.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { RuleStanding } from '../harvester/notifications.ts';
import { chooseAction } from './actions.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { plural } from './plural.ts';
import { type Column, emphasize, printJson, printNote, printRows, printText, visible } from './print.ts';
import { cutToWidth } from './table.ts';

const defaultDays = 30;
const widestBar = 30;

export const rulesCommand = defineCommand({
  name: 'rules',
  summary: 'Show who is told of what, or what the rules would have sent so far',
  usage: 'rules list | rules test [NAME] [--days N]',
  details: `list  every rule with its notifier, and how much it sent in the last 24 hours
test  replays the rules over the stored signals of the last ${defaultDays} days and counts
      by day what each would have sent; sends nothing

A test takes each signal as it was when it was written, with the reactions that it has had since, and holds the limits of a rule within each hour. "score:" within a query is judged as of now. Days are UTC. In a pipe, "test" is one line a rule and day with tabs between: rule, day, sent, held back; "list" is one line a rule: name, state, notifier, query, sent.`,
  json: 'list { "rules": [{ "name", "query", "notifier", "reachable", "sentToday", ... }] }; test { "days", "rules": [{ "rule", "notifier", "problem", "matched", "sent", "days": [{ "day", "sent", "heldBack" }], "samples", "episodes" }] }',
  examples: [
    { command: 'signal-harvester rules test', meaning: 'would this cry wolf?' },
    { command: 'signal-harvester rules test outages --days 7', meaning: 'one rule, one week' },
  ],
  flags: {
    days: {
      type: 'integer',
      value: 'N',
      min: 1,
      max: 365,
      summary: `With test: how far back (default ${defaultDays})`,
    },
  },
  words: { min: 1, max: 2 },
  reads: true,
  async run(context, { words, flags }) {
    const [action, name] = words;
    switch (chooseAction('rules', action, ['list', 'test'])) {
      case 'list':
        if (name !== undefined || flags.days !== undefined) {
          throw new UserError('usage', '"rules list" takes no name and no flag.', {
            fix: 'Run "signal-harvester help rules" for examples.',
          });
        }
        return listRules(context);
      case 'test':
        return testRules(context, name, flags.days ?? defaultDays);
    }
  },
});

async function listRules(context: CommandContext): Promise<ExitCode> {
  const { notifications } = await context.open();
  const rules = await notifications.rules();
  if (context.json) await printJson(context, { rules });
  else if (rules.length === 0)
    await printNote(context, 'There is no rule yet; docs/notifications.md shows how to write one.');
  else await printRows(context, columns, rules);
  return exitCodes.done;
}

const columns: readonly Column<RuleStanding>[] = [
  { title: 'RULE', text: ({ name }) => name },
  {
    title: 'STATE',
    text: ({ enabled, reachable }) => (enabled ? (reachable ? 'on' : 'no notifier') : 'off'),
  },
  { title: 'NOTIFIER', text: ({ notifier }) => notifier },
  { title: 'TELLS OF', flexible: true, text: describeRule },
  { title: '24 H', align: 'right', text: ({ sentToday }) => String(sentToday) },
];

function describeRule({ on, query, minSalience, digest, spike }: RuleStanding): string {
  if (on === 'error') return 'errors of the program itself';
  if (on !== 'signal') return on;
  if (spike !== null)
    return `spikes by ${spike.by}${spike.only.length > 0 ? `: ${spike.only.join(', ')}` : ''}`;
  const parts = [
    query === '' ? 'every signal' : query,
    ...(minSalience > 0 ? [`salience from ${minSalience}`] : []),
    ...(digest === null ? [] : [`${digest.every} digest at ${digest.at}`]),
  ];
  return parts.join('; ');
}

async function testRules(context: CommandContext, name: string | undefined, days: number): Promise<ExitCode> {
  const { notifications } = await context.open();
  const trials = await notifications.test({ days, ...(name === undefined ? {} : { rule: name }) });
  if (context.json) {
    await printJson(context, { days, rules: trials });
    return exitCodes.done;
  }
  for (const { rule, problem } of trials) {
    if (problem !== null) await printNote(context, `rule ${rule}: ${visible(problem)}`);
  }
  if (trials.length === 0)
    await printNote(
      context,
      'No rule could tell anybody: there is none that is enabled and has a notifier. docs/notifications.md begins with one.',
    );
  else if (context.isTerminal) {
    await printText(context, trials.map((trial) => drawTrial(context, trial, days)).join('\n\n'));
  } else
    await printRows(
      context,
      dayColumns,
      trials.flatMap((trial) => trial.days.map((day) => ({ trial, ...day }))),
    );
  return exitCodes.done;
}

type DayRow = RuleTrial['days'][number] & { readonly trial: RuleTrial };

const dayColumns: readonly Column<DayRow>[] = [
  { title: 'rule', text: ({ trial }) => trial.rule },
  { title: 'day', text: ({ day }) => isoDay(day) },
  { title: 'sent', text: ({ sent }) => String(sent) },
  { title: 'heldBack', text: ({ heldBack }) => String(heldBack) },
];

/** A heading, a bar a day, and the newest of what would have been told. */
function drawTrial(context: CommandContext, trial: RuleTrial, days: number): string {
  const most = Math.max(...trial.days.map(({ sent }) => sent), 1);
  const perDay = trial.sent / days;
  const heading = `${trial.rule} -> ${trial.notifier}: ${plural(trial.sent, 'message')} in ${days} days (${perDay.toFixed(1)} a day), ${trial.matched} matched`;
  const bars = trial.days.map(({ day, sent, heldBack }) => {
    const bar = '█'.repeat(Math.max(sent > 0 ? 1 : 0, Math.round((sent / most) * widestBar)));
    const held = heldBack > 0 ? `  ${heldBack} held back` : '';
    return `  ${isoDay(day)}  ${String(sent).padStart(4)}  ${bar}${held}`;
  });
  const samples = trial.samples.map(
    ({ id, at, salience, headline }) =>
      `  ${new Date(at).toISOString().slice(0, 16)}  ${String(Math.round(salience)).padStart(3)}  ${visible(headline)} (${id})`,
  );
  const episodes = trial.episodes
    .slice(0, 10)
    .map(
      ({ value, at, peak, usual }) =>
        `  ${new Date(at).toISOString().slice(0, 13)}:00  ${visible(value)}: ${peak} posts in an hour, usually ${usual.toFixed(1)}`,
    );
  return [
    emphasize(context, heading),
    ...bars,
    ...(samples.length > 0 ? ['  newest:'] : []),
    ...samples,
    ...episodes,
  ]
    .map((line) => cutToWidth(line, context.columns))
    .join('\n');
}

function isoDay(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}
