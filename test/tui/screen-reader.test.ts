import { expect, test } from 'vitest';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals, sampleSources } from './memory/sample.ts';
import { Story } from './story.ts';

process.env.TZ = 'UTC';
const settings = {
  theme: 'default',
  mouse: false,
  screenReader: true,
  keepDecided: true,
  askFrom: 2,
  keys: {},
} as const;
const inbox = () =>
  new MemoryHarvester({ now: () => sampleNow, sources: sampleSources, signals: sampleSignals(20) });

test('reads lines, each once, and draws no frames', async () => {
  await using story = new Story(inbox(), { settings, rows: 40, columns: 100 });
  const { screen } = story;
  await screen.until('Harvest screen.');
  expect(screen.alternate).toBe(false);
  screen.type('2');
  await screen.until('Signals, inbox, 20, by score.');
  await screen.until('1, inbox, score 95.9, outage, 1 echo, acme-blog, 3m ago: Regional outage');
  screen.type('j');
  await screen.until('2, inbox, score 94.6, security');
  screen.type('d');
  await screen.until('dismissed: PSA: the export endpoint');
  await screen.until('3, inbox, score 93.3, churn');
  screen.type('  e');
  await screen.until('2 signals are marked: escalate them? y or N');
  screen.type('n');
  screen.type('s');
  await screen.until('1 of 7: h, one hour');
  screen.type('\x1b');
  screen.type(':redo');
  await screen.until('"redo": 1 of');
  screen.type('\x1b');
  screen.type('\x1b');
  const text = await screen.settled();
  expect(text.match(/2, inbox, score 94\.6/g)).toHaveLength(1);
  expect(text).not.toMatch(/[─│█]/);
  screen.type('q');
  expect(await story.ended).toEqual({ reason: 'quit' });
});

test('opening a signal reads all of it', async () => {
  await using story = new Story(inbox(), { settings, rows: 60, columns: 120 });
  story.screen.type('2');
  await story.screen.until('1, inbox');
  story.screen.type('\r');
  await story.screen.until('analysis by offline, 80% sure');
  expect(await story.screen.text()).toContain('engagement +20.0');
});
