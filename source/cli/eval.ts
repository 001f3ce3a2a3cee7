import { type AnalyzerName, analyzerNames } from '../domain/analyzer-names.ts';
import { formatUsd } from '../domain/limits.ts';
import { exitCodes, UserError } from '../errors.ts';
import type {
  AnalyzerEvaluation,
  Evaluation,
  EvaluationEstimate,
  TaskQuality,
} from '../harvester/evaluation.ts';
import { type CommandContext, defineCommand } from './command.ts';
import { parseLabelMap, readLabelledFiles } from './labelled-file.ts';
import { plural } from './plural.ts';
import { type Column, emphasize, printJson, printNote, printTable, printText, visible } from './print.ts';

/** The free one first: the others are measured by it. */
const evaluated = analyzerNames.toReversed();

export const evalCommand = defineCommand({
  name: 'eval',
  summary: 'Judge analyzers by your own labels and by labelled files, with what they cost',
  usage: 'eval [--analyzer NAME]... [--data FILE|DIR]... [--map LABEL=CATEGORY]... [--limit N] [--force]',
  details: `Every analyzer is asked about the same posts. "offline, taught" has learned from
your labels, but each post is asked of one that learned from the other four
fifths of them only: otherwise it would merely repeat what you said.
A labelled file has one JSON object a line: "text" and "label" (or "category",
"sentiment", "urgency"). It is only judged where it speaks: a set of bugs and
features says nothing of praise, which is then "none". --map reads labels that
have other names: --map rating=praise --map not=none; "-" leaves them out.
What costs money is estimated first and asked only with --force, within
models.spend.`,
  json: '{ "posts", "ownLabels", "folds", "analyzers": [{ "analyzer", "asked", "unanswered", "category": { "n", "accuracy", "macroF1", "perLabel", "confusion" }, "reliability", "calibrationError", "sentiment", "urgencyError", "seconds", "requests", "tokens", "usd", "warnings" }] }; with --estimate { "estimate" }',
  examples: [
    { command: 'signal-harvester eval', meaning: 'the offline analyzer by your own labels' },
    {
      command: 'signal-harvester eval --analyzer offline,openai --limit 200 --estimate',
      meaning: 'what it would cost to compare the two',
    },
    {
      command: 'signal-harvester eval --data labelled.jsonl --no-own',
      meaning: 'by a file alone',
    },
  ],
  flags: {
    analyzer: {
      type: 'list',
      value: 'NAME',
      choices: evaluated,
      summary: 'Who is judged (default: those of the configuration that are free)',
    },
    data: {
      type: 'list',
      value: 'FILE|DIR',
      summary: 'Labelled posts beside your own labels; --data=- is standard input',
    },
    map: { type: 'list', value: 'LABEL=CATEGORY', summary: 'How labels of the files are read' },
    own: { type: 'boolean', on: true, summary: 'Judge by the files alone' },
    limit: { type: 'integer', value: 'N', min: 1, summary: 'Posts at most, spread evenly (default: all)' },
    details: { type: 'boolean', summary: 'Also every category, the confusion and the calibration' },
    estimate: { type: 'boolean', summary: 'Only say what it would cost' },
    force: { type: 'boolean', summary: 'Spend what was estimated' },
  },
  words: { min: 0, max: 0 },
  reads: true,
  async run(context, { flags }) {
    const files = await readLabelledFiles(context, flags.data, parseLabelMap(flags.map));
    if (!context.json) for (const note of files.notes) await printNote(context, visible(note));
    const harvester = await context.open();
    const request = {
      analyzers: await chooseAnalyzers(context, flags.analyzer),
      rows: files.rows,
      ownLabels: flags.own,
      limit: flags.limit ?? null,
    };
    const estimate = await harvester.evaluation.estimate(request);
    if (flags.estimate) {
      if (context.json) await printJson(context, { estimate });
      else await printText(context, describeEstimate(estimate));
      return exitCodes.done;
    }
    if (estimate.totalUsd > 0 && !flags.force) {
      if (!context.json) await printText(context, describeEstimate(estimate));
      throw new UserError(
        'not-forced',
        `This would cost up to ${formatUsd(estimate.totalUsd)}, so nobody was asked.`,
        {
          fix: 'Repeat the command with --force, with --limit to ask about fewer posts, or with --analyzer offline.',
        },
      );
    }
    const evaluation = await harvester.evaluation.run(request, {
      signal: context.signal,
      onProgress: (line) => {
        if (!context.json && context.isErrorTerminal) context.stderr.write(`\r\u001b[K${line}`);
      },
    });
    if (!context.json && context.isErrorTerminal) context.stderr.write('\r\u001b[K');
    if (context.json) await printJson(context, evaluation);
    else await printEvaluation(context, evaluation, flags.details);
    return evaluation.analyzers.some(({ unanswered }) => unanswered > 0) ? exitCodes.partial : exitCodes.done;
  },
});

/** Those that were named, else those of the configuration that cost nothing: nobody is asked by accident. */
async function chooseAnalyzers(
  context: CommandContext,
  named: readonly string[],
): Promise<readonly AnalyzerName[]> {
  const { config } = await context.loaded();
  const asked = named.length > 0 ? named : config.analyzers.filter((name) => name === 'offline');
  const chosen = evaluated.filter((name) => asked.includes(name));
  return chosen.length > 0 ? chosen : ['offline'];
}

