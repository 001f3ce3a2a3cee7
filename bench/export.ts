/**
 * What an export of many signals holds in memory, and how fast it is: peak
 * resident memory against that of the same process at 10,000 and at 100,000
 * signals (SQLite's cache of 64 MB fills between them), and rows a second against a floor of the same run:
 * reading the rows of signals and posts with bare prepared statements.
 *
 * Usage: node bench/export.ts [signals] [formats] [folder with room]
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { type ExportFormat, exportFormats } from '../source/harvester/export-formats.ts';
import { bigStore } from './browse/big-store.ts';
import { tellFigure } from './figure.ts';

const signals = Number(process.argv[2] ?? 1_000_000);
const formats = (process.argv[3]?.split(',') ?? exportFormats) as readonly ExportFormat[];
const folder = process.argv[4] ?? tmpdir();
const child = fileURLToPath(new URL('export-child.ts', import.meta.url));

const big = await bigStore(signals);
const floor = bareRowsPerSecond(big);
process.stdout.write(`floor: ${Math.round(floor).toLocaleString('en')} rows/s read with bare statements\n\n`);
process.stdout.write(
  'format     rows/s   of floor   peak MB   at 10,000   at 100,000   ratio   MB of file\n',
);
const told: Measured[] = [];
for (const format of formats) {
  const now = exportInChild(big, format);
  const cells = [
    format.padEnd(8),
    Math.round(now.rows / now.seconds)
      .toLocaleString('en')
      .padStart(8),
    `${((100 * now.rows) / now.seconds / floor).toFixed(1)} %`.padStart(10),
    now.peakMb.toFixed(0).padStart(9),
    (now.residentMb[0] ?? 0).toFixed(0).padStart(11),
    (now.residentMb[1] ?? 0).toFixed(0).padStart(12),
    (now.peakMb / (now.residentMb[0] ?? now.peakMb)).toFixed(2).padStart(7),
    now.fileMb.toFixed(0).padStart(12),
  ];
  process.stdout.write(`${cells.join(' ')}\n`);
  told.push(now);
}
for (const [index, { rows, seconds, peakMb, residentMb }] of told.entries()) {
  const size = `${formats[index]}, ${rows.toLocaleString('en-US')} signals`;
  tellFigure({
    what: `an export as ${size}`,
    value: rows / seconds,
    unit: 'signals/s',
    floor: { what: 'bare reads of the rows', value: floor },
  });
  const [atFirst = Number.NaN, settled = atFirst] = residentMb;
  const place = residentMb.length > 1 ? 'at 100,000' : 'at 10,000';
  tellFigure({
    what: `peak memory of an export as ${size}`,
    value: peakMb,
    unit: 'MB',
    floor: { what: place, value: settled },
  });
}

interface Measured {
  readonly rows: number;
  readonly seconds: number;
  readonly residentMb: readonly number[];
  readonly peakMb: number;
  readonly fileMb: number;
}

function exportInChild(path: string, format: ExportFormat): Measured {
  const file = join(folder, `signal-harvester-bench-${process.pid}.${format}`);
  try {
    const { stdout, status, stderr } = spawnSync(process.execPath, [child, path, format, file], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return { ...(JSON.parse(stdout) as Omit<Measured, 'fileMb'>), fileMb: statSync(file).size / 1e6 };
  } finally {
    rmSync(file, { force: true });
  }
}

function bareRowsPerSecond(path: string): number {
  const db = new Database(path, { readonly: true });
  const page = db.prepare(
    'SELECT signals.*, posts.* FROM signals JOIN posts ON posts.signalId = signals.id WHERE signals.id > ? AND signals.id <= ?',
  );
  const started = performance.now();
  const sink = createWriteStream('/dev/null');
  let rows = 0;
  const most = Math.min(signals, 100_000);
  for (let after = 0; after < most; after += 500) rows += page.all(after, after + 500).length;
  sink.end();
  db.close();
  return rows / ((performance.now() - started) / 1000);
}
