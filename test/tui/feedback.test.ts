import { describe, expect, test } from 'vitest';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow } from './memory/sample.ts';
import { Story } from './story.ts';

describe.each([
  [80, 24],
  [120, 36],
  [40, 16],
])('F at %i x %i', (columns, rows) => {
  test('takes words and a mood, shows the diagnostics whole, and adds them after a yes', async () => {
    const harvester = new MemoryHarvester({ now: () => sampleNow });
    await using story = new Story(harvester, { columns, rows, version: '1.2.3' });
    const { screen } = story;
    await screen.until('Harvest');
    screen.type('F');
    await screen.until('feedback:');
    screen.type('the list jumps\r');
    await screen.until('how do you find it?');
    expect(await screen.text()).toMatch(/g {2}good[\s\S]*n {2}neutral[\s\S]*b {2}bad/);
    screen.type('b');
    const first = await screen.until('This is all of it');
    expect(first).toContain('add these diagnostics');
    expect(first).not.toContain('disk: ok');
    screen.type('G');
    await screen.until('disk: ok');
    expect(await harvester.feedback.list({ limit: 9 })).toEqual([]);
    screen.type('y');
    await screen.until('thank you: kept as feedback 1');
    expect(await harvester.feedback.list({ limit: 9 })).toMatchObject([
      {
        text: 'the list jumps',
        mood: 'bad',
        screen: 'harvest',
        version: '1.2.3',
        via: 'tui',
        diagnostics: { terminal: { columns, rows } },
      },
    ]);
  });
});

test('n keeps the feedback without diagnostics; Esc keeps nothing but the words for the next time', async () => {
  const harvester = new MemoryHarvester({ now: () => sampleNow });
  await using story = new Story(harvester);
  const { screen } = story;
  await screen.until('Harvest');
  screen.type('2');
  await screen.until('2 Signals');
  screen.type('F');
  await screen.until('feedback:');
  screen.type('\r');
  await screen.until('a few words are needed');
  screen.type('quick\r');
  await screen.until('how do you find it?');
  screen.type('g');
  await screen.until('This is all of it');
  screen.type('\u001b');
  await screen.until('nothing was kept');
  expect(await harvester.feedback.list({ limit: 9 })).toEqual([]);
  screen.type('F');
  await screen.until('feedback: quick');
  screen.type('\rg');
  await screen.until('This is all of it');
  screen.type('n');
  await screen.until('kept as feedback 1, without diagnostics');
  expect(await harvester.feedback.list({ limit: 9 })).toMatchObject([
    { text: 'quick', mood: 'good', screen: 'signals', diagnostics: null },
  ]);
});

test('F is there on every screen, with the name of the screen', async () => {
  const harvester = new MemoryHarvester({ now: () => sampleNow });
  await using story = new Story(harvester);
  const { screen } = story;
  await screen.until('Harvest');
  for (const [index, name] of ['Harvest', 'Signals', 'Dashboard', 'Retention', 'Logs'].entries()) {
    screen.type(`${index + 1}`);
    await screen.until(`${index + 1} ${name}`);
    screen.type('F');
    await screen.until('feedback:');
    screen.type('fine\rg');
    await screen.until('This is all of it');
    screen.type('n');
    await screen.until(`kept as feedback ${index + 1}`);
  }
  const kept = await harvester.feedback.list({ limit: 9 });
  expect(kept.map(({ screen: shown }) => shown).sort()).toEqual([
    'dashboard',
    'harvest',
    'logs',
    'retention',
    'signals',
  ]);
});
