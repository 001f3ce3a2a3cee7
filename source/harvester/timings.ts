import { stageNames } from '../domain/run.ts';
import { mergeTimings, summarizeTiming, type TimingSet, type TimingSummary } from '../domain/timings.ts';
import type { Store } from '../ports/store.ts';
import type { Timings } from '../ports/timings.ts';

/** One stage over some runs. The times are those of a batch. */
export interface StageTimings extends TimingSummary {
  /** Time for each post or signal, by run: half of the runs, and 19 of 20, took no longer. Null when none was worked on. */
  readonly perItemMs: { readonly p50: number; readonly p95: number } | null;
}

/** How long the newest runs took for what. */
export interface RunTimings {
  /** Runs that were timed: those of older versions and those at work are not. */
  readonly runs: number;
  /** When the oldest and the newest of them began; null without any. */
  readonly from: number | null;
  readonly to: number | null;
  readonly stages: readonly StageTimings[];
  /** Of each run only the eight that took most of it. Most time first. */
  readonly queries: readonly TimingSummary[];
}

/** How long stages and queries take. */
export interface TimingsSubject {
  /** Of this process since it began, all its threads together; can be merged and drawn. */
  read(): Promise<TimingSet>;
  /** Of the newest `most` runs in the store, of whatever process. */
  ofRuns(most: number): Promise<RunTimings>;
}

export function createTimings({
  store,
  timings,
}: {
  readonly store: Pick<Store, 'runs'>;
  readonly timings?: Timings;
}): TimingsSubject {
  return {
    read: async () => timings?.read() ?? { stages: [], queries: [] },
    ofRuns: async (most) => {
      const timed = (await store.runs(most)).flatMap(({ startedAt, stages, timings: each }) =>
        each === undefined ? [] : [{ startedAt, stages, timings: each }],
      );
      const merged = mergeTimings(timed.map((run) => run.timings));
      const perItem = (stage: string) =>
        timed.flatMap((run) => {
          const done = run.stages.find(({ name }) => name === stage)?.done ?? 0;
          const busyMs = run.timings.stages.find(({ name }) => name === stage)?.sumMs;
          return busyMs === undefined || done === 0 ? [] : [busyMs / done];
        });
      return {
        runs: timed.length,
        from: timed.at(-1)?.startedAt ?? null,
        to: timed[0]?.startedAt ?? null,
        stages: inOrder(merged.stages.map(summarizeTiming)).map((stage) => ({
          ...stage,
          perItemMs: shares(perItem(stage.name)),
        })),
        queries: merged.queries.map(summarizeTiming).sort((a, b) => b.sumMs - a.sumMs),
      };
    },
  };
}

function inOrder(stages: readonly TimingSummary[]): readonly TimingSummary[] {
  const order: readonly string[] = stageNames;
  return stages.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** By nearest rank. */
function shares(values: readonly number[]): StageTimings['perItemMs'] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1];
  const [p50, p95] = [at(0.5), at(0.95)];
  return p50 === undefined || p95 === undefined ? null : { p50: toMicros(p50), p95: toMicros(p95) };
}

function toMicros(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
