import { describe, expect, test } from 'vitest';
import { entryLevels, type LogEntry } from '../../source/domain/log-entry.ts';
import { sampleGroup } from '../errors-sample.ts';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals, sampleSources } from './memory/sample.ts';
import { Story } from './story.ts';

// Frames show local times.
process.env.TZ = 'UTC';

const now = () => sampleNow;
const minuteMs = 60_000;

function entry(number: number): LogEntry {
  const level = entryLevels[number % 7 === 0 ? 4 : number % 3 === 0 ? 3 : 2] ?? 'info';
  const failed = [
    ['source', 'mastodon'],
    ['error.code', 'timeout'],
    [
      'error.message',
      'The answer took longer than 15 s, and the source was left for the next run of this day',
    ],
  ] as const;
  const bug = [
    ['error', 'TypeError: x is not a function\nat save (source/store/views.ts:12:3)\n決済 🎉 \u001b[31m'],
  ] as const;
  return {
    id: `1:${number}`,
    at: sampleNow - (400 - number) * minuteMs,
    level,
    message: level === 'info' ? 'run ended' : level === 'warn' ? 'source failed' : 'request failed',
    fields: [
      ['run', String(number)],
      ...(level === 'info' ? [['state', 'done'] as const] : level === 'warn' ? failed : bug),
    ],
  };
}

const groups = [
  sampleGroup(1, { lastSeenAt: sampleNow - 3 * minuteMs, count: 12 }),
  sampleGroup(2, {
    lastSeenAt: sampleNow - 90 * minuteMs,
    state: 'regressed',
    regressedAt: sampleNow - 90 * minuteMs,
    message: "Cannot read properties of undefined (reading 'rows')",
    code: 'ERR_OUT',
    breadcrumbs: [
      { at: sampleNow - 91 * minuteMs, kind: 'screen', text: 'retention' },
      { at: sampleNow - 90 * minuteMs, kind: 'operation', text: 'retention.plan' },
    ],
  }),
  sampleGroup(3, { lastSeenAt: sampleNow - 2_000 * minuteMs, state: 'resolved', resolvedAt: sampleNow }),
];

function harvesterWith(log: LogEntry[] | null, errors = groups): MemoryHarvester {
  return new MemoryHarvester({ now, sources: sampleSources, signals: sampleSignals(5), log, errors });
}

const entries = (count: number) => Array.from({ length: count }, (_, number) => entry(number));

async function onLogs(
  harvester: MemoryHarvester,
  size: { columns?: number; rows?: number } = {},
): Promise<Story> {
  const story = new Story(harvester, size);
  story.screen.type('5');
  await story.screen.until(/5 Logs/);
  await story.screen.until(/following|no log|empty/);
  return story;
}

describe.each([
  [40, 16],
  [80, 24],
  [120, 36],
] as const)('the logs screen at %dx%d', (columns, rows) => {
  const golden = (name: string) => `frames/logs-${name}-${columns}x${rows}.txt`;

  test('shows the log from its end, wrapped, and one entry whole', async () => {
    await using story = await onLogs(harvesterWith(entries(60)), { columns, rows });
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('log'));
    story.screen.type('wkkk');
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('wrapped'));
    story.screen.type('\r');
    await story.screen.until('log entry');
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('entry'));
  });

  test('shows the errors, and one of them whole', async () => {
    await using story = await onLogs(harvesterWith(entries(5)), { columns, rows });
    story.screen.type('\t');
    await story.screen.until('2 unresolved of 3');
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('errors'));
    story.screen.type('j\r');
    await story.screen.until('error 2');
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('error'));
  });
});

describe('the log', () => {
  test('follows what is written while the cursor is on the last entry, and stays where it is else', async () => {
    const log = entries(50);
    await using story = await onLogs(harvesterWith(log));
    log.push({ ...entry(50), message: 'fresh one' });
    await story.screen.until('fresh one');
    story.screen.type('kk');
    await story.screen.until('G follows again');
    log.push({ ...entry(51), message: 'fresh two' });
    await story.screen.until('52 entries');
    story.screen.type('G');
    const text = await story.screen.until('following');
    expect(text).toContain('fresh two');
  });

  test('goes back beyond what was read first, to the first entry', async () => {
    await using story = await onLogs(harvesterWith(entries(450)));
    await story.screen.until('200+ entries');
    story.screen.type('g');
    await story.screen.until('400+ entries');
    story.screen.type('g');
    await story.screen.until('450 entries');
    story.screen.type('g');
    await story.screen.until('run=0 ');
  });

  test('is cut down to a level and to words, and whole again', async () => {
    await using story = await onLogs(harvesterWith(entries(60)));
    story.screen.type('fff');
    await story.screen.until('error and above');
    expect(await story.screen.settled()).not.toContain('run ended');
    story.screen.type('/run=42\r');
    const found = await story.screen.until('1 entry');
    expect(found).toContain('that say "run=42"');
    story.screen.type('/\x15\r');
    await story.screen.until('9 entries');
    story.screen.type('f');
    await story.screen.until('60 entries');
  });

  test('says where it would be when there is none', async () => {
    await using story = await onLogs(harvesterWith(null, []));
    await story.screen.until('There is no log yet.');
    story.screen.type('\t');
    await story.screen.until('No error of the program is known.');
  });
});

test('an error is resolved with r, opened again with u, and says so', async () => {
  await using story = await onLogs(harvesterWith(entries(5)));
  story.screen.type('\t');
  await story.screen.until('2 unresolved of 3');
  story.screen.type('r');
  await story.screen.until('error 1 is resolved');
  await story.screen.until('1 unresolved of 3');
  story.screen.type('u');
  await story.screen.until('error 1 is open again');
  story.screen.type('u');
  await story.screen.until('nothing to open again');
  story.screen.type('jju');
  await story.screen.until('error 3 is open again');
  await story.screen.until('3 unresolved of 3');
});

test('the screens that were gone to are told, for errors that come later', async () => {
  const seen: string[] = [];
  const story = new Story(harvesterWith([]), { onScreen: (screen) => void seen.push(screen) });
  await using _ = story;
  story.screen.type('2');
  await story.screen.until('2 Signals');
  story.screen.type('5');
  await story.screen.until('5 Logs');
  expect(seen).toEqual(['signals', 'logs']);
});

test('a screen reader hears the entry, the error, and all of either', async () => {
  const settings = {
    theme: 'default',
    mouse: false,
    screenReader: true,
    keepDecided: true,
    askFrom: 2,
    keys: {},
  } as const;
  await using story = new Story(harvesterWith(entries(5)), { settings, rows: 40, columns: 100 });
  const { screen } = story;
  await screen.until('Harvest screen.');
  screen.type('5');
  await screen.until('Log of the program.');
  await screen.until('info: run ended run=4 state=done');
  screen.type('\t');
  await screen.until('1 of 3, open, 12 times, last 3m ago: TypeError: error 1');
  screen.type('\r');
  await screen.until('at save (source/store/views.ts:12:3)');
  expect(await screen.settled()).not.toMatch(/[─│█]/);
});
