import { formatMs } from '../domain/format-ms.ts';
import type { TimingSummary } from '../domain/timings.ts';
import type { RunTimings, StageTimings } from '../harvester/timings.ts';
import type { Output } from './command.ts';
import { type Column, emphasize, printRows, printText } from './print.ts';

const whenColumns = 16;

/** How long the stages and the queries of the newest runs took, in two tables; in a pipe one line each. */
export async function printTimings(
  output: Output,
  { runs, from, to, stages, queries }: RunTimings,
): Promise<void> {
  if (output.isTerminal) {
    if (from === null || to === null) {
      await printText(output, 'No run was timed yet. Runs of older versions are not.');
      return;
    }
    const when = runs === 1 ? `of ${shown(to)}` : `from ${shown(from)} to ${shown(to)}`;
    await printText(output, `${runs} ${runs === 1 ? 'run' : 'runs'} ${when} UTC\n`);
  }
  await printRows(output, [...kindColumn(output, 'stage'), ...stageColumns], stages);
  if (output.isTerminal) {
    await printText(output, `\n${emphasize(output, 'queries that took most of each run')}`);
  }
  await printRows(output, [...kindColumn(output, 'query'), ...queryColumns], queries);
}

/** In a pipe nothing stands above the rows, and a stage and a query may have the same name. */
function kindColumn(output: Output, kind: string): readonly Column<TimingSummary>[] {
  return output.isTerminal ? [] : [{ title: 'kind', text: () => kind }];
}

function shown(at: number): string {
  return new Date(at).toISOString().slice(0, whenColumns).replace('T', ' ');
}

function timeColumns<Row extends TimingSummary>(): readonly Column<Row>[] {
  const right = { align: 'right' } as const;
  return [
    { title: 'p50', ...right, text: ({ p50Ms }) => formatMs(p50Ms) },
    { title: 'p95', ...right, text: ({ p95Ms }) => formatMs(p95Ms) },
    { title: 'p99', ...right, text: ({ p99Ms }) => formatMs(p99Ms) },
    { title: 'longest', ...right, text: ({ maxMs }) => formatMs(maxMs) },
    { title: 'in all', ...right, text: ({ sumMs }) => formatMs(sumMs) },
  ];
}

const stageColumns: readonly Column<StageTimings>[] = [
  { title: 'stage', text: ({ name }) => name },
  { title: 'batches', align: 'right', text: ({ count }) => String(count) },
  ...timeColumns<StageTimings>(),
  {
    title: 'each (p50 of runs)',
    align: 'right',
    text: ({ perItemMs }) => (perItemMs === null ? '' : formatMs(perItemMs.p50)),
  },
];

const queryColumns: readonly Column<TimingSummary>[] = [
  { title: 'query', text: ({ name }) => name },
  { title: 'times', align: 'right', text: ({ count }) => String(count) },
  ...timeColumns<TimingSummary>(),
];
