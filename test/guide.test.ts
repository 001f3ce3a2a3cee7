import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { captureScreens } from '../scripts/guide-screens.ts';
import { defaultKeyMap } from '../source/tui/key-map.ts';
import { labelOf } from '../source/tui/keys.ts';

const guide = readFileSync(new URL('../docs/guide.md', import.meta.url), 'utf8');
const shown = [...guide.matchAll(/<!-- screen: (\w+) -->\n```text\n([\s\S]*?)\n```/g)].map(
  ([, name = '', text = '']) => [name, text] as const,
);

/** What the clock, the speed of the machine and the day change is not compared. */
function lasting(screen: string): readonly string[] {
  return screen
    .replaceAll(/(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ [A-Z][a-z]{2} \d{4}, \d\d:\d\d/g, 'DAY')
    .replaceAll(/\d+(\.\d+)*/g, '#')
    .replaceAll(/[█▉▊▋▌▍▎▏·]+ ?/g, '')
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '');
}

describe('docs/guide.md', () => {
  test('shows what the program shows: run "node scripts/guide-screens.ts" when it does not', async () => {
    const screens = await captureScreens();
    expect(shown.map(([name]) => name).toSorted()).toEqual([...screens.keys()].toSorted());
    for (const [name, text] of shown) {
      expect({ name, lines: lasting(text) }).toEqual({ name, lines: lasting(screens.get(name) ?? '') });
    }
  });

  test('names no key that does nothing', () => {
    const keys = new Set(
      defaultKeyMap.bindings
        .flatMap(({ keys: own }) => own.map((key) => labelOf(key)))
        .concat('Space', '+', '-', 'y'),
    );
    const named = [
      ...guide.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`((?:ctrl-)?\S|Enter|Esc|Space|Tab)`/g),
    ]
      .map(([, key = '']) => key)
      .filter((key) => !'·▲✓✕>*'.includes(key));
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((key) => !keys.has(key))).toEqual([]);
  });
});
