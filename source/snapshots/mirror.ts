import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotWatch } from '../ports/snapshots.ts';
import type { StoreFiles } from '../ports/store-files.ts';
import { makeHidden, publish, sweep } from './folder.ts';
import { copyHashed } from './hashed-files.ts';
import { damaged } from './manifest.ts';
import { findProblems } from './verify.ts';

/**
 * Copies a verified snapshot to a second folder and verifies it there, from
 * the bytes that it reads back. Returns the path of the copy.
 */
export async function mirrorSnapshot(
  folder: string,
  id: string,
  {
    target,
    files,
    now,
    ...watch
  }: SnapshotWatch & { readonly target: string; readonly files: StoreFiles; readonly now: number },
): Promise<string> {
  await sweep(target, now);
  const partial = await makeHidden(target, 'partial', id);
  const scratch = await makeHidden(target, 'scratch', id);
  try {
    for (const name of await readdir(folder)) {
      watch.onProgress?.({ step: `copying ${name} to ${target}`, done: 0, total: null });
      await copyHashed(join(folder, name), join(partial, name), watch);
    }
    const [problem] = await findProblems(partial, id, { ...watch, files, scratch, marks: true });
    if (problem !== undefined) throw damaged(`the copy is not sound: ${problem}`);
    await publish(partial, target, id);
    return join(target, id);
  } finally {
    await rm(partial, { recursive: true, force: true });
    await rm(scratch, { recursive: true, force: true });
  }
}
