/**
 * Writes the screens of docs/guide.md from the real program: types keys into
 * the demo in a pseudo-terminal and keeps what it shows as text. A test types
 * the same keys and compares.
 *
 * Usage: node scripts/build.mjs && node scripts/guide-screens.ts
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { openSession } from './terminal-session.ts';

interface Screen {
  readonly name: string;
  /** Typed one after the other, each once the text before it is on the screen. */
  readonly steps: readonly (readonly [keys: string, until: string])[];
  /** Rows that the guide shows: from, and up to but not with. */
  readonly parts: readonly (readonly [from: number, to: number])[];
}

const columns = 80;
const rows = 24;
const esc = '\x1b';

const demo: readonly Screen[] = [
  { name: 'harvest', steps: [['', '2 to read them']], parts: [[0, 24]] },
  { name: 'list', steps: [['2', '1 of ']], parts: [[0, 24]] },
  {
    name: 'decided',
    steps: [
      ['d', ' dismissed: '],
      ['e', ' escalated: '],
    ],
    parts: [[2, 8]],
  },
  {
    name: 'marked',
    steps: [
      ['uu', 'undone: '],
      ['gV', 'range open'],
      ['jjj', '4 marked'],
      ['d', 'dismiss them?'],
    ],
    parts: [
      [1, 8],
      [22, 24],
    ],
  },
  {
    name: 'snooze',
    steps: [
      [esc, '4 marked'],
      [esc, 'no signal is marked'],
      ['gs', 'snooze this signal'],
    ],
    parts: [[14, 22]],
  },
  {
    name: 'search',
    steps: [
      [esc, 'Enter: whole signal'],
      ['/', '"exact words"'],
      ['category:bug sync', '1 of '],
    ],
    parts: [
      [1, 7],
      [22, 24],
    ],
  },
  {
    name: 'detail',
    steps: [
      ['\r', 'j/k'],
      ['\r', 'engagement'],
    ],
    parts: [[1, 22]],
  },
  {
    name: 'correct',
    steps: [
      [esc, 'Enter: whole signal'],
      ['c', 'correct this signal'],
    ],
    parts: [[12, 22]],
  },
  {
    name: 'views',
    steps: [
      [esc, 'Enter: whole signal'],
      ['v', 'Unanswered questions'],
    ],
    parts: [[13, 22]],
  },
];

const firstStart: readonly Screen[] = [
  { name: 'wizard', steps: [['', 'What do you want to listen for?']], parts: [[0, 24]] },
];

/** Every screen by its name, as the program draws it now. */
export async function captureScreens(): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await capture(firstStart, [])), ...(await capture(demo, ['--demo']))]);
}

async function capture(
  screens: readonly Screen[],
  args: readonly string[],
): Promise<readonly (readonly [string, string])[]> {
  await using session = openSession(columns, rows, args);
  const shown: (readonly [string, string])[] = [];
  for (const { name, steps, parts } of screens) {
    for (const [keys, until] of steps) {
      session.type(keys);
      await session.until(until);
    }
    const lines = await session.settled();
    const cut = parts.map(([from, to]) => tidy(lines.slice(from, to))).join('\n  …\n');
    shown.push([name, cut]);
  }
  return shown;
}

/** Blanks at the ends of lines and empty stretches of the screen say nothing in a document. */
function tidy(lines: readonly string[]): string {
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/^\n+|\n+$/g, '');
}

export function withScreens(page: string, screens: ReadonlyMap<string, string>): string {
  return page.replaceAll(/<!-- screen: (\w+) -->\n(?:```text\n[\s\S]*?\n```\n)?/g, (_found, name: string) => {
    const screen = screens.get(name);
    if (screen === undefined) throw new Error(`there is no screen named "${name}"`);
    return `<!-- screen: ${name} -->\n\`\`\`text\n${screen}\n\`\`\`\n`;
  });
}

if (import.meta.main) {
  const file = new URL('../docs/guide.md', import.meta.url);
  writeFileSync(file, withScreens(readFileSync(file, 'utf8'), await captureScreens()));
}
