import { join } from 'node:path';
import type { SnapshotArchive } from '../../source/ports/snapshots.ts';
import type { Store } from '../../source/ports/store.ts';
import { type ArchiveParts, openArchive } from '../../source/snapshots/archive.ts';
import { openStoreFiles } from '../../source/store/files.ts';
import { openStore } from '../../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryFolder } from '../store/temporary-store.ts';

/** A clock that counts up a second at every look, from noon. */
export function steppingClock(start = Date.UTC(2026, 10, 22, 12)): {
  now: () => number;
  jump(ms: number): void;
} {
  let at = start;
  return {
    now: () => {
      at += 1000;
      return at;
    },
    jump: (ms) => {
      at += ms;
    },
  };
}

/** Posts that the store is filled with, so many of them. */
export async function fill(store: Store, source: string, count: number): Promise<void> {
  await harvestScripted(store, [listSource(source, syntheticPosts(source, count))]);
}

/** An archive beside a store with `posts` posts; the store is closed, so that nothing holds its file. */
export async function temporaryArchive(
  posts = 60,
  change: Partial<ArchiveParts> = {},
): Promise<{ archive: SnapshotArchive; path: string; folder: string }> {
  const place = temporaryFolder();
  const path = join(place, 'data', 'signals.db');
  const folder = join(place, 'snapshots');
  const store = await openStore(path);
  if (posts > 0) await fill(store, 'one', posts);
  await store.close();
  const archive = openArchive({
    folder,
    copyTo: null,
    files: openStoreFiles(path),
    clock: steppingClock(),
    programVersion: '1.2.3',
    ...change,
  });
  return { archive, path, folder };
}

/** Opens the store, acts on it and closes it. */
export async function withStore<Result>(
  path: string,
  act: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(path);
  try {
    return await act(store);
  } finally {
    await store.close();
  }
}
