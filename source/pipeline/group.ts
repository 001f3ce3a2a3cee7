import { type Fingerprint, fingerprintPost } from '../domain/fingerprint.ts';
import type { Post } from '../domain/post.ts';
import { similarity } from '../domain/sketch.ts';
import type { FingerprintHit, GroupPlanner, Placement, SplitKey } from '../ports/pipeline-store.ts';

export interface GroupSettings {
  readonly windowHours: number;
  readonly minSimilarity: number;
  /** Whether a resolved signal comes back when a newer post joins it. */
  readonly reopenResolved: boolean;
}

/**
 * Decides which posts say the same: equal canonical text first, then the same
 * page, then a near-duplicate text. A post joins the signal that it is most
 * like (the oldest of equals), or opens one. Posts of one batch can join each
 * other, so how a run is cut into batches changes nothing. Without
 * `nearDuplicates` the last is left out; a signal keeps the keys by which a
 * later run can find it again.
 */
export function createGroupPlanner(
  { windowHours, minSimilarity, reopenResolved }: GroupSettings,
  { nearDuplicates = true }: { readonly nearDuplicates?: boolean } = {},
): GroupPlanner {
  const windowMs = windowHours * 3_600_000;
  return {
    windowMs,
    reopenResolved,
    fingerprint: ({ title, text, link }) => fingerprintPost({ title, text, link }),
    place(posts, { hits, apart, nextSignalId }) {
      const index = new Map<number, FingerprintHit[]>();
      for (const hit of hits) addHit(index, hit);
      const placements: Placement[] = [];
      let free = nextSignalId;
      for (const { post, fingerprint } of posts) {
        const joined = findSignal(post, fingerprint, index, {
          windowMs,
          minSimilarity,
          nearDuplicates,
          apart: signalsApart(fingerprint, apart),
        });
        const signalId = joined ?? free;
        if (joined === null) free += 1;
        // An echo's own wording leads later copies to the signal; its bands do not, or signals would drift.
        const keys = joined === null ? [...fingerprint.exact, ...fingerprint.bands] : fingerprint.exact;
        placements.push({ post, signalId, opens: joined === null, keys, fingerprint });
        const { high, low } = fingerprint;
        for (const key of keys) addHit(index, { key, signalId, high, low, createdAt: post.createdAt });
      }
      return placements;
    },
  };
}

function addHit(index: Map<number, FingerprintHit[]>, hit: FingerprintHit): void {
  const hits = index.get(hit.key) ?? [];
  // As in the store: a key leads to a signal once, from the newest post that had it.
  const known = hits.find(({ signalId }) => signalId === hit.signalId);
  const newest = known !== undefined && known.createdAt > hit.createdAt ? known : hit;
  index.set(hit.key, [...hits.filter((each) => each !== known), newest]);
}

/** Signals that a person has told this text apart from. */
function signalsApart({ exact }: Fingerprint, apart: readonly SplitKey[]): ReadonlySet<number> {
  return new Set(apart.filter(({ key }) => exact.includes(key)).map(({ signalId }) => signalId));
}

function findSignal(
  post: Post,
  fingerprint: Fingerprint,
  index: ReadonlyMap<number, readonly FingerprintHit[]>,
  {
    windowMs,
    minSimilarity,
    nearDuplicates,
    apart,
  }: { windowMs: number; minSimilarity: number; nearDuplicates: boolean; apart: ReadonlySet<number> },
): number | null {
  const inWindow = (hit: FingerprintHit) =>
    Math.abs(hit.createdAt - post.createdAt) <= windowMs && !apart.has(hit.signalId);
  for (const key of fingerprint.exact) {
    const equal = (index.get(key) ?? []).filter(inWindow).map(({ signalId }) => signalId);
    if (equal.length > 0) return Math.min(...equal);
  }
  if (!nearDuplicates) return null;
  let best: { signalId: number; alike: number } | null = null;
  for (const key of fingerprint.bands) {
    for (const hit of index.get(key) ?? []) {
      if (!inWindow(hit)) continue;
      const alike = similarity(hit, fingerprint);
      if (alike < minSimilarity) continue;
      const better =
        best === null || alike > best.alike || (alike === best.alike && hit.signalId < best.signalId);
      if (better) best = { signalId: hit.signalId, alike };
    }
  }
  return best?.signalId ?? null;
}
