import { formatBytes } from '../domain/format-bytes.ts';
import type { SnapshotInfo } from '../domain/snapshot.ts';
import type { Column } from './print.ts';
import { formatAge } from './signal-columns.ts';

/** The columns of a list of snapshots; in a pipe their order is a promise, and new ones come last. */
export function snapshotColumns(now: number): readonly Column<SnapshotInfo>[] {
  return [
    { title: 'SNAPSHOT', text: ({ id }) => id },
    { title: 'AGE', align: 'right', text: ({ createdAt }) => formatAge(now - createdAt) },
    { title: 'SIZE', align: 'right', text: ({ bytes }) => formatBytes(bytes) },
    { title: 'SIGNALS', align: 'right', text: ({ rows }) => String(rows.signals ?? '-') },
    { title: 'STATE', text: describeState },
    { title: 'MADE', text: ({ reason }) => reason ?? '-' },
    { title: 'TAGS', flexible: true, text: ({ tags }) => tags.join(', ') },
  ];
}

export function describeState({ damaged, verified }: SnapshotInfo): string {
  return damaged ? 'damaged' : verified ? 'verified' : 'unverified';
}
