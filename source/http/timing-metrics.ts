import type { Registry } from 'prom-client';
import { countUpTo, type Timing, type TimingKind, type TimingSet } from '../domain/timings.ts';

/** Bounds in milliseconds, all of them bounds of the recorded series: figures of other threads come as counts, not one by one. */
const stageBoundsMs = [1, 5, 25, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000];
const queryBoundsMs = [0.1, 0.5, 1, 5, 10, 25, 50, 100, 250, 1000, 5000];

interface Named {
  readonly kind: TimingKind;
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly boundsMs: readonly number[];
}

const histograms: readonly Named[] = [
  {
    kind: 'stages',
    name: 'signal_harvester_stage_seconds',
    help: 'Time of one batch of a stage: for fetch a page with the wait for it, for notify the stage',
    label: 'stage',
    boundsMs: stageBoundsMs,
  },
  {
    kind: 'queries',
    name: 'signal_harvester_query_seconds',
    help: 'Time of one statement of the store, by what asks; begin waits for a lock, commit for the disk',
    label: 'query',
    boundsMs: queryBoundsMs,
  },
];

/** Histograms of what all threads of this process have timed, read when Prometheus asks. */
export function collectTimings(registry: Registry, read: () => Promise<TimingSet>): void {
  // Asked for twice in one scrape; the threads need answer only once.
  let reading: Promise<TimingSet> | null = null;
  const readOnce = () => {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  };
  for (const { kind, name, help, label, boundsMs } of histograms) {
    const metric = {
      name,
      get: async () => ({
        name,
        help,
        type: 'histogram' as const,
        aggregator: 'sum' as const,
        values: (await readOnce())[kind].flatMap((timing) => valuesOf(name, label, boundsMs, timing)),
      }),
      reset: () => undefined,
    };
    // The library's own histogram takes observations one at a time only.
    registry.registerMetric(metric as unknown as Parameters<Registry['registerMetric']>[0]);
  }
}

function valuesOf(metric: string, label: string, boundsMs: readonly number[], timing: Timing) {
  const labels = { [label]: timing.name };
  return [
    ...boundsMs.map((boundMs) => ({
      metricName: `${metric}_bucket`,
      labels: { le: boundMs / 1000, ...labels },
      value: countUpTo(timing, boundMs),
    })),
    { metricName: `${metric}_bucket`, labels: { le: '+Inf', ...labels }, value: timing.count },
    { metricName: `${metric}_sum`, labels, value: timing.sumMs / 1000 },
    { metricName: `${metric}_count`, labels, value: timing.count },
  ];
}
