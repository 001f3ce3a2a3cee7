import { keepEverything, type RetentionPolicy } from '../../../source/domain/retention.ts';
import type { SnapshotInfo, SnapshotProgress, SnapshotReason } from '../../../source/domain/snapshot.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';
import { createSnapshotRetention } from '../../../source/harvester/retention.ts';
import type { SignalPlan } from '../../../source/harvester/signal-retention.ts';
import { createSnapshots } from '../../../source/harvester/snapshots.ts';
import type { SnapshotArchive, SnapshotWatch } from '../../../source/ports/snapshots.ts';

const filesOfSnapshot = 7;
const steps = 4;

interface Settings {
  readonly now: () => number;
  readonly snapshots?: readonly SnapshotInfo[];
  readonly policy?: Partial<RetentionPolicy>;
  /** What the rules for signals name. */
  readonly due?: SignalPlan;
  /** Waits between two steps of what takes its time. */
  readonly step?: () => Promise<void>;
}

/** Snapshots as a list in memory, under the rules of the real program; what they hold is only counted. */
export class MemoryArchive {
  readonly #settings: Settings;
  #all: SnapshotInfo[];
  #due: SignalPlan;
  readonly snapshots: Harvester['snapshots'];
  readonly retention: Harvester['retention'];
  /** What was restored, oldest first. */
  readonly restored: string[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#all = [...(settings.snapshots ?? [])];
    this.#due = settings.due ?? { rules: [], signals: 0 };
    const archive = this.#archive();
    this.snapshots = createSnapshots({ archive, automatic: true });
    this.retention = {
      ...createSnapshotRetention({ archive, policy: { ...keepEverything, ...settings.policy } }),
      planSignals: async () => this.#due,
      applySignals: async (_options, watch) => {
        const { signals } = this.#due;
        const { id } = await this.#create('before-retention', [], watch);
        this.#due = { rules: this.#due.rules.map(({ rule }) => ({ rule, signals: 0 })), signals: 0 };
        return {
          signals,
          posts: signals + 5,
          bytesBefore: 40 * 2 ** 20,
          bytesAfter: 31 * 2 ** 20,
          bytesReusable: 2 ** 20,
          snapshot: id,
          longestBatchMs: 4,
          interrupted: false,
        };
      },
    };
  }

  #archive(): SnapshotArchive {
    const find = (id: string) => {
      const found = this.#all.find((each) => each.id === id);
      if (found === undefined) throw new Error(`no ${id}`);
      return found;
    };
    return {
      folder: '/snapshots',
      remote: null,
      list: async () => this.#all.toSorted((one, other) => other.sequence - one.sequence),
      get: async (id) => ({ ...find(id), filesInIt: [], migrations: [] }),
      create: async ({ reason, tags = [] }, watch) => ({
        snapshot: await this.#create(reason, tags, watch),
        copy: null,
        upload: null,
      }),
      verify: async (id, watch) => {
        await this.#work('reading every byte', watch);
        const { damaged, problem } = find(id);
        if (!damaged) this.#change(id, { verified: true, verifiedAt: this.#settings.now() });
        return { id, ok: !damaged, problems: damaged ? [problem ?? 'a hash differs'] : [] };
      },
      diff: async (from, to, _limit, watch) => {
        await this.#work('comparing', watch);
        const change = { change: 'changed', id: 1, source: 'hackernews', title: 'Regional outage' } as const;
        const decidedAt = { field: 'decidedAt', before: null, after: this.#settings.now() };
        const fields = [{ field: 'status', before: 'inbox', after: 'dismissed' }, decidedAt];
        const changes = [{ ...change, fields }];
        return { from, to: to ?? 'now', added: 0, gone: 0, changed: 1, same: 299, changes, more: false };
      },
      restore: async (id, { to }, watch) => {
        const { rows } = find(id);
        await this.#work('unpacking', watch);
        this.restored.push(id);
        const before = to === undefined ? (await this.#create('before-restore', [], undefined)).id : null;
        return { id, path: to ?? '/store.sqlite', rows, migrated: [], before, putAside: null };
      },
      remove: async (id) => {
        const before = this.#all.length;
        this.#all = this.#all.filter((each) => each.id !== id);
        return this.#all.length < before;
      },
      tag: async (id, tags) => this.#change(id, { tags }),
    };
  }

  async #create(reason: SnapshotReason, tags: readonly string[], watch: SnapshotWatch | undefined) {
    await this.#work('compressing the store', watch);
    const sequence = 1 + Math.max(0, ...this.#all.map((each) => each.sequence));
    const made = makeSnapshot(sequence, this.#settings.now() + sequence, { reason, tags });
    this.#all.push(made);
    return made;
  }

  async #work(step: string, watch: SnapshotWatch | undefined): Promise<void> {
    for (let done = 0; done < steps; done += 1) {
      watch?.signal?.throwIfAborted();
      watch?.onProgress?.({ step, done, total: steps } satisfies SnapshotProgress);
      await this.#settings.step?.();
    }
    watch?.signal?.throwIfAborted();
  }

  #change(id: string, change: Partial<SnapshotInfo>): void {
    this.#all = this.#all.map((each) => (each.id === id ? { ...each, ...change } : each));
  }
}

/** A sound snapshot; the id is its time, as in a folder. */
export function makeSnapshot(
  sequence: number,
  createdAt: number,
  fields: Partial<SnapshotInfo> = {},
): SnapshotInfo {
  const id = new Date(createdAt).toISOString().replaceAll(/[:.]/g, '-');
  return {
    id,
    path: `/snapshots/${id}`,
    createdAt,
    sequence,
    bytes: 3 * 2 ** 20 + sequence * 1000,
    files: filesOfSnapshot,
    tags: [],
    verified: true,
    damaged: false,
    reason: 'asked',
    rows: { posts: 300 + sequence, signals: 280 + sequence },
    schemaVersion: '0001',
    programVersion: '1.0.0',
    parent: null,
    verifiedAt: createdAt,
    problem: null,
    ...fields,
  };
}
