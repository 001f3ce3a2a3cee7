import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Home, runProgram } from './program.ts';

describe('the first moments', () => {
  test('a store that cannot be opened ends the app, whose frame was there already, with its error', async () => {
    using home = new Home();
    writeFileSync(
      join(home.path, 'notes.txt'),
      'This is no database, and must not become one.\n'.repeat(100),
    );
    writeFileSync(join(home.path, 'config.yaml'), 'topic: acme\nstore: { path: notes.txt }\n');
    await using terminal = runProgram(home, []);
    expect(await terminal.exited()).toBe(4);
    expect(terminal.alternate).toBe(false);
    expect(terminal.bracketedPaste).toBe(false);
    const shown = await terminal.text();
    expect(shown).toMatch(/error: The store .*notes\.txt is not a SQLite/s);
    // Nothing of the frame is left on the screen of the shell.
    expect(shown).not.toContain('HARVESTER');
  });

  test('the second start reads the kept configuration and shows what the file says', async () => {
    using home = new Home();
    writeFileSync(join(home.path, 'config.yaml'), 'topic: acme\nstore: { path: signals.sqlite }\n');
    for (const start of ['first', 'second']) {
      await using terminal = runProgram(home, []);
      const frame = await terminal.until(/HARVESTER.* acme/);
      expect(frame, start).not.toContain('config.yaml');
      expect(readdirSync(join(home.path, 'cache/signal-harvester/configurations'))).toHaveLength(1);
      terminal.type('q');
      expect(await terminal.exited()).toBe(0);
    }
  });
});
