/** One judged post: what is right, and what was said. */
export interface Judged {
  readonly truth: string;
  readonly answer: string;
  /** 0–1, as stated; absent where nothing was stated. */
  readonly confidence?: number;
}

export interface LabelQuality {
  /** How often it was right to say it, and how often it was said when right; 0–1. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Posts of which it is the truth. */
  readonly support: number;
}

export interface Quality {
  readonly n: number;
  readonly accuracy: number;
  /** Mean F1 of the labels that are the truth of any post. */
  readonly macroF1: number;
  readonly perLabel: ReadonlyMap<string, LabelQuality>;
  /** By truth, then by answer: how many. */
  readonly confusion: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Labels are those that occur as truth; an answer outside them is wrong and nothing else. All zero for no posts. */
export function measureQuality(rows: readonly Judged[]): Quality {
  const labels = [...new Set(rows.map((row) => row.truth))].sort();
  const confusion = new Map(labels.map((label) => [label, new Map<string, number>()]));
  const given = new Map<string, number>();
  let right = 0;
  for (const { truth, answer } of rows) {
    const row = confusion.get(truth);
    row?.set(answer, (row.get(answer) ?? 0) + 1);
    given.set(answer, (given.get(answer) ?? 0) + 1);
    if (truth === answer) right += 1;
  }
  const perLabel = new Map(
    labels.map((label): [string, LabelQuality] => {
      const row = confusion.get(label);
      const hits = row?.get(label) ?? 0;
      const support = [...(row?.values() ?? [])].reduce((sum, count) => sum + count, 0);
      const precision = hits / Math.max(1, given.get(label) ?? 0);
      const recall = hits / Math.max(1, support);
      const f1 = hits === 0 ? 0 : (2 * precision * recall) / (precision + recall);
      return [label, { precision, recall, f1, support }];
    }),
  );
  const macroF1 = [...perLabel.values()].reduce((sum, { f1 }) => sum + f1, 0) / Math.max(1, labels.length);
  return { n: rows.length, accuracy: right / Math.max(1, rows.length), macroF1, perLabel, confusion };
}

/** Posts by stated confidence: does "80 % sure" mean right in 80 of 100? */
export interface ReliabilityBin {
  /** Lower bound; the bin is 0.1 wide. */
  readonly from: number;
  readonly count: number;
  readonly meanConfidence: number;
  /** Share that was right. */
  readonly right: number;
}

/** Ten bins, empty ones too. Posts without a stated confidence are left out. */
export function measureReliability(rows: readonly Judged[]): readonly ReliabilityBin[] {
  const bins = Array.from({ length: 10 }, (_, at) => ({ from: at / 10, count: 0, sum: 0, right: 0 }));
  for (const { truth, answer, confidence } of rows) {
    if (confidence === undefined) continue;
    const bin = bins[Math.max(0, Math.min(9, Math.floor(confidence * 10)))];
    if (bin === undefined) continue;
    bin.count += 1;
    bin.sum += confidence;
    if (truth === answer) bin.right += 1;
  }
  return bins.map(({ from, count, sum, right }) => ({
    from,
    count,
    meanConfidence: count === 0 ? 0 : sum / count,
    right: count === 0 ? 0 : right / count,
  }));
}

/** How far stated confidence is from the share that was right, on average over posts (expected calibration error); null without any. */
export function calibrationError(bins: readonly ReliabilityBin[]): number | null {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  return bins.reduce(
    (sum, { count, meanConfidence, right }) => sum + (count / total) * Math.abs(meanConfidence - right),
    0,
  );
}

export function meanAbsoluteError(
  pairs: readonly { readonly truth: number; readonly answer: number }[],
): number | null {
  if (pairs.length === 0) return null;
  return pairs.reduce((sum, { truth, answer }) => sum + Math.abs(truth - answer), 0) / pairs.length;
}

/**
 * A fold from 0 to before `folds`, by the words of the text alone: a text and
 * its copy are always held back together, whatever else is judged beside them.
 */
export function foldOf(text: string, folds: number): number {
  let hash = 0x811c9dc5;
  for (const character of text.toLowerCase()) {
    if (!/[\p{L}\p{N}]/u.test(character)) continue;
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % folds;
}
