import type { ErrorGroup } from '../../../source/domain/error-group.ts';
import { type LogEntry, matchesEntry } from '../../../source/domain/log-entry.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';

/** Groups of errors in an array, last seen first. */
export function memoryErrors(groups: readonly ErrorGroup[], now: () => number): Harvester['errors'] {
  const all = [...groups];
  const change = (id: number, fields: Partial<ErrorGroup>): ErrorGroup => {
    const index = all.findIndex((group) => group.id === id);
    const found = all[index];
    if (found === undefined) throw new Error(`no error ${id}`);
    all[index] = { ...found, ...fields };
    return { ...found, ...fields };
  };
  return {
    list: async ({ states, limit }) =>
      all
        .filter(({ state }) => states === undefined || states.includes(state))
        .sort((a, b) => b.lastSeenAt - a.lastSeenAt || b.id - a.id)
        .slice(0, limit),
    get: async (id) => all.find((group) => group.id === id) ?? null,
    resolve: async (id) => change(id, { state: 'resolved', resolvedAt: now() }),
    reopen: async (id) => change(id, { state: 'open', resolvedAt: null, regressedAt: null }),
    counts: async () => all.map(({ state, type, count }) => ({ state, type, groups: 1, occurrences: count })),
    report: async () => 0,
  };
}

/** A log in an array, which a test may add to. */
export function memoryLog(entries: readonly LogEntry[] | null): Harvester['logs'] {
  return {
    tail: async ({ before, after, level = 'trace', text = '', limit }) => {
      const all = entries ?? [];
      const end = before === undefined ? all.length : Number(before);
      const begin = after === undefined ? 0 : Number(after);
      const kept = all
        .slice(0, end)
        .flatMap((entry, index) =>
          index >= begin && matchesEntry(entry, level, text) ? [{ entry, index }] : [],
        );
      const page = kept.slice(-limit);
      const first = page[0]?.index ?? 0;
      return {
        entries: page.map(({ entry }) => entry),
        before: first > 0 && page.length < kept.length ? String(first) : null,
        end: String(all.length),
        path: '/logs/signal-harvester.log',
        exists: entries !== null,
      };
    },
  };
}
