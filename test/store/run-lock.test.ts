import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lockRuns } from '../../source/store/run-lock.ts';
import { temporaryFolder } from './temporary-store.ts';

const child = fileURLToPath(new URL('run-lock-child.ts', import.meta.url));

async function holdElsewhere(path: string) {
  const holder = spawn(process.execPath, [child, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  return holder;
}

describe('the lock of runs', () => {
  test('is held by one, also within one process, and is free again when it is let go', () => {
    const path = join(temporaryFolder(), 'signals.db');
    const lock = lockRuns(path, 1000);
    expect(() => lockRuns(path, 2000)).toThrow(`process ${process.pid}, since 1970-01-01 00:00:01 UTC`);
    lock.release();
    lockRuns(path, 3000).release();
    expect(statSync(`${path}.run`).mode & 0o777).toBe(0o600);
  });

  test('keeps another process out, says who has it, and is free the moment that process is killed', async () => {
    const path = join(temporaryFolder(), 'signals.db');
    const holder = await holdElsewhere(path);
    try {
      expect(() => lockRuns(path, 2000)).toThrow(
        expect.objectContaining({
          code: 'run-in-progress',
          exitCode: 5,
          message: expect.stringContaining(`${holder.pid}`),
        }),
      );
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'close');
    }
    lockRuns(path, 3000).release();
  });
});
