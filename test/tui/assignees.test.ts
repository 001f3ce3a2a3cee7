import { expect, test } from 'vitest';
import { withLocalTimes } from '../../source/tui/text/format.ts';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals } from './memory/sample.ts';
import { Story } from './story.ts';

test('tab completes those whom the store knows, also when no row on screen is theirs', async () => {
  const harvester = new MemoryHarvester({ now: () => sampleNow, signals: sampleSignals(5) });
  const { complete } = harvester.memory.signals;
  harvester.memory.signals.complete = async (text, cursor) =>
    text === 'assignee:'
      ? {
          from: 9,
          to: 9,
          candidates: ['none', 'me', '"Zoe Quill"'].map((name) => ({ text: name, hint: '' })),
        }
      : complete(text, cursor);
  await using story = new Story(harvester);
  const { screen } = story;
  screen.type('2');
  await screen.until('1 of 5');
  screen.type('a');
  await screen.until('assign this signal to');
  screen.type('zo');
  await screen.until(': zo');
  screen.type('\t');
  await screen.until('Zoe Quill');
  screen.type('\r');
  await screen.until(/assigned to Zoe Quill/);
  expect((await harvester.signals.get(1))?.assignee).toBe('Zoe Quill');
});

test('times that the journal has in UTC are local on screen', () => {
  const { TZ } = process.env;
  process.env.TZ = 'Asia/Tokyo';
  try {
    expect(withLocalTimes('snoozed until 2026-11-22 20:30 UTC')).toBe('snoozed until 2026-11-23 05:30');
    expect(withLocalTimes('snoozed until it spikes')).toBe('snoozed until it spikes');
  } finally {
    process.env.TZ = TZ ?? 'UTC';
  }
});
