import { afterEach, describe, expect, test } from 'vitest';
import { startTui, type TuiResult } from '../../source/tui/start.tsx';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals, sampleSources, troubledSources } from './memory/sample.ts';
import { Screen } from './screen.ts';

// Frames show local times.
process.env.TZ = 'UTC';

const sizes = [
  [80, 24],
  [120, 36],
  [200, 60],
] as const;

let leave = async () => {};
afterEach(() => leave());

/** The app on a terminal of this size, the clock standing still. */
function open(
  columns: number,
  rows: number,
  harvester: MemoryHarvester,
  options: { demo?: boolean } = {},
): Screen {
  const screen = new Screen(columns, rows);
  const ended: Promise<TuiResult> = startTui({
    harvester,
    topic: 'acme',
    demo: options.demo ?? false,
    storePath: '',
    logPath: '',
    version: '0.0.0',
    harvestOnStart: false,
    now: () => sampleNow,
    openLink: async () => 'no browser here, open it yourself',
    copyText: async () => 'to the clipboard',
    stdin: screen.stdin,
    stdout: screen.stdout,
  });
  leave = async () => {
    screen.type('\x03');
    screen.type('\x03');
    await ended;
  };
  return screen;
}

/** Triage under way: marked, assigned, tagged, noted, corrected, snoozed, come back. */
async function withTriage(): Promise<MemoryHarvester> {
  const harvester = withSignals(40);
  const { triage, memory } = harvester;
  await triage.apply({ action: 'assign', assignee: 'ann' }, { ids: [1] });
  await triage.apply({ action: 'tag', add: ['checkout', 'eu-west'], remove: ['login'] }, { ids: [1] });
  await triage.apply(
    { action: 'note', text: 'The status page says nothing yet; asked @ops 決済 🎉' },
    { ids: [1] },
  );
  await triage.apply({ action: 'correct', category: 'outage', urgency: 5 }, { ids: [1] });
  memory.patch(3, { regressed: true });
  memory.patch(5, { status: 'snoozed', snooze: { until: 'time', at: sampleNow + 86_400_000 } });
  memory.patch(6, { status: 'snoozed', snooze: { until: 'echoes', echoes: 3 } });
  return harvester;
}

const withSignals = (count = 300) =>
  new MemoryHarvester({ now: () => sampleNow, sources: sampleSources, signals: sampleSignals(count) });

describe.each(sizes)('at %dx%d', (columns, rows) => {
  const golden = (name: string) => `frames/${name}-${columns}x${rows}.txt`;

  test('the harvest screen before any run', async () => {
    const screen = open(columns, rows, new MemoryHarvester({ now: () => sampleNow, sources: sampleSources }));
    await screen.until('Press h');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(golden('harvest-idle'));
  });

  test('the harvest screen while a run works', async () => {
    let steps = 0;
    const step = () => (++steps < 6 ? Promise.resolve() : new Promise<void>(() => {}));
    const screen = open(
      columns,
      rows,
      new MemoryHarvester({ now: () => sampleNow, sources: sampleSources, step }),
      { demo: true },
    );
    await screen.until('Press h');
    screen.type('h');
    await screen.until(/ 1\.7 s · 94 posts/);
    screen.type('jjj');
    await screen.until('raise http.timeoutMs');
    const text = (await screen.settled()).replaceAll(/[⠋⠙⠸⠴⠦⠇]/g, '⠋');
    await expect(`${text}\n`).toMatchFileSnapshot(golden('harvest-running'));
  });

  test('the harvest screen after a run', async () => {
    const screen = open(columns, rows, new MemoryHarvester({ now: () => sampleNow, sources: sampleSources }));
    await screen.until('Press h');
    screen.type('h');
    await screen.until('1 source failed');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(golden('harvest-finished'));
  });

  test('the harvest screen after a run whose model was asked and then failed', async () => {
    const harvester = new MemoryHarvester({
      now: () => sampleNow,
      sources: sampleSources.filter(({ fails }) => fails === undefined),
      models: [
        {
          model: 'openai/gpt-5-mini',
          requests: 6,
          inputTokens: 12_400,
          cachedTokens: 4_000,
          outputTokens: 5_100,
          costUsd: 0.0125,
          reused: 31,
        },
      ],
      analyzers: [
        {
          name: 'openai',
          analyzed: 200,
          error: { code: 'model-rate-limited', message: 'api.openai.com asks for a pause.', fix: null },
        },
        { name: 'offline', analyzed: 112, error: null },
      ],
    });
    const screen = open(columns, rows, harvester);
    await screen.until('Press h');
    screen.type('h');
    await screen.until('openai failed');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(golden('harvest-model'));
  });

  test('the harvest screen with sources in trouble, before and after a run', async () => {
    const screen = open(
      columns,
      rows,
      new MemoryHarvester({ now: () => sampleNow, sources: troubledSources }),
    );
    await screen.until('Press h');
    screen.type('jj');
    await screen.until('~ silent for 26 h, usually 40 posts a day');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(golden('harvest-trouble'));
    screen.type('ggh');
    await screen.until('1 source failed');
    await screen.settled();
    screen.type('jjj');
    await screen.until('10 paid reads cost $0.05');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(golden('harvest-troubled-run'));
  });

  test('the signals screen, with a decision in its place', async () => {
    const screen = open(columns, rows, withSignals());
    screen.type('2');
    await screen.until('1 of 300');
    screen.type('jd');
    await screen.until('u undo');
    await screen.until('urgency 2');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(golden('signals'));
  });

  test('one signal on the whole screen', async () => {
    const screen = open(columns, rows, withSignals());
    screen.type('2');
    await screen.until('1 of 300');
    screen.type('jjjj\r');
    await screen.until('analysis by offline');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(golden('detail'));
  });

  test('the keys of a screen', async () => {
    const screen = open(columns, rows, withSignals());
    screen.type('2');
    await screen.until('1 of 300');
    screen.type('?');
    await screen.until('keys of this screen');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(golden('help'));
  });
});

