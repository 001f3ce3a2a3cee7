import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../store/temporary-store.ts';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals } from './memory/sample.ts';
import { Story } from './story.ts';

test('E on the dashboard writes a report of its window, in the format of the name', async () => {
  const harvester = new MemoryHarvester({ now: () => sampleNow, signals: sampleSignals(40) });
  await using story = new Story(harvester, { columns: 120, rows: 30 });
  const { screen } = story;
  const path = join(temporaryFolder(), 'week.html');
  await screen.until('Press h');
  screen.type('3');
  await screen.until(/> volume/);
  screen.type('E');
  await screen.until('write a report of this window to');
  const erase = '\x7f'.repeat('report.html'.length);
  screen.type(`${erase}week.pdf\r`);
  await screen.until('end the name with .html, .md, .json');
  screen.type(`${'\x7f'.repeat('week.pdf'.length)}${path}\r`);
  await screen.until('wrote the report');
  expect(existsSync(path)).toBe(true);
  const page = readFileSync(path, 'utf8');
  expect(page).toContain('Signals about memory');
});
