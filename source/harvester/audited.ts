import type { Actor } from '../domain/access.ts';
import type { NewAuditEntry } from '../ports/access.ts';
import type { Harvester } from './harvester.ts';

/**
 * The application with an entry in the audit trail for each change that a
 * person makes through it to more than signals, whose journal has theirs: to
 * the store as a whole, snapshots, views and weights. What is done is done:
 * when the store cannot take the entry, `onFailure` is told and nothing fails.
 */
export function withAudit(
  harvester: Harvester,
  by: Actor,
  onFailure: (error: unknown) => void = () => undefined,
): Harvester {
  const { snapshots, retention, scoring, views, audit } = harvester;
  const note = (change: Partial<NewAuditEntry> & Pick<NewAuditEntry, 'action'>): Promise<void> =>
    audit.add({ target: null, before: null, after: null, ...change }, by).catch(onFailure);
  const queryOf = async (name: string) =>
    (await views.list().catch(() => [])).find((each) => each.name === name)?.query ?? null;
  return {
    ...harvester,
    snapshots: {
      ...snapshots,
      create: async (request, watch) => {
        const created = await snapshots.create(request, watch);
        await note({ action: 'snapshots.create', after: { tags: request.tags ?? [] } });
        return created;
      },
      tag: async (name, tags) => {
        await snapshots.tag(name, tags);
        await note({ action: 'snapshots.tag', target: name, after: { tags } });
      },
      restore: async (name, request, watch) => {
        const report = await snapshots.restore(name, request, watch);
        await note(restored(name, report));
        return report;
      },
      restoreRemote: async (name, request, watch) => {
        const report = await snapshots.restoreRemote(name, request, watch);
        await note(restored(name, report));
        return report;
      },
      remove: async (name, options) => {
        const removed = await snapshots.remove(name, options);
        if (removed) await note({ action: 'snapshots.remove', after: { removed: [name] } });
        return removed;
      },
      removeRemote: async (name) => {
        const removed = await snapshots.removeRemote(name);
        if (removed) await note({ action: 'snapshots.removeRemote', after: { removed: [name] } });
        return removed;
      },
    },
    retention: {
      ...retention,
      apply: async (policy, watch) => {
        const done = await retention.apply(policy, watch);
        const before = { snapshots: done.decisions.length };
        const after = { policy: done.policy, removed: done.removed };
        await note({ action: 'retention.apply', target: 'snapshots', before, after });
        return done;
      },
      applySignals: async (options, watch) => {
        const done = await retention.applySignals(options, watch);
        const { signals, posts, snapshot, interrupted } = done;
        const after = { removed: { signals, posts }, interrupted };
        await note({ action: 'retention.apply', target: 'signals', before: { snapshot }, after });
        return done;
      },
    },
    scoring: {
      ...scoring,
      save: async (change) => {
        const saved = await scoring.save(change);
        await note({ action: 'scoring.save', before: saved.before, after: saved.after });
        return saved;
      },
    },
    views: {
      ...views,
      save: async (view) => {
        const before = await queryOf(view.name);
        await views.save(view);
        await note({ action: 'views.save', target: view.name, before, after: view.query });
      },
      rename: async (name, to) => {
        await views.rename(name, to);
        await note({ action: 'views.rename', target: to, before: name, after: to });
      },
      remove: async (name) => {
        const before = await queryOf(name);
        await views.remove(name);
        await note({ action: 'views.remove', target: name, before });
      },
    },
  };
}

function restored(
  name: string,
  report: Awaited<ReturnType<Harvester['snapshots']['restore']>>,
): NewAuditEntry {
  const { before, putAside, rows, migrated } = report;
  return {
    action: 'store.restore',
    target: name,
    before: { snapshot: before, putAside },
    after: { rows, migrated },
  };
}
