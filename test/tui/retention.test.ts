import { describe, expect, test } from 'vitest';
import { UserError } from '../../source/errors.ts';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { MemoryArchive } from './memory/memory-snapshots.ts';
import { sampleNow, sampleSignals, sampleSources } from './memory/sample.ts';
import { sampleArchive } from './retention-sample.ts';
import { Story } from './story.ts';

// Frames show local times.
process.env.TZ = 'UTC';

const now = () => sampleNow;
const harvesterWith = (archive: MemoryArchive) =>
  new MemoryHarvester({ now, sources: sampleSources, signals: sampleSignals(20), archive });

/** The retention screen once everything on it is read. */
async function onRetention(
  archive: MemoryArchive,
  size: { columns?: number; rows?: number } = {},
): Promise<Story> {
  const story = new Story(harvesterWith(archive), size);
  story.screen.type('4');
  await story.screen.until(/Retention/);
  await story.screen.until((text) => /remove \d of \d|would remove|keep them all|no snapshots/.test(text));
  return story;
}

describe.each([
  [40, 16],
  [80, 24],
  [120, 36],
  [200, 60],
] as const)('the retention screen at %dx%d', (columns, rows) => {
  const golden = (name: string) => `frames/retention-${name}-${columns}x${rows}.txt`;

  test('shows each snapshot with what happens to it, and the plan anew at every key', async () => {
    await using story = await onRetention(sampleArchive(), { columns, rows });
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('plan'));
    story.screen.type('\x1b[C\x1b[C---jjjj');
    await story.screen.until('daily off*');
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('turned'));
  });

  test('says what a yes comes to, with no as the default', async () => {
    await using story = await onRetention(sampleArchive(), { columns, rows });
    story.screen.type('X');
    await story.screen.until('before you answer');
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('question'));
  });

  test('tells how far a job has come', async () => {
    let steps = 0;
    const step = () => (++steps < 3 ? Promise.resolve() : new Promise<void>(() => {}));
    const story = await onRetention(sampleArchive({ step }), { columns, rows });
    story.screen.type('V');
    await story.screen.until('cancels');
    const text = (await story.screen.settled()).replaceAll(/[⠋⠙⠸⠴⠦⠇]/g, '⠋');
    await expect(`${text}\n`).toMatchFileSnapshot(golden('job'));
  });

  test('shows what differs', async () => {
    await using story = await onRetention(sampleArchive(), { columns, rows });
    story.screen.type('dn');
    await story.screen.until('1 changed');
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('diff'));
    story.screen.type('q');
    await story.screen.until('rules ·');
  });

  test('says what to do when there is no snapshot', async () => {
    await using story = await onRetention(new MemoryArchive({ now }), { columns, rows });
    await expect(`${await story.screen.settled()}\n`).toMatchFileSnapshot(golden('empty'));
  });
});

