import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EndedHere, type Look, moveHome, runHere } from '../program-here.ts';

export interface Place {
  readonly folder: string;
  /** A command as somebody at a terminal of 120 columns sees it. */
  shown(...argv: string[]): Promise<EndedHere>;
  /** The same in a pipe. */
  piped(...argv: string[]): Promise<EndedHere>;
  /** What `--json` prints, read. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into JSON of many shapes
  json(...argv: string[]): Promise<any>;
  write(name: string, content: string): void;
  remove(): void;
}

/**
 * A folder with a configuration and a store in it, whose commands run in this
 * process: for what many calls print. What a process of its own does (signals,
 * standard input, exit codes of crashes) is tested with makeWorkplace.
 */
export function makePlace(config: string): Place {
  const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-test-'));
  mkdirSync(join(folder, 'home'));
  moveHome(join(folder, 'home'));
  writeFileSync(join(folder, 'config.yaml'), config);
  const call = (argv: readonly string[], look: Look) =>
    runHere([...argv, '--config', join(folder, 'config.yaml')], {}, { cwd: folder, ...look });
  return {
    folder,
    shown: (...argv) => call(argv, { isTerminal: true, columns: 120 }),
    piped: (...argv) => call(argv, {}),
    json: async (...argv) => {
      const { stdout, stderr } = await call([...argv, '--json'], {});
      return JSON.parse(stdout === '' ? stderr : stdout);
    },
    write: (name, content) => writeFileSync(join(folder, name), content),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
