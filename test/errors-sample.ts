import type { ErrorGroup, ErrorOccurrence } from '../source/domain/error-group.ts';

/** One error as a recorder writes it down. */
export function sampleOccurrence(
  number: number,
  at: number,
  more: Partial<ErrorOccurrence> = {},
): ErrorOccurrence {
  return {
    fingerprint: number.toString(16).padStart(16, '0'),
    type: 'TypeError',
    code: null,
    message: `error ${number}`,
    stack: 'at save (source/store/views.ts:12:3)\nat process.run (node:internal/process/task_queues:104:5)',
    breadcrumbs: [{ at, kind: 'command', text: 'run' }],
    origin: 'command',
    version: '1.0.0',
    at,
    count: 1,
    ...more,
  };
}

/** A group of errors as the store has it. */
export function sampleGroup(id: number, more: Partial<ErrorGroup> = {}): ErrorGroup {
  const { at, version, ...rest } = sampleOccurrence(id, Date.UTC(2026, 10, 22, 10, id));
  return {
    ...rest,
    id,
    state: 'open',
    firstSeenAt: at,
    lastSeenAt: at,
    firstVersion: version,
    lastVersion: version,
    resolvedAt: null,
    regressedAt: null,
    reportedAt: null,
    ...more,
  };
}
