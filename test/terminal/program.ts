import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Terminal, type TerminalOptions } from './driver.ts';

/** The file that npm installs as `signal-harvester`. */
export const program = fileURLToPath(new URL('../../bin/signal-harvester.js', import.meta.url));

/** A folder of its own for one test: no configuration, store or log of the person who runs it is touched. */
export class Home implements Disposable {
  readonly path: string;

  constructor() {
    if (!existsSync(new URL('../../dist/main.js', import.meta.url))) {
      throw new Error('there is no build to test: run "node scripts/build.mjs" first');
    }
    this.path = mkdtempSync(join(tmpdir(), 'signal-harvester-terminal-'));
  }

  get env(): Record<string, string> {
    const folder = (name: string) => join(this.path, name);
    return {
      HOME: this.path,
      XDG_CONFIG_HOME: folder('config'),
      XDG_DATA_HOME: folder('data'),
      XDG_STATE_HOME: folder('state'),
      XDG_CACHE_HOME: folder('cache'),
      TZ: 'UTC',
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The built program in a terminal. */
export function runProgram(
  home: Home,
  args: readonly string[],
  options: Partial<TerminalOptions> = {},
): Terminal {
  return new Terminal({
    file: process.execPath,
    args: [program, ...args],
    cwd: home.path,
    ...options,
    env: { ...home.env, ...options.env },
  });
}
