import { formatMs } from '../../domain/format-ms.ts';
import { summarizeTiming, type TimingSummary } from '../../domain/timings.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import type { Pane, PaneRow } from './dashboard-pane.ts';

/** Where time goes: the stages of the newest runs, the queries of this process. */
export interface DashboardTimings {
  readonly stages: readonly TimingSummary[];
  /** Slowest first. */
  readonly queries: readonly TimingSummary[];
}

export const noTimings: DashboardTimings = { stages: [], queries: [] };

const newestRuns = 20;
const queriesShown = 6;

export async function readTimings({ timings }: Harvester): Promise<DashboardTimings> {
  const [runs, { queries }] = await Promise.all([timings.ofRuns(newestRuns), timings.read()]);
  const slowest = queries.map(summarizeTiming).sort((a, b) => b.p95Ms - a.p95Ms);
  return { stages: runs.stages, queries: slowest.slice(0, queriesShown) };
}

/** Half of the batches (or queries) took no longer than p50, 19 of 20 no longer than p95. */
export function timingsPane({ stages, queries }: DashboardTimings): Pane {
  const row = ({ name, p50Ms, p95Ms }: TimingSummary, one: string): PaneRow => ({
    kind: 'words',
    label: name,
    value: `p50 ${formatMs(p50Ms)} · p95 ${formatMs(p95Ms)}${one}`,
    tone: 'plain',
    search: null,
  });
  return {
    id: 'timings',
    title: 'timings of stages and queries',
    rows: [...stages.map((each) => row(each, ' a batch')), ...queries.map((each) => row(each, ''))],
    empty: 'nothing was timed yet',
  };
}
