import { describe, expect, test } from 'vitest';
import { createMouseFilter, type MouseEvent } from '../../source/tui/mouse.ts';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals } from './memory/sample.ts';
import { Story } from './story.ts';

function filter() {
  const events: MouseEvent[] = [];
  return { events, take: createMouseFilter((event) => events.push(event)) };
}

describe('the reports of a mouse', () => {
  test('are taken out of the keys around them, also when they come in pieces', () => {
    const { events, take } = filter();
    expect(take('j\x1b[<0;5;7Mk\x1b[<0;5;7m')).toBe('jk');
    expect(take('\x1b[<64;1')).toBe('');
    expect(take(';1M\x1b[<65;2;3Md')).toBe('d');
    expect(events).toEqual([
      { kind: 'click', column: 4, row: 6 },
      { kind: 'wheel-up', column: 0, row: 0 },
      { kind: 'wheel-down', column: 1, row: 2 },
    ]);
  });

  test('leave escape and other sequences alone', () => {
    const { events, take } = filter();
    expect(take('\x1b')).toBe('\x1b');
    expect(take('\x1b[A\x1b[200~x\x1b[201~')).toBe('\x1b[A\x1b[200~x\x1b[201~');
    expect(take('\x1b[')).toBe('\x1b[');
    expect(events).toEqual([]);
  });
});

const settings = { theme: 'default', screenReader: false, keepDecided: true, askFrom: 2, keys: {} } as const;
const inbox = () => new MemoryHarvester({ now: () => sampleNow, signals: sampleSignals(60) });

test('the wheel scrolls, a click selects and a second one opens', async () => {
  await using story = new Story(inbox(), { settings: { ...settings, mouse: true } });
  const { screen } = story;
  expect(screen.bytes).toContain('\x1b[?1000h');
  screen.type('2');
  await screen.until('1 of 60');
  screen.type('\x1b[<65;10;10M');
  await screen.until('4 of 60');
  screen.type('\x1b[<0;10;9M');
  await screen.until('6 of 60');
  screen.type('\x1b[<0;10;9M');
  await screen.until('── score');
  screen.type('\x1b');
  await screen.until('6 of 60');
  screen.type('q');
  await story.ended;
  expect(screen.bytes.lastIndexOf('\x1b[?1000l')).toBeGreaterThan(screen.bytes.lastIndexOf('\x1b[?1000h'));
});

test('without the setting the terminal is not asked for the mouse', async () => {
  await using story = new Story(inbox());
  await story.screen.until('HARVESTER');
  expect(story.screen.bytes).not.toContain('\x1b[?1000h');
});
