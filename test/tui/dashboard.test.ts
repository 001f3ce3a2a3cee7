import { describe, expect, test } from 'vitest';
import type { InsightRequest } from '../../source/domain/insight.ts';
import type { SignalPageRequest, SignalQuery } from '../../source/harvester/harvester.ts';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals, troubledSources } from './memory/sample.ts';
import { Story } from './story.ts';

// Frames show local times.
process.env.TZ = 'UTC';

/** Signals over two weeks, by people of all sorts of names, with a spike and terms that rise. */
function harvesterOf(count = 240): { harvester: MemoryHarvester; asked: InsightRequest[] } {
  const signals = sampleSignals(count).map((signal, index) => ({
    ...signal,
    createdAt: sampleNow - Math.floor((index * index) / 50) * 1_050_000 - 60_000,
    author:
      ['ann', '東京太郎', 'José 👩‍🚀', '\u202eliam', 'a name that goes on and on for ever'][index % 5] ??
      null,
    tags: index % 3 === 0 ? ['決済', 'checkout'] : ['login'],
  }));
  const harvester = new MemoryHarvester({ now: () => sampleNow, sources: troubledSources, signals });
  const asked: InsightRequest[] = [];
  const { read } = harvester.insight;
  Object.assign(harvester, {
    insight: {
      read: async (request: InsightRequest) => {
        asked.push(request);
        const insight = await read(request);
        const since = sampleNow - 50 * 3_600_000;
        const search = 'category:outage since:2026-11-20T12:00Z';
        const rising = [
          { name: 'checkout', count: 31, before: 4, search: 'checkout', score: 40 },
          { name: '返金', count: 9, before: 0, search: '返金', score: 12 },
        ];
        const spike = { since, until: since + 3_600_000, category: 'outage', count: 14, usual: 0.4, search };
        const spend = { ...insight.spend, totalUsd: 0.42, beforeUsd: 0.1 };
        const pace = { ...insight.pace, medianToDecisionMs: 5_400_000 };
        return { ...insight, terms: rising, spikes: [spike], spend, pace };
      },
    },
  });
  return { harvester, asked };
}

/** The searches that lists are asked for; a memory understands few, and shows all. */
function listedSearches({ memory }: MemoryHarvester): string[] {
  const searches: string[] = [];
  const { page, count } = memory.signals;
  Object.assign(memory.signals, {
    page: async ({ search = '', ...request }: SignalPageRequest) => {
      searches.push(search);
      return page(request);
    },
    count: async ({ search: _, ...query }: SignalQuery) => count(query),
  });
  return searches;
}

async function onDashboard(size: { columns?: number; rows?: number } = {}, given = harvesterOf()) {
  const story = new Story(given.harvester, size);
  await story.screen.until('Press h');
  story.screen.type('3');
  await story.screen.until('Dashboard');
  await story.screen.until(/> volume/);
  return { story, ...given };
}

describe.each([
  [40, 16],
  [80, 24],
  [120, 36],
  [200, 60],
] as const)('the dashboard at %dx%d', (columns, rows) => {
  const golden = (name: string) => `frames/dashboard-${name}-${columns}x${rows}.txt`;

  test('shows the week, and what is selected in it', async () => {
    const { story } = await onDashboard({ columns, rows });
    await using _ = story;
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('week'));
    story.screen.type('\t\tjll');
    await story.screen.until(/security|question/);
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('selected'));
  });

  test('shows a day, and says so when nothing was said', async () => {
    const { story } = await onDashboard({ columns, rows });
    await using _ = story;
    story.screen.type('W');
    await story.screen.until('24 hours');
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('day'));
    story.screen.type('@2020-01-31\r');
    await story.screen.until('Nothing was said');
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('nothing'));
  });
});

