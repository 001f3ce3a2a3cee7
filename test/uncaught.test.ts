import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openErrorSpool } from '../source/error-spool.ts';
import { temporaryFolder } from './store/temporary-store.ts';

const child = fileURLToPath(new URL('./uncaught-child.ts', import.meta.url));

test.each([
  ['throw', 'TypeError', 'main', 1],
  ['reject', 'RangeError', 'main', 1],
  ['thread', 'TypeError', 'thread', 0],
] as const)(
  'what nobody catches (%s) is written down, and ends the process as it did',
  (how, type, step, code) => {
    const path = join(temporaryFolder(), 'app.errors.jsonl');
    const { status, stderr } = spawnSync(process.execPath, [child, path, how], { encoding: 'utf8' });
    expect(status).toBe(code);
    if (code !== 0) expect(stderr).toContain('nobody');
    const occurrences = openErrorSpool(path)
      .waiting()
      .flatMap((batch) => batch.occurrences);
    expect(occurrences).toMatchObject([
      { type, origin: 'process', breadcrumbs: [{ kind: 'start', text: step }] },
    ]);
  },
);
