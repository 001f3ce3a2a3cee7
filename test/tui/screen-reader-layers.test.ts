import { describe, expect, test } from 'vitest';
import { UserError } from '../../source/errors.ts';
import type { Harvester } from '../../source/harvester/harvester.ts';
import { sampleGroup } from '../errors-sample.ts';
import { MemoryHarvester, makeSignal } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals, sampleSources } from './memory/sample.ts';
import { sampleArchive } from './retention-sample.ts';
import { Story } from './story.ts';

process.env.TZ = 'UTC';
const esc = '\x1b';
const settings = {
  theme: 'default',
  mouse: false,
  screenReader: true,
  keepDecided: true,
  askFrom: 2,
  keys: {},
} as const;

type Settings = ConstructorParameters<typeof MemoryHarvester>[0];

/** The app for a screen reader: each thing that is said is a line below what was said before. */
function listen(changes: Partial<Settings> = {}, spoil: (harvester: MemoryHarvester) => void = () => {}) {
  const harvester = new MemoryHarvester({
    now: () => sampleNow,
    sources: sampleSources,
    signals: sampleSignals(20),
    ...changes,
  });
  spoil(harvester);
  const story = new Story(harvester, { settings, rows: 60, columns: 220 });
  return { story, screen: story.screen, harvester };
}

const broken = (message: string) => async () => {
  throw new UserError('store-corrupt', message, { fix: 'Run "db check".' });
};

test('prompts, searches and menus say what they ask, what was typed, and what is wrong with it', async () => {
  const { story, screen } = listen();
  await using _story = story;
  screen.type('2');
  await screen.until('1, inbox');
  screen.type('t');
  await screen.until('tag this signal? login adds a tag');
  screen.type('\r');
  await screen.until('write at least one tag');
  screen.type('ios');
  await screen.until(/^ios *$/m);
  screen.type('\r');
  await screen.until('tagged ios: Regional outage');
  screen.type('/');
  await screen.until('Search. Tab completes, Enter keeps, Esc goes back.');
  screen.type('categry:bug');
  await screen.until('unknown field categry');
  screen.type(`${esc}`);
  await screen.until('Signals, inbox, 20, by score.');
  screen.type('s');
  await screen.until('Menu: snooze this signal.');
  screen.type('jj');
  await screen.until('3 of 7: m, Monday 9:00');
  screen.type(esc);
  screen.type(':no such thing');
  await screen.until('"no such thing": nothing is called that');
});

test('marks, assignees and what came back are said with a row', async () => {
  const { story, screen } = listen({
    signals: [
      makeSignal(1, { title: 'Came back', regressed: true, assignee: 'ann', createdAt: sampleNow - 1 }),
      makeSignal(2, { title: 'Unread', category: null, createdAt: sampleNow - 1 }),
    ],
  });
  await using _story = story;
  screen.type('2');
  await screen.until(/1, inbox, regressed, score 99.0, bug, hackernews, .* assigned to ann: Came back/);
  screen.type(' ');
  await screen.until('2, inbox, score 98.0, not analyzed, hackernews');
  screen.type('k');
  await screen.until('1, marked, inbox, regressed');
});

test('the weights are said one by one, with what they change and what they come to', async () => {
  const { story, screen } = listen({ signals: sampleSignals(60) });
  await using _story = story;
  screen.type('2');
  await screen.until('1, inbox');
  screen.type('w');
  await screen.until('Weights of the score. Plus, minus or a number changes one');
  await screen.until(/1 of \d+: \w+ \d+(?:\.\d+)?\. 0 move; first is Regional outage/);
  screen.type('jjjjjj0');
  await screen.until('urgency? a number from 0 to 1000; saved is 4');
  screen.type('\r');
  await screen.until(/7 of \d+: urgency 0, saved is 4\. \d+ move; first is /);
});

test('the diagnostics of feedback are read whole, and the answers to them', async () => {
  const { story, screen } = listen();
  await using _story = story;
  await screen.until('Harvest screen.');
  screen.type('F');
  await screen.until('feedback? ');
  screen.type('fine\r');
  await screen.until('Menu: ');
  screen.type('g');
  await screen.until('Add these diagnostics to your feedback? y adds them');
  screen.type('n');
  await screen.until('kept as feedback 1, without diagnostics');
});