describe('what is selected', () => {
  test('opens the signals behind it, and 3 comes back to the same place', async () => {
    const { story, harvester } = await onDashboard();
    await using _ = story;
    const { screen } = story;
    const searches = listedSearches(harvester);
    const behind = /^sentiment:negative since:2026-11-22T\d\d:00Z before:2026-11-22T14:05Z$/;
    screen.type('\t\t\t');
    await screen.until('> sentiment');
    screen.type('h\r');
    await screen.until('2 Signals');
    await screen.until(() => behind.test(searches.at(-1) ?? ''));
    searches.length = 0;
    screen.type('3');
    await screen.until('> sentiment');
    screen.type('\r');
    await screen.until(() => behind.test(searches.at(-1) ?? ''));
  });

  test('has timings at any size, with no signals behind them', async () => {
    const { story } = await onDashboard({ columns: 80, rows: 24 });
    await using _ = story;
    const { screen } = story;
    expect(await screen.text()).not.toContain('timings');
    screen.type('G');
    await screen.until('> timings of stages');
    await screen.until('signal: p50 0.19 ms · p95 0.2 ms');
    screen.type('\r');
    await screen.until('there are no signals behind a time');
    screen.type('gg');
    await screen.until('> volume');
  });

  test('moves from pane to pane with j, and keeps its column of time', async () => {
    const { story } = await onDashboard({ columns: 120, rows: 36 });
    await using _ = story;
    story.screen.type('l');
    await story.screen.until(/posts, Mon Nov 16 00:00/);
    story.screen.type('jG');
    await story.screen.until('signal: p50');
    story.screen.type('gg');
    await story.screen.until(/posts, Mon Nov 16 00:00/);
  });
});

describe('the figures', () => {
  test('are read when the screen is seen, when a run has ended, and not while it is hidden', async () => {
    const { story, asked } = await onDashboard();
    await using _ = story;
    const { screen } = story;
    expect(asked).toHaveLength(1);
    screen.type('1');
    await screen.until('1 Harvest');
    screen.type('h');
    await screen.until(/2 to read them|done|✓/);
    await screen.settled();
    expect(asked).toHaveLength(1);
    screen.type('3');
    await screen.until('> volume');
    await screen.until(() => asked.length === 2);
    screen.type('2');
    await screen.until('2 Signals');
    screen.type('3');
    await screen.until('> volume');
    await screen.settled();
    expect(asked).toHaveLength(2);
  });

  test('are of the window, the view or the search that is chosen', async () => {
    const { story, asked } = await onDashboard();
    await using _ = story;
    const { screen } = story;
    screen.type('w');
    await screen.until('30 days to now');
    await screen.until(() => asked.at(-1)?.bucket === 'day');
    screen.type('[');
    await screen.until('30 days to 2026-10-23');
    expect(asked.at(-1)?.until).toBe(asked.at(-2)?.since);
    screen.type(']');
    await screen.until('30 days to now');
    screen.type('/is:open catgory:bug\r');
    await screen.until('did you mean category?');
    screen.type('\x15is:open\r');
    await screen.until(/is:open/);
    await screen.until(() => asked.at(-1)?.search === 'is:open');
    screen.type('v2');
    await screen.until('view ');
    await screen.until(() => asked.at(-1)?.search !== 'is:open');
    screen.type('va');
    await screen.until('all signals');
    await screen.until(() => asked.at(-1)?.search === '');
  });

  test('that cannot be read are explained, and R tries again', async () => {
    const given = harvesterOf();
    const { read } = given.harvester.insight;
    let fails = true;
    Object.assign(given.harvester, {
      insight: {
        read: async (request: InsightRequest) => {
          if (fails) throw new Error('the store is locked');
          return read(request);
        },
      },
    });
    await using story = new Story(given.harvester);
    story.screen.type('3');
    await story.screen.until('the store is locked');
    fails = false;
    story.screen.type('R');
    await story.screen.until('> volume');
  });
});

test('a screen reader is told the window, the pane and what is selected', async () => {
  const settings = {
    theme: 'default',
    mouse: false,
    screenReader: true,
    keepDecided: true,
    askFrom: 2,
    keys: {},
  } as const;
  await using story = new Story(harvesterOf().harvester, { settings, columns: 120, rows: 40 });
  const { screen } = story;
  await screen.until('Harvest screen.');
  screen.type('3');
  await screen.until('Dashboard.');
  await screen.until(/7 days to now · all signals .*signals/);
  await screen.until(/volume, 1 of 2, posts: \d+ posts/);
  screen.type('\t\t');
  await screen.until(/categories, 1 of 8, outage: \d+ signals, before \d+/);
  screen.type('l');
  await screen.until(/categories, 1 of 8, outage, Mon Nov 16/);
  screen.type('G');
  await screen.until(/timings of stages and queries, 7 of 7, signal: p50 0.19 ms · p95 0.2 ms/);
  expect(await screen.text()).not.toMatch(/[─│█▁▂▃▄▅▆▇░▒▓]/);
});
