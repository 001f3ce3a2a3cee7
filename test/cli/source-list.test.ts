import { Writable } from 'node:stream';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import type { CommandContext } from '../../source/cli/command.ts';
import { printSources } from '../../source/cli/source-list.ts';
import { MemoryHarvester } from '../tui/memory/memory-harvester.ts';
import { sampleNow, troubledSources } from '../tui/memory/sample.ts';

async function printedAt(columns: number): Promise<readonly string[]> {
  let written = '';
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  const harvester = new MemoryHarvester({ now: () => sampleNow, sources: troubledSources });
  const context: Partial<CommandContext> = {
    stdout,
    stderr: stdout,
    isTerminal: true,
    columns,
    color: false,
    json: false,
    now: () => sampleNow,
    open: async () => harvester,
  };
  await printSources(context as CommandContext);
  return written.trimEnd().split('\n');
}

it.each([80, 120])('the health of sources fits a terminal of %i columns', async (columns) => {
  const lines = await printedAt(columns);
  const table = lines.slice(0, lines.indexOf(''));
  expect(table).toHaveLength(7);
  for (const line of table) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  expect(table[0]).toContain('QUOTA');
  expect(table[2]).toMatch(/^x-acme .*well +5204 +15m +210 +412 +\$3\.72 +acme/);
});

it('what needs attention is told below the table, whole', async () => {
  const lines = await printedAt(80);
  expect(lines.slice(lines.indexOf('') + 1)).toEqual([
    expect.stringMatching(/^x-acme: 412 of 450 left, anew at \d\d:14$/),
    'acme-blog: silent for 26 h, usually 40 posts a day',
    expect.stringMatching(/^github: limited until \d\d:00; api\.github\.com asks for a pause$/),
    'status-page: last error 15m ago: status.acme.example answered 503 (Service Unavailable) four times',
  ]);
});