test('snapshots, their rules and what differs are said', async () => {
  const { story, screen } = listen({ archive: sampleArchive() });
  await using _story = story;
  screen.type('4');
  await screen.until('Retention screen. n makes a snapshot');
  await screen.until(/1 of 8, kept, verified, \d+ signals, 20m ago: 2026-11-22T13-45-00/);
  screen.type('j');
  await screen.until('2 of 8, would be removed, verified');
  screen.type('\t');
  await screen.until(/^rule (?!last)\w+ /m);
  screen.type('d');
  await screen.until('1 of 8: n, with now what has changed since');
  screen.type('n');
  await screen.until('What differs. Esc goes back.');
  screen.type(esc);
  screen.type('V');
  await screen.until(/2026-\S+ .*[Dd]amaged|is damaged|are damaged|sound/);
});

test('an empty shelf of snapshots says how to fill it', async () => {
  const { story, screen } = listen();
  await using _story = story;
  screen.type('4');
  await screen.until('there is no snapshot yet: n makes one');
});

test('the log and the errors are said, and all of one when it is opened', async () => {
  const { story, screen } = listen({
    errors: [sampleGroup(1, { lastSeenAt: sampleNow - 180_000, count: 12 })],
    log: [
      { id: '1', at: sampleNow, level: 'info', message: 'run ended', fields: [['run', '7']] },
      { id: '2', at: null, level: 'warn', message: 'an old line', fields: [] },
    ],
  });
  await using _story = story;
  screen.type('5');
  await screen.until('Log of the program.');
  await screen.until(/warn: an old line/);
  screen.type('k');
  await screen.until(/14:05 info: run ended run=7/);
  screen.type('\r');
  await screen.until('All of it. Esc goes back.');
  screen.type(esc);
  await screen.settled();
  screen.type('\t');
  await screen.until('Errors of the program.');
  await screen.until('1 of 1, open, 12 times, last 3m ago: ');
  screen.type('\r');
  await screen.until('source/');
});

test('no log and no error is said as that', async () => {
  const { story, screen } = listen({ log: [] });
  await using _story = story;
  screen.type('5');
  await screen.until('no entry is like that');
  screen.type('\t');
  await screen.until('no error of the program is known');
});

describe('what cannot be read is said with what to do', () => {
  const spoils: readonly [string, string, (harvester: MemoryHarvester) => void][] = [
    [
      '2',
      'the signals could not be read: the rows are damaged R tries again',
      (harvester) => {
        harvester.signals.page = broken('the rows are damaged');
      },
    ],
    [
      '3',
      'the figures could not be read: the sums are damaged Run "db check". R tries again',
      (harvester) => {
        Object.assign(harvester.insight, { read: broken('the sums are damaged') });
      },
    ],
    [
      '4',
      'the snapshots could not be read: the shelf is gone Run "db check". R tries again',
      (harvester) => {
        Object.assign(harvester.snapshots, { list: broken('the shelf is gone') });
        Object.assign(harvester.retention, { plan: broken('the shelf is gone') });
      },
    ],
    [
      '5',
      'the log could not be read: the disk is gone R tries again',
      (harvester) => {
        Object.assign(harvester, { logs: { ...harvester.logs, tail: broken('the disk is gone') } } satisfies {
          logs: Harvester['logs'];
        });
      },
    ],
    [
      '5\t',
      'the errors could not be read: the table is gone R tries again',
      (harvester) => {
        Object.assign(harvester.errors, { list: broken('the table is gone') });
      },
    ],
    [
      'h',
      'the store is read-only Run "db check".',
      (harvester) => {
        harvester.run = broken('the store is read-only');
      },
    ],
  ];

  test.each(spoils)('after %j', async (keys, words, spoil) => {
    const { story, screen } = listen({}, spoil);
    await using _story = story;
    await screen.until('Harvest screen.');
    screen.type(keys);
    await screen.until(words);
  });

  test('and a screen without signals says so', async () => {
    const { story, screen } = listen({ signals: [] });
    await using _story = story;
    screen.type('2');
    await screen.until('there is no signal here');
    expect(await screen.text()).toContain('Signals, inbox, 0, by score.');
  });
});
