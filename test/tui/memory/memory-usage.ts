import type { UsageCount } from '../../../source/domain/usage.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';

/** Counts in memory; `list` tells them in the order in which they came. */
export function memoryUsage(): Harvester['usage'] {
  const kept: UsageCount[] = [];
  const status: Awaited<ReturnType<Harvester['usage']['status']>> = {
    recording: true,
    sending: false,
    reasons: [],
    doNotTrack: false,
    collector: null,
    consent: null,
    sentThrough: null,
    keepDays: 400,
  };
  return {
    record: async (counts) => void kept.push(...counts),
    status: async () => status,
    list: async (since) => kept.filter(({ day }) => day >= since),
    payload: async () => ({
      schemaVersion: 1,
      installId: '00000000-0000-4000-8000-000000000000',
      version: '0.0.0',
      platform: 'linux',
      nodeMajor: 24,
      days: [],
    }),
    consent: async () => status,
    send: async () => ({ days: 0, counts: 0, collector: 'nowhere' }),
    forget: async () => kept.splice(0).length,
  };
}
