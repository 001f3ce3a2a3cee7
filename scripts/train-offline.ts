/**
 * Trains the offline analyzer and writes its weights:
 *
 *     node scripts/train-offline.ts DIR [FILE]
 *
 * DIR holds the labelled sets; FILE is source/analyzers/offline/weights.json
 * when not given. The same sets give the same file, bit for bit: seeds and
 * orders are fixed. Only sets whose licence allows it are learned from
 * (docs/decisions/0006-trained-offline-classifier.md).
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fitCurves, runTrials } from '../bench/offline/calibrate.ts';
import { readSets } from '../bench/offline/sets.ts';
import { trainWeights } from '../bench/offline/train-weights.ts';
import { formatCurve } from '../source/analyzers/offline/confidence.ts';

const [folder, file] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/train-offline.ts DIR [FILE]');
  process.exit(2);
}
const target = file ?? fileURLToPath(new URL('../source/analyzers/offline/weights.json', import.meta.url));

const { issues, reviews, overflow } = readSets(folder);
const weights = trainWeights([...issues, ...reviews], overflow);
const curves = fitCurves(runTrials(issues, reviews));
const confidence = Object.fromEntries([...curves].map(([name, curve]) => [name, formatCurve(curve)]));
const text = `${JSON.stringify({ ...weights, confidence }, null, 2)}\n`;
writeFileSync(target, text);
console.log(
  `${target}: ${Math.round(text.length / 1024)} KB from ${issues.length + reviews.length + overflow.length} posts`,
);
