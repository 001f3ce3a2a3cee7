/**
 * Quality and speed of the offline analyzer, on posts that its model has not
 * seen:
 *
 *     node bench/offline-quality.ts DIR [--confusion]
 *
 * DIR holds the labelled sets. Models are trained anew for every way of holding
 * posts back; sets that may not be trained on are asked of the weights that
 * ship. Takes under a minute.
 */
import type { AnalysisRequest } from '../source/ports/analyzer.ts';
import { tellFigure } from './figure.ts';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node bench/offline-quality.ts DIR [--confusion]');
  process.exit(2);
}
const withConfusion = process.argv.includes('--confusion');

const { signal } = new AbortController();
const request = (text: string, signalId: number, lang: string | null): AnalysisRequest => ({
  signalId,
  kind: 'file',
  author: null,
  title: null,
  text,
  lang,
});

// Before anything else is loaded: this is what a start pays.
const loadStarted = performance.now();
const { createOfflineAnalyzer } = await import('../source/analyzers/offline/offline.ts');
const analyzer = createOfflineAnalyzer();
await analyzer.analyze([request('Is it down? I cannot log in.', 0, 'en')], { signal });
const loadMs = performance.now() - loadStarted;

const { byAfinn, byKeyword, byVader } = await import('./offline/baselines.ts');
const { fitCurves, runTrials, trial } = await import('./offline/calibrate.ts');
const { measureQuality } = await import('../source/domain/evaluation.ts');
const { answersOf, crossValidation, modelOf, reliability, sayMoods, trainSplits } = await import(
  './offline/evaluate.ts'
);
const { readSets } = await import('./offline/sets.ts');

type Labelled = import('./offline/labelled-sets.ts').Labelled;
type Quality = import('../source/domain/evaluation.ts').Quality;
type Said = import('./offline/evaluate.ts').Said;
type Trial = import('./offline/calibrate.ts').Trial;

const percent = (share: number) => (share * 100).toFixed(1).padStart(5);
const macro = (rows: readonly Pick<Said, 'truth' | 'answer'>[]) => percent(measureQuality(rows).macroF1);
const sayWith = (rows: readonly Labelled[], answer: (text: string) => string) =>
  rows.map((row) => ({ truth: row.label, answer: answer(row.text) }));

const sets = readSets(folder);
const { issues, reviews, marc, churn, security, overflow, tweets } = sets;

function printConfusion(quality: Quality): void {
  const columns = [...new Set([...quality.confusion.values()].flatMap((row) => [...row.keys()]))].sort();
  console.log(`      ${'is \\ said'.padEnd(12)}${columns.map((column) => column.padStart(10)).join('')}`);
  for (const [label, row] of quality.confusion) {
    const counts = columns.map((column) => String(row.get(column) ?? 0).padStart(10)).join('');
    const { precision, recall, f1 } = quality.perLabel.get(label) ?? { precision: 0, recall: 0, f1: 0 };
    console.log(
      `      ${label.padEnd(12)}${counts}   precision ${percent(precision)}  recall ${percent(recall)}  F1 ${percent(f1)}`,
    );
  }
}

function printTrial({ name, set, said }: Trial, rows: readonly Labelled[]): void {
  const { labels, rest } = answersOf(rows);
  const keywords = macro(sayWith(rows, byKeyword(labels, rest)));
  console.log(
    `  ${`${set}, ${name}`.padEnd(34)} ${keywords}    ${macro(said.lists)}    ${macro(said.model)}    ${macro(said.combined)}`,
  );
  if (withConfusion) printConfusion(measureQuality(said.combined));
}

function tellQuality(
  what: string,
  said: readonly Pick<Said, 'truth' | 'answer'>[],
  floor: string,
  by: typeof said,
) {
  const score = (rows: typeof said) => measureQuality(rows).macroF1 * 100;
  tellFigure({ what, value: score(said), unit: '% macro-F1', floor: { what: floor, value: score(by) } });
}

