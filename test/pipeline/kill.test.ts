import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../store/temporary-store.ts';

const child = fileURLToPath(new URL('kill-child.ts', import.meta.url));
const kills = 60;

/** Runs the child to its end, or kills it `afterMs` after it has started to work. True when it was killed. */
function run(path: string, afterMs: number | null): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let timer: NodeJS.Timeout | undefined;
    running.stdout.once('data', () => {
      if (afterMs !== null) timer = setTimeout(() => running.kill('SIGKILL'), afterMs);
    });
    running.on('error', reject);
    running.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(true);
      else if (code === 0) resolve(false);
      else reject(new Error(`the run ended with ${code ?? signal}`));
    });
  });
}

/** Everything that must not depend on how often a run was killed. */
function stateOf(path: string): unknown {
  const db = new Database(path, { readonly: true });
  try {
    expect(db.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(db.pragma('foreign_key_check')).toEqual([]);
    return {
      posts: db.prepare('SELECT * FROM posts ORDER BY id').all(),
      signals: db.prepare('SELECT * FROM signals ORDER BY id').all(),
      fingerprints: db.prepare('SELECT * FROM fingerprints ORDER BY key, signalId').all(),
      analyses: db.prepare('SELECT * FROM analyses ORDER BY signalId').all(),
      sources: db.prepare('SELECT * FROM sources ORDER BY name').all(),
    };
  } finally {
    db.close();
  }
}

describe('kill -9 at any moment', () => {
  test(`and a run to the end leave the same store as one clean run, after ${kills} kills`, async () => {
    const folder = temporaryFolder();
    await run(`${folder}/clean.db`, null);
    const clean = stateOf(`${folder}/clean.db`);
    let killed = 0;
    let store = 0;
    // A killed run leaves less to do for the next; when one gets to its end, the next store begins.
    while (killed < kills) {
      const path = `${folder}/killed-${store}.db`;
      if (await run(path, Math.random() * 60)) {
        killed += 1;
        continue;
      }
      expect(stateOf(path)).toEqual(clean);
      store += 1;
    }
    const path = `${folder}/killed-${store}.db`;
    await run(path, null);
    expect(stateOf(path)).toEqual(clean);
  }, 240_000);
});