function describeEstimate({ posts, analyzers, totalUsd, leftUsd }: EvaluationEstimate): string {
  const lines = analyzers.map(
    ({ analyzer, requests, tokens, usd }) =>
      `${analyzer.padEnd(12)}${usd === 0 && requests === 0 ? 'free' : `at most about ${formatUsd(usd)} (${plural(requests, 'request')}, ${tokens} tokens)`}`,
  );
  const caps =
    leftUsd === null
      ? 'no cap is set'
      : `the caps leave ${formatUsd(leftUsd)}${totalUsd > leftUsd ? ', where it would stop' : ''}`;
  return [`${plural(posts, 'post')}`, ...lines, `${formatUsd(totalUsd)} in all; ${caps}.`].join('\n');
}

const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
const orDash = (value: number | null | undefined, format: (value: number) => string) =>
  value === null || value === undefined ? '-' : format(value);

const columns: readonly Column<AnalyzerEvaluation>[] = [
  { title: 'ANALYZER', text: ({ analyzer }) => analyzer },
  { title: 'POSTS', align: 'right', text: ({ asked }) => String(asked) },
  { title: 'UNANSWERED', align: 'right', text: ({ unanswered }) => String(unanswered) },
  { title: 'CATEGORY', align: 'right', text: ({ category }) => orDash(category?.accuracy, percent) },
  { title: 'MACRO-F1', align: 'right', text: ({ category }) => orDash(category?.macroF1, percent) },
  {
    title: 'CALIBRATION',
    align: 'right',
    text: ({ calibrationError }) => orDash(calibrationError, (value) => `±${(value * 100).toFixed(0)}%`),
  },
  { title: 'FEELING', align: 'right', text: ({ sentiment }) => orDash(sentiment?.accuracy, percent) },
  { title: 'F1', align: 'right', text: ({ sentiment }) => orDash(sentiment?.macroF1, percent) },
  {
    title: 'URGENCY',
    align: 'right',
    text: ({ urgencyError }) => orDash(urgencyError, (value) => `±${value.toFixed(2)}`),
  },
  { title: 'SECONDS', align: 'right', text: ({ seconds }) => seconds.toFixed(1) },
  { title: 'REQUESTS', align: 'right', text: ({ requests }) => String(requests) },
  { title: 'TOKENS', align: 'right', text: ({ tokens }) => String(tokens) },
  { title: 'COST', align: 'right', text: ({ usd }) => formatUsd(usd) },
];

/** A narrow screen gives up what is 0 for everybody. */
function columnsFor(analyzers: readonly AnalyzerEvaluation[]): readonly Column<AnalyzerEvaluation>[] {
  return columns.filter(
    ({ title, text }, index) => index < 2 || analyzers.some((each) => !isEmpty(title, text(each))),
  );
}

function isEmpty(title: string, text: string): boolean {
  return text === '-' || (text === '0' && ['UNANSWERED', 'REQUESTS', 'TOKENS'].includes(title));
}

async function printEvaluation(
  context: CommandContext,
  evaluation: Evaluation,
  details: boolean,
): Promise<void> {
  const { analyzers, ownLabels, folds } = evaluation;
  await printTable(context, columnsFor(analyzers), analyzers);
  for (const { analyzer, warnings } of analyzers) {
    for (const warning of warnings) await printNote(context, `${analyzer}: ${visible(warning)}`);
  }
  if (analyzers.some(({ analyzer }) => analyzer === 'offline, taught')) {
    await printNote(
      context,
      `"offline, taught" was judged out-of-fold: each post by an analyzer that learned from the other ${folds - 1} fifths of your labels only.`,
    );
  }
  if (ownLabels > 0) {
    await printNote(
      context,
      'Labels made in triage are mostly what was wrong, so all figures are lower than on a usual day: compare analyzers, not days.',
    );
  }
  if (!details) return;
  for (const one of analyzers) await printText(context, describeDetails(context, one));
}

function describeDetails(context: CommandContext, one: AnalyzerEvaluation): string {
  const parts = [`\n${emphasize(context, one.analyzer)}`];
  if (one.category !== null) parts.push(describeTask('category', one.category));
  if (one.sentiment !== null) parts.push(describeTask('feeling', one.sentiment));
  const bins = one.reliability.filter(({ count }) => count > 0);
  if (bins.length > 0) {
    parts.push('stated      mean    right  posts');
    for (const { from, meanConfidence, right, count } of bins) {
      const range = `${from.toFixed(1)}–${(from + 0.1).toFixed(1)}`;
      parts.push(
        `${range.padEnd(9)}${percent(meanConfidence).padStart(7)}${percent(right).padStart(9)}${String(count).padStart(7)}`,
      );
    }
  }
  return parts.join('\n');
}

function describeTask(name: string, { n, perLabel, confusion }: TaskQuality): string {
  const answers = [...new Set(Object.values(confusion).flatMap((said) => Object.keys(said)))];
  const head = `${`${name} (${n})`.padEnd(16)}precision  recall      F1   said: ${answers.join(' ')}`;
  const lines = Object.entries(perLabel).map(([label, { precision, recall, f1 }]) => {
    const said = answers.map((answer) => String(confusion[label]?.[answer] ?? 0).padStart(answer.length));
    const figures = [percent(precision).padStart(9), percent(recall).padStart(8), percent(f1).padStart(8)];
    return `  ${visible(label).padEnd(14)}${figures.join('')}         ${said.join(' ')}`;
  });
  return [head, ...lines].join('\n');
}
