import { planRetention, type RetentionPolicy } from '../domain/retention.ts';
import type { SnapshotInfo, SnapshotProgress } from '../domain/snapshot.ts';
import { UserError } from '../errors.ts';
import type { SnapshotArchive } from '../ports/snapshots.ts';
import type { Watch } from './harvester.ts';

/** What a policy would do to the snapshots that there are. */
export interface SnapshotPlan {
  readonly policy: RetentionPolicy;
  /** Newest first, each with what happens to it and why. */
  readonly decisions: readonly {
    readonly snapshot: SnapshotInfo;
    readonly keep: boolean;
    readonly reasons: readonly string[];
  }[];
  readonly removing: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Why it will not be done, in words; null when it may. */
  readonly refusal: string | null;
}

export interface SnapshotRemoval extends SnapshotPlan {
  readonly removed: readonly string[];
}

export interface SnapshotRetention {
  /** The policy of the configuration. */
  policy(): Promise<RetentionPolicy>;
  /** Changes nothing; quick enough to be asked at every key. */
  plan(policy: RetentionPolicy): Promise<SnapshotPlan>;
  /**
   * Verifies every snapshot that stays, then removes the others.
   * @throws UserError `policy-removes-all`, or `snapshot-damaged` before anything was removed
   */
  apply(policy: RetentionPolicy, watch?: Watch<SnapshotProgress>): Promise<SnapshotRemoval>;
}

export function createSnapshotRetention({
  archive,
  policy: configured,
}: {
  readonly archive: SnapshotArchive;
  readonly policy: RetentionPolicy;
}): SnapshotRetention {
  const plan = async (policy: RetentionPolicy): Promise<SnapshotPlan> =>
    planFor(await archive.list(), policy);
  return {
    policy: async () => configured,
    plan,
    apply: async (policy, watch) => {
      const planned = await plan(policy);
      if (planned.refusal !== null) {
        throw new UserError('policy-removes-all', planned.refusal, {
          fix: 'Let at least one rule keep something: --keep-last 1, for example.',
        });
      }
      const removed: string[] = [];
      if (planned.removing > 0) await verifyWhatStays(archive, planned, watch);
      for (const { snapshot, keep } of planned.decisions) {
        watch?.signal?.throwIfAborted();
        if (!keep && (await archive.remove(snapshot.id))) removed.push(snapshot.id);
      }
      return { ...planned, removed };
    },
  };
}

function planFor(all: readonly SnapshotInfo[], policy: RetentionPolicy): SnapshotPlan {
  const { decisions, keepsNothing } = planRetention(all, policy);
  const byId = new Map(all.map((snapshot) => [snapshot.id, snapshot]));
  const joined = decisions.flatMap(({ id, ...decision }) => {
    const snapshot = byId.get(id);
    return snapshot === undefined ? [] : [{ snapshot, ...decision }];
  });
  const sum = (list: typeof joined) => list.reduce((total, { snapshot }) => total + snapshot.bytes, 0);
  return {
    policy,
    decisions: joined,
    removing: joined.filter(({ keep }) => !keep).length,
    bytesBefore: sum(joined),
    bytesAfter: sum(joined.filter(({ keep }) => keep)),
    refusal: keepsNothing ? 'This policy keeps no snapshot at all, so nothing is removed.' : null,
  };
}

async function verifyWhatStays(
  archive: SnapshotArchive,
  { decisions }: SnapshotPlan,
  watch: Watch<SnapshotProgress> | undefined,
): Promise<void> {
  const staying = decisions.filter(({ keep, snapshot }) => keep && !snapshot.damaged);
  for (const [index, { snapshot }] of staying.entries()) {
    const onProgress = ({ step }: SnapshotProgress) =>
      watch?.onProgress?.({ step: `verifying ${snapshot.id}: ${step}`, done: index, total: staying.length });
    const { ok, problems } = await archive.verify(snapshot.id, { ...watch, onProgress });
    if (ok) continue;
    throw new UserError(
      'snapshot-damaged',
      `Nothing was removed, because ${snapshot.id}, which would stay, is damaged: ${problems[0]}.`,
      {
        fix: 'Look at the plan again: the damaged one takes no place any more. Remove it by name, or restore it from a copy.',
        exitCode: 4,
      },
    );
  }
}
