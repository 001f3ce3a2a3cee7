/**
 * How fast the offline analyzer learns from corrections, on labelled sets that
 * its weights were never trained on:
 *
 *     node bench/learning-corrections.ts DIR [--shuffles N]
 *
 * DIR holds the labelled sets. Each shuffle cuts a set. An analyst reads
 * three quarters in their order and corrects what the analyzer, as it has been taught
 * so far, gets wrong; only mistakes become labels, as in triage. "All labelled"
 * takes as many posts as they come, as an imported file does. The last
 * quarter judges. Figures are means over the shuffles, ± their spread.
 */
import { createOfflineAnalyzer } from '../source/analyzers/offline/offline.ts';
import { measureQuality } from '../source/domain/evaluation.ts';
import type { Label } from '../source/domain/label.ts';
import { mostUsual } from '../source/harvester/teacher.ts';
import type { AnalysisRequest } from '../source/ports/analyzer.ts';
import type { Labelled } from './offline/labelled-sets.ts';
import { mulberry32 } from './offline/logistic.ts';
import { readSets } from './offline/sets.ts';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node bench/learning-corrections.ts DIR [--shuffles N]');
  process.exit(2);
}
const shufflesAt = process.argv.indexOf('--shuffles');
const shuffles = shufflesAt < 0 ? 10 : Number(process.argv[shufflesAt + 1]);
const marks = [0, 10, 30, 100, 300];
const { signal } = new AbortController();

type Task = 'category' | 'sentiment';

const requestOf = ({ text }: Labelled, signalId: number): AnalysisRequest => ({
  signalId,
  kind: 'file',
  author: null,
  title: null,
  text,
  lang: 'en',
});

async function say(
  task: Task,
  rows: readonly Labelled[],
  labels: readonly Label[],
  usual: readonly Labelled[],
): Promise<string[]> {
  const teaching = { labels, usual: usual.map(requestOf) };
  const analyzer = createOfflineAnalyzer({ teacher: { teaching: async () => teaching } });
  const answers = await analyzer.analyze(rows.map(requestOf), { signal });
  return answers.map(({ analysis }) => analysis[task]);
}

function labelOf(task: Task, row: Labelled, id: number): Label {
  const base = { id, signalId: id, at: id, kind: 'file', lang: 'en', title: null, text: row.text };
  return { ...base, category: null, sentiment: null, urgency: null, [task]: row.label };
}

/** As the store has them: posts without a label, most of which nobody has looked at, right or wrong. */
function usualOf(rows: readonly Labelled[], labelled: ReadonlySet<Labelled>): readonly Labelled[] {
  return rows.filter((row) => !labelled.has(row)).slice(-mostUsual);
}

/** Reads on until there are `wanted` corrections; what was taught before is asked anew for every page. */
async function correct(
  task: Task,
  rows: readonly Labelled[],
  state: { labels: Label[]; corrected: Set<Labelled>; at: number },
  wanted: number,
): Promise<void> {
  const page = 50;
  while (state.labels.length < wanted && state.at < rows.length) {
    const shown = rows.slice(state.at, state.at + page);
    const answers = await say(task, shown, state.labels, usualOf(rows, state.corrected));
    for (const [index, row] of shown.entries()) {
      state.at += 1;
      if (answers[index] === row.label) continue;
      state.corrected.add(row);
      state.labels.push(labelOf(task, row, state.labels.length + 1));
      if (state.labels.length === wanted) break;
    }
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]) =>
  Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)));
const cell = (values: readonly number[]) =>
  values.length < shuffles ? '-' : `${(100 * mean(values)).toFixed(1)} ±${(100 * spread(values)).toFixed(1)}`;

async function measure(name: string, task: Task, rows: readonly Labelled[]): Promise<void> {
  const figures = new Map<string, number[]>();
  const note = (key: string, value: number) => figures.set(key, [...(figures.get(key) ?? []), value]);
  for (let shuffle = 1; shuffle <= shuffles; shuffle += 1) {
    const random = mulberry32(shuffle);
    const shuffled = rows
      .map((row) => [random(), row] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, row]) => row);
    const cut = Math.floor((rows.length * 3) / 4);
    const [teaching, judging] = [shuffled.slice(0, cut), shuffled.slice(cut)];
    const judge = async (
      kind: string,
      mark: number,
      labels: readonly Label[],
      usual: readonly Labelled[],
    ) => {
      const answers = await say(task, judging, labels, usual);
      const judged = judging.map(({ label }, index) => ({ truth: label, answer: answers[index] ?? '' }));
      const { accuracy, macroF1 } = measureQuality(judged);
      note(`${kind} accuracy ${mark}`, accuracy);
      note(`${kind} F1 ${mark}`, macroF1);
    };
    const state = { labels: [] as Label[], corrected: new Set<Labelled>(), at: 0 };
    for (const mark of marks) {
      await correct(task, teaching, state, mark);
      if (state.labels.length === mark)
        await judge('corrected', mark, state.labels, usualOf(teaching, state.corrected));
      const first = teaching.slice(0, mark);
      if (first.length === mark) {
        await judge(
          'labelled',
          mark,
          first.map((row, index) => labelOf(task, row, index + 1)),
          usualOf(teaching, new Set(first)),
        );
      }
    }
  }
  for (const [kind, words] of [
    ['corrected', 'mistakes corrected'],
    ['labelled', 'all labelled'],
  ]) {
    for (const metric of ['accuracy', 'F1']) {
      const cells = marks.map((mark) => cell(figures.get(`${kind} ${metric} ${mark}`) ?? []).padStart(12));
      console.log(`${`${name}, ${words}, ${metric}`.padEnd(56)}${cells.join('')}`);
    }
  }
}

console.log(`${'%, after labels'.padEnd(56)}${marks.map((mark) => String(mark).padStart(12)).join('')}`);
const { marc, security, tweets } = readSets(folder);
await measure('MARC (bug, feature, other)', 'category', marc);
await measure(
  'FARSEC (security, all else other)',
  'category',
  security.map((row) => (row.label === 'not' ? { ...row, label: 'other' } : row)),
);
await measure('tech tweets (sentiment)', 'sentiment', tweets);

/** Time of the processor, not of the clock: others may be at work on the machine. */
const cpuMs = () => process.cpuUsage().user / 1000;
const texts = [...marc, ...tweets];
const requests = texts.map(requestOf);
const usual = requests.slice(-mostUsual);
const teach = (count: number) => ({
  labels: marc.slice(0, count).map((row, index) => labelOf('category', row, index + 1)),
  usual,
});
for (const count of [0, 300, 1_300]) {
  const teaching = teach(count);
  const analyzer = createOfflineAnalyzer({ teacher: { teaching: async () => teaching } });
  const learning = cpuMs();
  await analyzer.analyze([], { signal });
  const learnedMs = Math.round(cpuMs() - learning);
  await analyzer.analyze(requests, { signal });
  const started = cpuMs();
  await analyzer.analyze(requests, { signal });
  const perSecond = Math.round(texts.length / ((cpuMs() - started) / 1000));
  console.log(`${count} labels: learned in ${learnedMs} ms; ${perSecond} posts/s on one core`);
}
