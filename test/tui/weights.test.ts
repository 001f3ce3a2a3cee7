import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../source/errors.ts';
import { stepWeight } from '../../source/tui/model/weight-step.ts';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals, sampleSources } from './memory/sample.ts';
import { Story } from './story.ts';

// Frames show local times.
process.env.TZ = 'UTC';

const withSignals = (count = 120) =>
  new MemoryHarvester({ now: () => sampleNow, sources: sampleSources, signals: sampleSignals(count) });

async function opened(harvester: MemoryHarvester, size: { columns?: number; rows?: number } = {}) {
  const story = new Story(harvester, size);
  story.screen.type('2');
  await story.screen.until(/1 of \d+/);
  story.screen.type('w');
  await story.screen.until('of the whole inbox');
  return story;
}

describe.each([
  [40, 16],
  [80, 24],
  [120, 36],
  [200, 60],
])('the weights at %dx%d', (columns, rows) => {
  test('with two of them changed, and what is asked before they are saved', async () => {
    await using story = await opened(withSignals(), { columns, rows });
    const { screen } = story;
    screen.type(`${'j'.repeat(8)}++j3`);
    await screen.until('Esc back');
    screen.type('.5\r');
    await screen.until(/weights, 2 changed/);
    await screen.settled();
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(`frames/weights-${columns}x${rows}.txt`);
    screen.type('w');
    await screen.until('save and score');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot(
      `frames/weights-question-${columns}x${rows}.txt`,
    );
  });
});

describe('trying weights', () => {
  test('moves the order with every key, and leaving changes nothing', async () => {
    const harvester = withSignals();
    const before = (await harvester.scoring.settings()).map(({ value }) => value);
    await using story = await opened(harvester);
    const { screen } = story;
    expect(await screen.text()).toContain('── weights ─');
    screen.type('jjjjjj0');
    await screen.until(' urgency: 0');
    screen.type('\r');
    await screen.until('weights, 1 changed');
    await screen.until(/[▲▼]\d/);
    screen.type('r');
    await screen.until('── weights ─');
    screen.type('+++---');
    await screen.until('── weights ─');
    screen.type('+\x1b');
    await screen.until('nothing was saved');
    await screen.until('1 of 120');
    expect((await harvester.scoring.settings()).map(({ value }) => value)).toEqual(before);
  });

  test('says what a value may be, and scrolls the order', async () => {
    await using story = await opened(withSignals());
    const { screen } = story;
    screen.type('G9');
    await screen.until('a number from 0.01 to 100; saved is 1');
    screen.type('99\r');
    await screen.until('write a number from 0.01 to 100');
    screen.type('\x1b');
    await screen.until('Enter save');
    screen.type('\x04\x04\x04\x04\x04\x04');
    await screen.until(/│ +50 /);
    screen.type('\x15\x15\x15\x15\x15\x15\x15');
    await screen.until(/│ +1 /);
  });

  test('answers to keys that came faster are dropped, the last one stands', async () => {
    const harvester = withSignals();
    const { preview } = harvester.scoring;
    let asked = 0;
    harvester.scoring.preview = async (...args) => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 30));
      return preview(...args);
    };
    await using story = await opened(harvester);
    const before = asked;
    story.screen.type(`${'j'.repeat(6)}${'+'.repeat(40)}`);
    await story.screen.until('weights, 1 changed');
    const text = await story.screen.settled();
    const shown = await preview({ urgency: Number(/→\s*([\d.]+)/.exec(text)?.[1]) }, { limit: 50 });
    const moved = shown.top.filter(({ place, placeBefore }) => place !== placeBefore).length;
    expect(text).toContain(`the first 50: ${moved} move`);
    expect(asked - before).toBeLessThan(10);
  });

  test('says what went wrong with the preview', async () => {
    const harvester = withSignals();
    harvester.scoring.preview = async () => {
      throw new UserError('store-locked', 'the store is locked by another program', { fix: 'Close it.' });
    };
    await using story = new Story(harvester);
    story.screen.type('2');
    await story.screen.until('1 of 120');
    story.screen.type('w');
    await story.screen.until('✕ the store is locked by another program');
  });
});

