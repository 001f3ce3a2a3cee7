import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Store } from '../../source/ports/store.ts';
import type { StoreWatch } from '../../source/ports/timings.ts';
import { openStore } from '../../source/store/store.ts';

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const act of undo.splice(0).reverse()) await act();
});

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-test-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real store with the real schema, gone after the test. */
export async function temporaryStore(
  path = join(temporaryFolder(), 'signals.db'),
  busyTimeoutMs?: number,
  watch?: StoreWatch,
): Promise<Store> {
  const store = await openStore(path, busyTimeoutMs, undefined, watch);
  undo.push(() => store.close());
  return store;
}
