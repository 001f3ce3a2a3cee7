import { describe, expect, test } from 'vitest';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals } from './memory/sample.ts';
import { Story } from './story.ts';

const inbox = (count = 60) => new MemoryHarvester({ now: () => sampleNow, signals: sampleSignals(count) });

async function opened(harvester = inbox()): Promise<Story> {
  const story = new Story(harvester);
  story.screen.type('2');
  await story.screen.until(/1 of \d+ by score/);
  return story;
}

describe('searching', () => {
  test('is live, keeps with Enter, and Esc in the list leaves it', async () => {
    await using story = await opened();
    const { screen } = story;
    screen.type('/checkout');
    await screen.until('1 of 6 by score');
    expect(await screen.text()).toContain(' / checkout');
    screen.type('\r');
    await screen.until('j/k move');
    screen.type('n');
    await screen.until('2 of 6');
    screen.type('p');
    await screen.until('1 of 6');
    screen.type('\x1b');
    await screen.until('1 of 60 by score');
  });

  test('Esc in the prompt brings back what was shown', async () => {
    await using story = await opened();
    story.screen.type('/checkout\r');
    await story.screen.until('1 of 6');
    story.screen.type('/category:churn');
    await story.screen.until(/category:churn {2}1 of|0 by score/);
    story.screen.type('\x1b');
    await story.screen.until(/ checkout {2}1 of 6/);
  });

  test('points at what is wrong, and keeps what is on screen', async () => {
    await using story = await opened();
    const { screen } = story;
    screen.type('/checkout kategory:x\r');
    await screen.until('unknown field kategory: did you mean category?');
    const lines = await screen.lines();
    expect(lines[22]?.trimEnd()).toBe(' / checkout kategory:x');
    expect(lines[23]?.indexOf('^')).toBe(lines[22]?.indexOf('kategory'));
    expect(lines.join('\n')).toMatch(/1 of \d+ by score/);
    for (let left = 0; left < 11; left += 1) screen.type('\x7f');
    await screen.until('1 of 6 by score');
  });

  test('a late answer to an earlier text is dropped', async () => {
    const harvester = inbox();
    const { page } = harvester.signals;
    const held: (() => void)[] = [];
    harvester.signals.page = async (request) => {
      const answer = await page(request);
      if (request.search === 'check') await new Promise<void>((resolve) => held.push(resolve));
      return answer;
    };
    await using story = await opened(harvester);
    story.screen.type('/check');
    await story.screen.until(() => held.length > 0);
    story.screen.type('xyz');
    await story.screen.until('Nothing is found by checkxyz');
    for (const each of held) each();
    await story.screen.settled();
    expect(await story.screen.text()).toContain('Nothing is found by checkxyz');
  });

  test('Tab completes, once more takes the next', async () => {
    await using story = await opened();
    const { screen } = story;
    screen.type('/ch\t');
    await screen.until('churn means churn');
    screen.type('\t');
    await screen.until('/ checkout');
    await screen.until('1 of 6 by score');
  });

  test('what is marked is all that the search found', async () => {
    const harvester = inbox();
    await using story = await opened(harvester);
    const { screen } = story;
    screen.type('/checkout\r');
    await screen.until('1 of 6');
    await screen.until('j/k move');
    screen.type('*d');
    await screen.until('6 signals match: dismiss them?');
    screen.type('y');
    await screen.until('dismissed: 6 signals');
    expect(await harvester.signals.count({ statuses: ['dismissed'] })).toEqual({ count: 6, capped: false });
    screen.type('u');
    await screen.until('undone: 6 signals');
  });
});

test('keys that are typed ahead wait for what the ones before them open', async () => {
  const harvester = inbox();
  await using story = await opened(harvester);
  const { screen } = story;
  screen.type('/checkout\rvsTills\r*dy');
  await screen.until('dismissed: 6 signals');
  expect((await harvester.views.list()).at(-1)).toMatchObject({ name: 'Tills', query: 'checkout' });
  expect(await harvester.signals.count({ statuses: ['dismissed'] })).toEqual({ count: 6, capped: false });
});

describe('views', () => {
  test('are chosen by a key, with their counts', async () => {
    await using story = await opened();
    const { screen } = story;
    screen.type('v');
    await screen.until(/Outages 24 h +7/);
    screen.type('3');
    await screen.until('view: Snoozed');
    await screen.until(/ Snoozed {2}.*by score/);
  });

  test('are saved from a search, renamed and removed after a question', async () => {
    await using story = await opened();
    const { screen } = story;
    screen.type('/checkout\r');
    await screen.until('1 of 6');
    await screen.until('j/k move');
    screen.type('v');
    await screen.until('save "checkout" as a view');
    screen.type('sTills\r');
    await screen.until('saved the view Tills');
    expect((await screen.lines())[1]).toMatch(/^ Tills/);
    screen.type('v');
    await screen.until('rename a view');
    screen.type('r1');
    await screen.until('rename Tills to: Tills');
    screen.type(' open\r');
    await screen.until('Tills is now Tills open');
    screen.type('v');
    await screen.until('remove a view');
    screen.type('x1');
    await screen.until('Remove the view Tills open?');
    screen.type('y');
    await screen.until('removed the view Tills open');
  });
});
