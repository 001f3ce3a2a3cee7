import type { DifferingSignal } from '../ports/transfer.ts';
import type { Harvester } from './harvester.ts';
import type { FileRow } from './import-rows.ts';
import type { LineRemark, TransferLine, TransferOptions } from './transfer.ts';

/** Signals and characters of one transaction, at most: nobody waits long for it, and memory holds no more. */
const linesPerStep = 200;
const charactersPerStep = 4_000_000;
/** Remarks that are kept word for word; all are counted. */
const mostTold = 100;

/** What an import has done so far, or would do. */
export interface ImportTally {
  /** Signals of the file, bad ones included. */
  read: number;
  added: number;
  joined: number;
  known: number;
  /** Signals that were decided otherwise here; `differing` has the first of them. */
  differingCount: number;
  posts: number;
  /** Lines left out; `problems` has the first of them. */
  problemCount: number;
  warningCount: number;
  readonly differing: DifferingSignal[];
  readonly problems: LineRemark[];
  readonly warnings: LineRemark[];
}

export interface ImportRequest {
  readonly harvester: Pick<Harvester, 'transfer'>;
  readonly rows: AsyncIterable<FileRow>;
  readonly options: TransferOptions;
  /** An abort ends it between two transactions; importing the file again goes on from there. */
  readonly signal: AbortSignal;
  readonly onProgress?: (tally: ImportTally) => void;
}

/** Takes in the signals of a file, some hundred at a time, each time all of them or none. */
export async function importRows({
  harvester,
  rows,
  options,
  signal,
  onProgress,
}: ImportRequest): Promise<ImportTally> {
  const tally: ImportTally = {
    ...{
      read: 0,
      added: 0,
      joined: 0,
      known: 0,
      differingCount: 0,
      posts: 0,
      problemCount: 0,
      warningCount: 0,
    },
    ...{ differing: [], problems: [], warnings: [] },
  };
  let waiting: TransferLine[] = [];
  let characters = 0;
  const take = async () => {
    const report = await harvester.transfer.take(waiting, options);
    waiting = [];
    characters = 0;
    tally.added += report.added;
    tally.joined += report.joined;
    tally.known += report.known;
    tally.posts += report.posts;
    tally.differingCount += report.differing.length;
    keep(tally.differing, report.differing);
    tellProblems(tally, report.problems);
    tellWarnings(tally, report.warnings);
    onProgress?.(tally);
  };
  for await (const row of rows) {
    signal.throwIfAborted();
    tally.read += 1;
    if ('problem' in row) {
      tellProblems(tally, [{ line: row.line, text: row.problem }]);
      continue;
    }
    if (row.warning !== undefined) tellWarnings(tally, [{ line: row.line, text: row.warning }]);
    waiting.push({ line: row.line, value: row.value });
    characters += row.length;
    if (waiting.length >= linesPerStep || characters >= charactersPerStep) await take();
  }
  if (waiting.length > 0) await take();
  // What is no JSON was told before the rest of its batch was looked at.
  tally.problems.sort((a, b) => a.line - b.line);
  return tally;
}

function keep<Item>(kept: Item[], more: readonly Item[]): void {
  kept.push(...more.slice(0, Math.max(0, mostTold - kept.length)));
}

function tellProblems(tally: ImportTally, problems: readonly LineRemark[]): void {
  tally.problemCount += problems.length;
  keep(tally.problems, problems);
}

function tellWarnings(tally: ImportTally, warnings: readonly LineRemark[]): void {
  tally.warningCount += warnings.length;
  keep(tally.warnings, warnings);
}