console.log('category, macro-F1                keywords    lists    model  combined');
const trials = runTrials(issues, reviews);
for (const one of trials) printTrial(one, one.set === 'issues' ? issues : reviews);
const everything = [...issues, ...reviews];
const neverTrained = [
  trial('never trained on', 'marc', marc, [{ train: everything, test: marc }]),
  trial('never trained on', 'churn', churn, [{ train: everything, test: churn }]),
  trial('never trained on', 'security', security, [{ train: everything, test: security }]),
];
const rowsOf = new Map([
  ['marc', marc],
  ['churn', churn],
  ['security', security],
]);
for (const one of neverTrained) {
  const rows = rowsOf.get(one.set) ?? [];
  printTrial(one, rows);
  const { labels, rest } = answersOf(rows);
  const byWords = sayWith(rows, byKeyword(labels, rest));
  tellQuality(`categories of ${one.set}, never trained on`, one.said.combined, 'lists of keywords', byWords);
}

function printReliability(title: string, rows: readonly Said[], curves: ReturnType<typeof fitCurves>): void {
  console.log(`reliability, ${title}: stated confidence, mean stated, share right`);
  for (const { from, count, meanConfidence, right } of reliability(rows, curves)) {
    const range = `${from.toFixed(1)}–${(from + 0.1).toFixed(1)}`;
    console.log(
      count === 0
        ? `  ${range}       none`
        : `  ${range}  ${percent(meanConfidence)}  ${percent(right)}  of ${count}`,
    );
  }
}

// Each half is judged by curves from the other half.
const halves = [0, 1].map((half) =>
  trials.map((one): Trial => {
    const pick = (rows: readonly Said[]) => rows.filter((_, index) => index % 2 === half);
    const { lists, model, combined } = one.said;
    return { ...one, said: { lists: pick(lists), model: pick(model), combined: pick(combined) } };
  }),
);
const [even = [], odd = []] = halves;
const combinedOf = (list: readonly Trial[]) => list.flatMap(({ said }) => said.combined);
console.log(
  'reliability, held back (two halves, each by the curves of the other): stated, mean stated, right',
);
const binsOfEven = reliability(combinedOf(even), fitCurves(odd));
const binsOfOdd = reliability(combinedOf(odd), fitCurves(even));
binsOfEven.forEach((bin, at) => {
  const other = binsOfOdd[at] ?? bin;
  const count = bin.count + other.count;
  if (count === 0) return;
  const mean = (bin.meanConfidence * bin.count + other.meanConfidence * other.count) / count;
  const right = (bin.right * bin.count + other.right * other.count) / count;
  console.log(
    `  ${bin.from.toFixed(1)}–${(bin.from + 0.1).toFixed(1)}  ${percent(mean)}  ${percent(right)}  of ${count}`,
  );
});
printReliability('MARC, never trained on', neverTrained[0]?.said.combined ?? [], fitCurves(trials));

console.log('sentiment, macro-F1               AFINN    VADER    lists    model  combined');
const folds = trainSplits(crossValidation(overflow, []), 'mood');
const shippedMood = modelOf(overflow, 'mood');
const moods = [
  ['Stack Overflow, 5 folds', overflow, folds],
  ['tech tweets, never trained on', tweets, [{ model: shippedMood, test: tweets }]],
] as const;
for (const [name, rows, models] of moods) {
  const say = (method: 'lists' | 'model' | 'combined') =>
    models.flatMap(({ model, test }) => sayMoods(test, method, method === 'lists' ? null : model));
  const combined = say('combined');
  console.log(
    `  ${name.padEnd(30)} ${macro(sayWith(rows, byAfinn))}    ${macro(sayWith(rows, byVader))}    ${macro(say('lists'))}    ${macro(say('model'))}    ${macro(combined)}`,
  );
  if (withConfusion) printConfusion(measureQuality(combined));
  tellQuality(`sentiment of ${name}`, combined, 'VADER', sayWith(rows, byVader));
}

const texts = Object.values(sets).flatMap((rows: readonly Labelled[]) => rows.map(({ text }) => text));
const short = texts.filter((text) => text.length <= 500);
async function measureSpeed(label: string, posts: readonly string[], lang: string | null): Promise<void> {
  const batch = posts.map((text, index) => request(text, index, lang));
  const started = performance.now();
  await analyzer.analyze(batch, { signal });
  const perSecond = Math.round(posts.length / ((performance.now() - started) / 1000));
  console.log(`speed, ${label} (${posts.length}): ${perSecond} posts/s on one core`);
}
await measureSpeed('all posts', texts, 'en');
await measureSpeed('posts up to 500 characters', short, 'en');
await measureSpeed('language to be found (loads the detector)', short, null);
console.log(`load and first post: ${Math.round(loadMs)} ms`);
