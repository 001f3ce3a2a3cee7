import { MemoryArchive, makeSnapshot } from './memory/memory-snapshots.ts';
import { sampleNow } from './memory/sample.ts';

const day = 86_400_000;
const hour = 3_600_000;

/** Snapshots of some weeks, newest first in time: tagged, unproven, damaged, made by themselves. */
export const sampleSnapshots = [
  makeSnapshot(1, sampleNow - 40 * day, { tags: ['before-launch'] }),
  makeSnapshot(2, sampleNow - 16 * day, { reason: 'scheduled' }),
  makeSnapshot(3, sampleNow - 9 * day, { reason: 'scheduled' }),
  makeSnapshot(4, sampleNow - 8 * day, {
    verified: false,
    verifiedAt: null,
    damaged: true,
    problem: 'store.sqlite.zst: the hash differs from the manifest',
  }),
  makeSnapshot(5, sampleNow - 2 * day, { reason: 'before-restore' }),
  makeSnapshot(6, sampleNow - 26 * hour, { verified: false, verifiedAt: null }),
  makeSnapshot(7, sampleNow - 3 * hour, { reason: 'scheduled' }),
  makeSnapshot(8, sampleNow - 20 * 60_000),
];

export const samplePolicy = { keepLast: 1, keepDaily: 2, keepWeekly: 3, keepTagged: true };

const due = {
  rules: [
    {
      rule: { statuses: ['dismissed'], categories: [], sources: [], search: '', olderThanDays: 90 },
      signals: 12,
    },
    {
      rule: {
        statuses: ['inbox'],
        categories: ['other'],
        sources: ['reddit'],
        search: '',
        olderThanDays: 365,
      },
      signals: 0,
    },
  ],
  signals: 12,
} as const;

export function sampleArchive(settings: { readonly step?: () => Promise<void> } = {}): MemoryArchive {
  return new MemoryArchive({
    now: () => sampleNow,
    snapshots: sampleSnapshots,
    policy: samplePolicy,
    due,
    ...settings,
  });
}
