/**
 * Draws the screenshots of the README from the real program: runs it in a
 * pseudo-terminal, types keys, and writes what the terminal shows as SVG.
 *
 * Usage: node scripts/build.mjs && node scripts/screenshot.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openSession } from './terminal-session.ts';
import { toSvg } from './terminal-svg.ts';

interface Shot {
  readonly name: string;
  /** For readers who do not see the picture. */
  readonly title: string;
  readonly columns: number;
  readonly rows: number;
  /** Each is typed once the text before it stands on the screen. */
  readonly steps: readonly (readonly [waitFor: string, keys: string])[];
}

const shots: readonly Shot[] = [
  {
    name: 'signals',
    title: 'The ranked list of signals, and beside it one signal with its score explained factor by factor',
    columns: 120,
    rows: 34,
    steps: [
      ['2 to read them', '2'],
      ['inbox', '  jj'],
      ['2 marked', ''],
    ],
  },
  {
    name: 'harvest',
    title: 'A finished harvest: a row for the source, a bar for each stage',
    columns: 80,
    rows: 24,
    steps: [['2 to read them', '']],
  },
  {
    name: 'dashboard',
    title: 'The dashboard: volume, categories by day, sentiment, spikes, sources and tags',
    columns: 120,
    rows: 34,
    steps: [
      ['2 to read them', '3'],
      ['sentiment', ''],
    ],
  },
];

const settleMs = 800;
const folder = new URL('../docs/images/', import.meta.url);

mkdirSync(folder, { recursive: true });
for (const { name, title, columns, rows, steps } of shots) {
  await using session = openSession(columns, rows);
  for (const [waitFor, keys] of steps) {
    await session.until(waitFor);
    session.type(keys);
    await pause(settleMs);
  }
  writeFileSync(new URL(`${name}.svg`, folder), toSvg(session, title));
}
