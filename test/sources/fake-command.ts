import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with a program in it, until the test ends. */
export function writeProgram(script: string): { folder: string; command: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'program.mjs'), script);
  return { folder, command: [process.execPath, 'program.mjs'] };
}

/** What the program of `writeExporter` serves; written to `content.json` beside it. */
export interface Export {
  readonly rows: readonly unknown[];
  /** Rows between two cursors. */
  readonly every: number;
  /** Prints no more than this many rows and then fails; null to end well. */
  readonly failAfter: number | null;
}

/** A well-behaved exporter: goes on behind its cursor, prints a cursor every so often. */
export function writeExporter(): { folder: string; command: string[]; serve: (content: Export) => void } {
  const program = writeProgram(`
    import { readFileSync } from 'node:fs';
    const { rows, every, failAfter } = JSON.parse(readFileSync('content.json', 'utf8'));
    const done = JSON.parse(process.env.SIGNAL_HARVESTER_CURSOR ?? '{"done":0}').done;
    const lines = [];
    let code = 0;
    for (const [at, row] of rows.slice(done).entries()) {
      if (at === failAfter) { code = 3; break; }
      lines.push(typeof row === 'string' ? row : JSON.stringify(row));
      if ((at + 1) % every === 0) lines.push(JSON.stringify({ cursor: { done: done + at + 1 } }));
    }
    if (failAfter === 0) code = 3;
    if (code === 0) lines.push(JSON.stringify({ cursor: { done: rows.length } }));
    process.stdout.write(lines.join('\\n') + '\\n', () => {
      if (code !== 0) process.stderr.write('warming up\\nthe export is closed today\\n', () => process.exit(code));
    });
  `);
  return {
    ...program,
    serve: (content) => writeFileSync(join(program.folder, 'content.json'), JSON.stringify(content)),
  };
}