describe('saving weights', () => {
  test('asks, scores with progress, and says how to go back', async () => {
    const harvester = withSignals();
    const { run } = harvester;
    const waiting: (() => void)[] = [];
    const asked: unknown[] = [];
    harvester.run = async (request, watch) => {
      asked.push(request);
      const stage = (done: number) => ({ stages: [{ name: 'score' as const, done, total: 120 }] });
      const ended = await run.call(new MemoryHarvester({ now: () => sampleNow }), {});
      watch?.onProgress?.({ ...ended, state: 'running', ...stage(40) });
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { ...ended, ...stage(120) };
    };
    await using story = await opened(harvester);
    const { screen } = story;
    screen.type('\r');
    await screen.until('no weight is changed');
    screen.type(`${'j'.repeat(8)}+w`);
    await screen.until('save and score everything again? halfLifeHours 24 → 30');
    screen.type('n');
    await screen.until('weights, 1 changed');
    expect(asked).toEqual([]);
    screen.type('wy');
    await screen.until('saved; scoring again: 40 of 120');
    screen.type('w');
    await screen.until('still being scored');
    expect(asked).toEqual([{ stages: ['score'] }]);
    for (const each of waiting) each();
    await screen.until('saved; 120 signals scored again · it was halfLifeHours 24');
    const saved = await harvester.scoring.settings();
    expect(saved.find(({ name }) => name === 'halfLifeHours')?.value).toBe(30);
  });

  test('that is refused keeps the pane, with the reason', async () => {
    const harvester = withSignals();
    harvester.scoring.save = async () => {
      throw new UserError('no-config', 'There is no configuration file', { fix: 'Run init.' });
    };
    await using story = await opened(harvester);
    story.screen.type('+wy');
    await story.screen.until('not saved: There is no configuration file. Run init.');
    expect(await story.screen.text()).toContain('weights, 1 changed');
  });

  test('waits for a harvest, and ctrl-c stops the scoring', async () => {
    const harvester = withSignals();
    const run = harvester.run.bind(harvester);
    harvester.run = async (_request, watch) => {
      const ended = await run({}, {});
      await new Promise<void>((resolve) => watch?.signal?.addEventListener('abort', () => resolve()));
      return { ...ended, state: 'interrupted', stages: [{ name: 'score', done: 10, total: 120 }] };
    };
    await using story = new Story(harvester, { harvestOnStart: true });
    const { screen } = story;
    await screen.until('harvesting');
    screen.type('2');
    await screen.until(/1 of \d+/);
    screen.type('w');
    await screen.until('of the whole inbox');
    screen.type('+w');
    await screen.until('a harvest is running: save when it has ended');
    screen.type('\x1b1c');
    await screen.until('stopped after');
    screen.type('2w');
    await screen.until('of the whole inbox');
    screen.type('+wy');
    await screen.until('saved; scoring again');
    screen.type('\x03');
    await screen.until('saved; stopped at 10 of 120, the next harvest goes on · it was base 1');
  });
});

test('a step goes to the next round value, back again, and never out of the range', () => {
  const range = { name: 'categories.bug', min: 0.01, max: 100 };
  expect(stepWeight(range, 1.3, 1)).toBe(1.4);
  expect(stepWeight(range, 1.25, -1)).toBe(1.2);
  expect(stepWeight(range, 0.1, -1)).toBe(0.01);
  expect(stepWeight(range, 0.01, 1)).toBe(0.1);
  expect(stepWeight({ name: 'halfLifeHours', min: 0.1, max: 8760 }, 72, -1)).toBe(66);
  expect(stepWeight({ name: 'halfLifeHours', min: 0.1, max: 8760 }, 72, 1)).toBe(96);
  const names = fc.constantFrom('halfLifeHours', 'cap', 'likes', 'categories.bug');
  fc.assert(
    fc.property(
      names,
      fc.integer({ min: 1, max: 10_000 }),
      fc.constantFrom(1, -1),
      (name, hundredths, way) => {
        const value = hundredths / 100;
        const next = stepWeight({ name, min: 0.01, max: 100 }, value, way as 1 | -1);
        expect(next).toBeGreaterThanOrEqual(0.01);
        expect(next).toBeLessThanOrEqual(100);
        if (value > 0.01 && value < 100) expect(Math.sign(next - value)).toBe(way);
      },
    ),
  );
});