describe('snapshots', () => {
  test('one is made with tags and has the cursor; a tag that cannot be is refused in the prompt', async () => {
    await using story = await onRetention(sampleArchive());
    const { screen } = story;
    screen.type('n');
    await screen.until('tags of the new snapshot');
    screen.type('a/b\r');
    await screen.until('"a/b" cannot be a tag');
    screen.type('\x15release-4 keep\r');
    await screen.until('made and verified');
    await screen.until('tagged release-4, keep');
    expect((await screen.lines())[3]).toMatch(/^> · keep {3}2026-11-22T14-05-00/);
  });

  test('a damaged one is named with what to do, and is not restored', async () => {
    const archive = sampleArchive();
    await using story = await onRetention(archive);
    const { screen } = story;
    screen.type('V');
    await screen.until('1 snapshot is damaged');
    await screen.until(/the hash differs from the\s+manifest/);
    screen.type('\x1bjjjjr');
    await screen.until('is damaged and cannot be restored');
    expect(archive.restored).toEqual([]);
  });

  test('a removal asks, defaults to no, says that it is for good, and never takes the newest verified', async () => {
    const archive = sampleArchive();
    await using story = await onRetention(archive);
    const { screen } = story;
    screen.type('x');
    await screen.until('the newest verified snapshot is never removed');
    screen.type('jx');
    await screen.until(/Remove 2026-11-22T11-05-00-000Z for good\?/);
    await screen.until('This cannot be taken back');
    screen.type('\r');
    await screen.until('── 2026-11-22T11-05-00-000Z');
    expect(await archive.snapshots.list()).toHaveLength(8);
    screen.type('xy');
    await screen.until('removed 2026-11-22T11-05-00-000Z; it cannot be brought back');
    expect(await archive.snapshots.list()).toHaveLength(7);
    screen.type('u');
    await screen.until('nothing to take back here');
  });

  test('the rules remove what the screen had said, and nothing when they keep nothing', async () => {
    const archive = sampleArchive();
    await using story = await onRetention(archive);
    const { screen } = story;
    screen.type('X');
    await screen.until('Remove 2 of 8 snapshots for good?');
    screen.type('y');
    await screen.until('removed 2 snapshots');
    expect((await archive.snapshots.list()).map(({ sequence }) => sequence)).not.toContain(7);
    // Last, daily, weekly, tagged: all off.
    screen.type('--\x1b[C\x1b[C---\x1b[C---\x1b[C\x1b[C\x1b[C\x1b[C-');
    await screen.until(/tagged no\*/);
    screen.type('X');
    await screen.until(/keep them all|no rule would remove/);
    expect(await archive.snapshots.list()).toHaveLength(6);
    screen.type('0');
    await screen.until('those of the configuration again');
    await screen.until(/last 1 /);
  });

  test('a restore asks, reads the signals again, and u goes back to what was there', async () => {
    const archive = sampleArchive();
    const harvester = harvesterWith(archive);
    await using story = new Story(harvester);
    const { screen } = story;
    screen.type('2');
    await screen.until('1 of 20');
    screen.type('4');
    await screen.until('would remove');
    screen.type('jrw');
    await screen.until('Restore 2026-11-22T11-05-00-000Z?');
    screen.type('n');
    await screen.until('── 2026-11-22T11-05-00-000Z');
    expect(archive.restored).toEqual([]);
    harvester.memory.patch(1, { title: 'Restored from the archive' });
    screen.type('rwy');
    await screen.until(/restored 2026-11-22T11-05-00-000Z {3}u undo/);
    screen.type('2');
    await screen.until('Restored from the archive');
    // There u means the last decision.
    expect(await screen.text()).not.toContain('u undo\n');
    screen.type('4');
    await screen.until('u goes back to it');
    screen.type('u');
    await screen.until('Go back to what was there before');
    screen.type('y');
    await screen.until(/── restored 2026-11-22T14-05-00/);
    expect(archive.restored).toHaveLength(2);
  });

  test('to another file nothing is replaced, so nothing is asked', async () => {
    const archive = sampleArchive();
    await using story = await onRetention(archive);
    const { screen } = story;
    screen.type('rf');
    await screen.until('restore to the file: 2026-11-22T13-45-00-000Z.sqlite');
    screen.type('\r');
    await screen.until('restored 2026-11-22T13-45-00-000Z to ');
    expect(await archive.snapshots.list()).toHaveLength(8);
  });

  test('tags are changed and taken back', async () => {
    const archive = sampleArchive();
    await using story = await onRetention(archive);
    const { screen } = story;
    screen.type('tkeep\r');
    await screen.until('is tagged keep');
    screen.type('u');
    await screen.until('has no tags again');
    expect((await archive.snapshots.list())[0]?.tags).toEqual([]);
  });

  test.each([
    ['esc', '\x1b'],
    ['ctrl-c', '\x03'],
    ['c', 'c'],
  ])('%s cancels a job, and the program goes on', async (_name, key) => {
    let wait = true;
    const step = async () => {
      while (wait) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const archive = sampleArchive({ step });
    await using story = await onRetention(archive);
    const { screen } = story;
    screen.type('n\r');
    await screen.until('compressing the store');
    screen.type('v');
    await screen.until('making a snapshot comes first');
    screen.type(key);
    await screen.until('stopping: making a snapshot');
    wait = false;
    await screen.until('cancelled: making a snapshot');
    expect(await archive.snapshots.list()).toHaveLength(8);
  });

  test('leaving asks while a job runs; during a restore there is no way to the signals', async () => {
    let wait = true;
    const step = async () => {
      while (wait) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await using story = await onRetention(sampleArchive({ step }));
    const { screen } = story;
    screen.type('rwy');
    await screen.until('restoring 2026-11-22T13-45-00-000Z: unpacking');
    screen.type('2');
    await screen.until('comes first; esc cancels it');
    screen.type('q');
    await screen.until('Stop it and quit?');
    screen.type('n');
    await screen.until('restoring 2026');
    wait = false;
    await screen.until('u goes back to it');
  });

  test('what fails says so in full, with what to do, and leaves the list', async () => {
    const archive = sampleArchive();
    archive.snapshots.create = async () => {
      throw new UserError('snapshots-full', 'The disk is full.', { fix: 'Remove old snapshots (X).' });
    };
    await using story = await onRetention(archive);
    const { screen } = story;
    screen.type('n\r');
    await screen.until('── no snapshot was made');
    await screen.until('Remove old snapshots (X).');
    screen.type('\x1b');
    await screen.until('── 2026-11-22T13-45-00-000Z');
  });

  test('a list that cannot be read says why and R reads it again', async () => {
    const archive = sampleArchive();
    const { plan } = archive.retention;
    archive.retention.plan = async () => {
      throw new UserError('snapshots-unreadable', 'The folder cannot be read.', { fix: 'Look at it.' });
    };
    const story = new Story(harvesterWith(archive));
    await using _ = story;
    story.screen.type('4');
    await story.screen.until('the snapshots could not be read');
    archive.retention.plan = plan;
    story.screen.type('R');
    await story.screen.until('read again');
    await story.screen.until('would remove');
  });
});

test('signals that have had their time go after a menu and a question, and the report says what was regained', async () => {
  await using story = await onRetention(sampleArchive(), { columns: 100, rows: 30 });
  const { screen } = story;
  await screen.until('12  dismissed older than 90 days');
  screen.type('S');
  await screen.until('remove 12 signals');
  screen.type('r');
  await screen.until('Remove 12 signals that have had their time?');
  await screen.until('A snapshot is made first');
  screen.type('y');
  await screen.until('9.0 MiB regained');
  await screen.until('none has had its time');
  screen.type('S');
  await screen.until('no signal has had its time');
});

test('a screen reader hears the snapshot, the rule and the plan', async () => {
  const settings = {
    theme: 'default',
    mouse: false,
    screenReader: true,
    keepDecided: true,
    askFrom: 2,
    keys: {},
  } as const;
  await using story = new Story(harvesterWith(sampleArchive()), { settings, columns: 120, rows: 60 });
  const { screen } = story;
  screen.type('4');
  await screen.until('Retention screen.');
  await screen.until('1 of 8, kept, verified, 288 signals, 20m ago');
  screen.type('-');
  await screen.until('rule last off');
  screen.type('jx');
  await screen.until('This cannot be taken back');
  screen.type('ndn');
  await screen.until('status: inbox → dismissed');
  expect(await screen.settled()).not.toMatch(/[│█]/);
});
