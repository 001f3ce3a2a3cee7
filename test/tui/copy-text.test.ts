import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyText } from '../../source/tui/copy-text.ts';

test('a text goes to the terminal as OSC 52 and into a file that is the person’s alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-copy-'));
  try {
    const file = join(folder, 'copied.txt');
    let written = '';
    const where = await copyText('決済 \x1b]52;c;!\x07 text', {
      write: (text) => {
        written += text;
      },
      environment: {},
      file,
    });
    const [, payload = ''] = /^\x1b\]52;c;([A-Za-z0-9+/=]*)\x07$/.exec(written) ?? [];
    expect(Buffer.from(payload, 'base64').toString()).toBe('決済 \x1b]52;c;!\x07 text');
    expect(where).toBe(`to the clipboard; if this terminal has none: ${file}`);
    expect(readFileSync(file, 'utf8')).toContain('決済');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a file that cannot be written is no failure', async () => {
  const where = await copyText('text', { write: () => {}, environment: {}, file: '/nowhere/at/all.txt' });
  expect(where).toBe('to the clipboard, if this terminal allows it');
});