test.each([
  [44, 12],
  [60, 16],
  [30, 7],
])('a small window of %dx%d shows what it can', async (columns, rows) => {
  const screen = open(columns, rows, withSignals());
  screen.type('2');
  await screen.settled();
  await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(`frames/small-${columns}x${rows}.txt`);
});

test('resizing draws the same screen as opening at that size', async () => {
  const small = open(80, 24, withSignals());
  small.type('2');
  await small.until('1 of 300');
  small.resize(120, 36);
  await small.until(/^ SIGNAL HARVESTER/);
  const grown = await small.settled();
  small.resize(80, 24);
  await small.until(/^ HARVESTER/);
  const shrunk = await small.settled();
  await leave();

  const large = open(120, 36, withSignals());
  large.type('2');
  await large.until('1 of 300');
  expect(grown).toBe(await large.settled());
  expect(shrunk.split('\n')).toHaveLength(24);
  expect(shrunk).toContain('1 of 300');
});

test('fifty moves never clear the whole screen and no frame is taller than it', async () => {
  const screen = open(80, 24, withSignals());
  screen.type('2');
  await screen.until('1 of 300');
  await screen.settled();
  screen.bytes = '';
  for (let move = 0; move < 50; move += 1) {
    screen.type('j');
    await screen.until(`${move + 2} of 300`);
  }
  expect(screen.bytes).not.toContain('\x1b[2J');
  expect(screen.bytes).not.toContain('\x1b[1;1H\x1b[J');
  expect((await screen.lines())[0]).toContain('HARVESTER');
});

describe.each([[40, 16], ...sizes] as const)('triage at %dx%d', (columns, rows) => {
  const golden = (name: string) => `frames/${name}-${columns}x${rows}.txt`;
  const shot = async (screen: Screen, name: string) =>
    expect(`${await screen.settled()}\n`).toMatchFileSnapshot(golden(name));

  test('marks, an open range, and what a decision on them asks', async () => {
    const screen = open(columns, rows, await withTriage());
    screen.type('2');
    await screen.until('1 of 38');
    screen.type(' jVjj');
    await screen.until('4 marked');
    await shot(screen, 'marked');
    screen.type('d');
    await screen.until('4 signals');
    await shot(screen, 'question');
  });

  test('the menus', async () => {
    const screen = open(columns, rows, await withTriage());
    screen.type('2');
    await screen.until('1 of 38');
    screen.type('s');
    await screen.until('snooze this signal');
    await shot(screen, 'menu-snooze');
    screen.type('\x1b');
    await screen.until((text) => !text.includes('snooze this signal'));
    screen.type('c');
    await screen.until('correct this signal');
    await shot(screen, 'menu-correct');
  });

  test('a prompt, and what is wrong with what was typed', async () => {
    const screen = open(columns, rows, await withTriage());
    screen.type('2');
    await screen.until('1 of 38');
    screen.type('sd');
    await screen.until('Esc back');
    await shot(screen, 'prompt');
    screen.type('soonish\r');
    await screen.until('is no time');
    await shot(screen, 'prompt-problem');
  });

  test('all statuses, with what a snooze waits for', async () => {
    const screen = open(columns, rows, await withTriage());
    screen.type('2');
    await screen.until('1 of 38');
    screen.type('fffffS');
    await screen.until('1 of 40');
    await shot(screen, 'all');
  });

  test('one signal with its notes, corrections and decisions', async () => {
    const screen = open(columns, rows, await withTriage());
    screen.type('2');
    await screen.until('1 of 38');
    screen.type('\r');
    await screen.until('assigned to');
    await screen.until(/more lines|noted/);
    screen.type('G');
    await screen.until('decisions');
    await shot(screen, 'decided');
  });

  test('splitting', async () => {
    const screen = open(columns, rows, await withTriage());
    screen.type('2');
    await screen.until('1 of 38');
    screen.type('jjjjjj\r');
    await screen.until(/more lines|same here/);
    screen.type('M');
    await screen.until('split: which');
    screen.type(' j ');
    await screen.until('split: 2');
    await shot(screen, 'split');
  });

  test('the palette', async () => {
    const screen = open(columns, rows, await withTriage());
    screen.type('2');
    await screen.until('1 of 38');
    screen.type(':und');
    await screen.until('take back');
    await shot(screen, 'palette');
  });
});

describe.each([[40, 16], ...sizes] as const)('searching at %dx%d', (columns, rows) => {
  test('what is wrong with a search, and the views', async () => {
    const screen = open(columns, rows, withSignals(40));
    screen.type('2');
    await screen.until('1 of 40');
    screen.type('/checkout kat:x\r');
    await screen.until('unknown field');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(
      `frames/search-problem-${columns}x${rows}.txt`,
    );
    screen.type('\x1b');
    await screen.until((text) => !text.includes('unknown field'));
    screen.type('v');
    await screen.until('── views');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(`frames/views-${columns}x${rows}.txt`);
  });
});
