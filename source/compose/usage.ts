import { openCollector } from '../collector/collector.ts';
import type { LoadedConfig } from '../config/load.ts';
import { asksNotToTrack } from '../domain/usage.ts';
import type { UsageSetup } from '../harvester/usage.ts';

/** What may be counted here, and who may be told. */
export function openUsage({ config }: LoadedConfig, version: string): UsageSetup {
  const { record, keepDays, collectorUrl, timeoutMs } = config.usage;
  return {
    record,
    // Not a setting of ours: it holds in worker threads and under --demo too.
    doNotTrack: asksNotToTrack(process.env.DO_NOT_TRACK),
    keepDays,
    collector: collectorUrl === '' ? null : openCollector(collectorUrl, timeoutMs),
    version,
    platform: process.platform,
    nodeMajor: Number(process.versions.node.split('.')[0]),
  };
}
