import { describe, expect, test } from 'vitest';
import { UserError } from '../../source/errors.ts';
import { MemoryHarvester } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals, sampleSources, troubledSources } from './memory/sample.ts';
import { Story } from './story.ts';

const now = () => sampleNow;
const inbox = (count: number) =>
  new MemoryHarvester({ now, sources: sampleSources, signals: sampleSignals(count) });
const never = () => new Promise<void>(() => {});

describe('deciding', () => {
  test('the decided row stays marked until the list is read again, and undo brings the cursor back to it', async () => {
    const harvester = inbox(30);
    await using story = new Story(harvester);
    const { screen } = story;
    screen.type('2');
    await screen.until('1 of 30');
    screen.type('de');
    await screen.until('3 of 30');
    const marked = await screen.lines();
    expect(marked[3]).toMatch(/^ {2}✕ .* dismissed · Regional/);
    expect(marked[4]).toMatch(/^ {2}▲ .* escalated · PSA/);

    screen.type('R');
    await screen.until('1 of 28');
    expect((await screen.lines())[3]).toMatch(/^> · .*After six years/);

    screen.type('u');
    await screen.until('no longer escalated');
    expect((await screen.lines())[3]).toMatch(/^> · .*PSA/);
    screen.type('u');
    await screen.until('no longer dismissed');
    screen.type('u');
    await screen.until('nothing to undo');
  });

  test('keys that arrive in one chunk each see what the one before did', async () => {
    const harvester = inbox(30);
    await using story = new Story(harvester);
    story.screen.type('2');
    await story.screen.until('1 of 30');
    story.screen.type('ddjd');
    await story.screen.until('5 of 30');
    await story.screen.settled();
    const { count } = await harvester.signals.count({ statuses: ['dismissed'] });
    expect(count).toBe(3);
    for (const id of [1, 2, 4]) expect((await harvester.signals.get(id))?.status).toBe('dismissed');
  });

  test('a decision that the store refuses is taken off the screen, with the reason', async () => {
    const harvester = inbox(5);
    harvester.triage.apply = async () => {
      throw new UserError('store-locked', 'the store is locked by another program', {
        fix: 'Close it and try again.',
      });
    };
    await using story = new Story(harvester);
    story.screen.type('2');
    await story.screen.until('1 of 5');
    story.screen.type('d');
    await story.screen.until('not saved: the store is locked by another program. Close it');
    expect((await story.screen.lines())[3]).toMatch(/^ {2}· .* Regional/);
  });

  test('in the whole-screen detail a decision goes on to the next signal', async () => {
    await using story = new Story(inbox(5));
    story.screen.type('2');
    await story.screen.until('1 of 5');
    story.screen.type('\r');
    await story.screen.until('Since 13:50 UTC');
    story.screen.type('d');
    await story.screen.until('PSA: the export endpoint');
    story.screen.type('\x1b[D');
    await story.screen.until('✕ dismissed');
    story.screen.type('q');
    await story.screen.until('1 of 5');
  });

  test('the filter goes round', async () => {
    await using story = new Story(inbox(5));
    story.screen.type('2');
    await story.screen.until('1 of 5');
    story.screen.type('ef');
    await story.screen.until(/escalated {2}1 of 1/);
    story.screen.type('fff');
    await story.screen.until('No signal is dismissed.');
    story.screen.type('f');
    await story.screen.until(/all {2}1 of 5/);
    expect((await story.screen.lines())[3]).toContain('escalated · Regional');
  });

  test('o hands over the link, or shows it when it cannot', async () => {
    const opened: string[] = [];
    await using story = new Story(inbox(3), {
      openLink: async (url) => {
        opened.push(url);
        return null;
      },
    });
    story.screen.type('2');
    await story.screen.until('1 of 3');
    story.screen.type('o');
    await story.screen.until('opened https://example.com/1');
    expect(opened).toEqual(['https://example.com/1']);
  });
});

describe('a long list', () => {
  test('is read as far as the cursor goes, both ways, and G and g reach its ends', async () => {
    const harvester = inbox(3000);
    await using story = new Story(harvester);
    const { screen } = story;
    screen.type('2');
    await screen.until('1 of 3,000');
    expect(harvester.memory.asked.page).toBeLessThan(3);
    screen.type('G');
    await screen.until('(3000)');
    screen.type('\x1b[5~'.repeat(20));
    await screen.until('(2780)');
    screen.type('g');
    await screen.until('1 of 3,000');
  });

  test('holding j down asks for few details, and for the last one', async () => {
    const harvester = inbox(300);
    await using story = new Story(harvester);
    story.screen.type('2');
    await story.screen.until('1 of 300');
    const before = harvester.memory.asked.get;
    for (let chunk = 0; chunk < 20; chunk += 1) story.screen.type('jjjjj');
    await story.screen.until('101 of 300');
    await story.screen.settled();
    expect(harvester.memory.asked.get - before).toBeLessThanOrEqual(25);
    expect(await story.screen.text()).toContain('people reacted to it');
  });

  test('an answer that comes too late is dropped', async () => {
    const harvester = inbox(30);
    const page = harvester.signals.page;
    const release: (() => void)[] = [];
    harvester.signals.page = async (request) => {
      const answer = await page(request);
      if (request.statuses?.[0] === 'escalated') await new Promise<void>((resolve) => release.push(resolve));
      return answer;
    };
    await using story = new Story(harvester);
    story.screen.type('2');
    await story.screen.until('1 of 30');
    story.screen.type('fffff');
    await story.screen.until(/all {2}1 of 30/);
    for (const each of release) each();
    await story.screen.settled();
    expect(await story.screen.text()).toMatch(/all {2}1 of 30/);
  });
});

describe('the health of sources', () => {
  test('stands in the table and the pane before a run, and with it afterwards', async () => {
    await using story = new Story(new MemoryHarvester({ now, sources: troubledSources }));
    const { screen } = story;
    await screen.until('Press h to harvest 5 sources');
    expect(await screen.until(/> · │ hackernews +│ well/)).toContain('usually 40 posts a day');
    screen.type('j');
    await screen.until('this month $3.72');
    expect(await screen.text()).toMatch(/quota 412 of 450 left, anew at \d\d:14/);
    screen.type('j');
    await screen.until(/> ~ │ acme-blog +│ silent .*silent for 26 h/);
    screen.type('j');
    await screen.until(/> … │ github +│ limited .*until \d\d:00/);
    screen.type('j');
    await screen.until(/> ! │ status-page │ failing/);
    await screen.until('Last error, 15m ago: status.acme.example answered 503');
    screen.type('j');
    await screen.until('It is off in the configuration.');

    screen.type('gh');
    await screen.until('1 source failed');
    const [, , , ...rows] = (await screen.settled()).split('\n');
    expect(rows[0]).toContain('status-page failed');
    expect(rows[1]).toMatch(/github +limited .* until \d\d:00/);
    expect(rows.find((row) => row.includes('x-acme'))).toMatch(/\$0\.05 · 411 left · 4\.1 s/);
    expect(rows.find((row) => row.includes('acme-blog'))).toMatch(/^ {2}~ .* silent for 26 h/);
    screen.type('gj');
    await screen.until('Run again later; a token in GITHUB_TOKEN');
    screen.type('j');
    await screen.until('12 left out by the excludes');
  });

  test('a silent source that brought something is silent no more', async () => {
    const [hackernews] = troubledSources;
    const silence = 'silent for 3 days, usually 40 posts a day';
    const sources = hackernews ? [{ ...hackernews, health: { silence } }] : [];
    await using story = new Story(new MemoryHarvester({ now, sources }));
    await story.screen.until('~ │ hackernews');
    story.screen.type('h');
    expect(await story.screen.until('30 new posts')).toMatch(/✓ hackernews done/);
  });
});

describe('harvesting', () => {
  test('an empty list fills by itself, a list that has rows only counts what is new', async () => {
    let steps = 0;
    const waiting: (() => void)[] = [];
    const step = () =>
      steps++ < 2 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve));
    await using story = new Story(new MemoryHarvester({ now, sources: sampleSources, step }));
    const { screen } = story;
    await screen.until('Press h');
    screen.type('h2');
    await screen.until(/1 of \d+ by score/);
    const [, , , first] = await screen.lines();
    waiting.shift()?.();
    await screen.until(/↑ \d+ new, R to refresh/);
    expect((await screen.lines())[3]).toBe(first);
    screen.type('R');
    await screen.until((text) => !text.includes('R to refresh'));
  });

  test('what another program stores is counted too, and what is on screen stays', async () => {
    const harvester = inbox(10);
    await using story = new Story(harvester, { askEveryMs: 20 });
    const { screen } = story;
    screen.type('2');
    await screen.until('1 of 10');
    const [, , , first] = await screen.lines();
    for (const signal of sampleSignals(12).slice(10)) harvester.memory.add(signal);
    await screen.until('↑ 2 new, R to refresh');
    expect((await screen.lines())[3]).toBe(first);
    screen.type('R');
    await screen.until('1 of 12');
  });

  test('c cancels, and what was stored stays', async () => {
    let steps = 0;
    const waiting: (() => void)[] = [];
    const step = () =>
      steps++ < 4 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve));
    await using story = new Story(new MemoryHarvester({ now, sources: sampleSources, step }), {
      harvestOnStart: true,
    });
    await story.screen.until('waiting 12 s: rate limit');
    story.screen.type('c');
    await story.screen.until('stopping');
    for (const each of waiting) each();
    await story.screen.until(/stopped after .* kept/);
  });

  test('q asks while a harvest runs, and no is the answer that Enter gives', async () => {
    await using story = new Story(new MemoryHarvester({ now, sources: sampleSources, step: never }), {
      harvestOnStart: true,
    });
    await story.screen.until('harvesting');
    story.screen.type('q');
    await story.screen.until('Stop it and quit?');
    story.screen.type('\r');
    await story.screen.until((text) => !text.includes('Stop it and quit?'));
    story.screen.type('q');
    await story.screen.until('Stop it and quit?');
    story.screen.type('y');
    expect(await story.ended).toEqual({ reason: 'quit' });
    await story.screen.text();
    expect(story.screen.alternate).toBe(false);
  });

  test('ctrl-c cancels first and quits when pressed twice', async () => {
    await using story = new Story(new MemoryHarvester({ now, sources: sampleSources, step: never }), {
      harvestOnStart: true,
    });
    await story.screen.until('harvesting');
    story.screen.type('\x03');
    await story.screen.until('cancelling the harvest; ctrl-c again quits');
    story.screen.type('\x03');
    expect(await story.ended).toEqual({ reason: 'interrupted' });
  });

  test('a harvest that cannot start says why and what to do', async () => {
    const harvester = inbox(0);
    harvester.run = async () => {
      throw new UserError('store-read-only', 'the store cannot be written', {
        fix: 'Free some space on the disk.',
      });
    };
    await using story = new Story(harvester, { harvestOnStart: true });
    const text = await story.screen.until('the harvest could not start');
    expect(text).toContain('the store cannot be written (store-read-only)');
    expect(text).toContain('Free some space on the disk.');
    expect(text).toContain('Press h to try again.');
  });
});

describe('failing well', () => {
  test('signals that cannot be read are an error in the pane, not in the frame', async () => {
    const harvester = inbox(3);
    const { page } = harvester.signals;
    harvester.signals.page = async () => {
      throw new UserError('store-corrupt', 'the store is damaged', {
        fix: 'Run "signal-harvester db check".',
      });
    };
    await using story = new Story(harvester);
    story.screen.type('2');
    const text = await story.screen.until('the signals could not be read');
    expect(text).toContain('Run "signal-harvester db check".');
    expect(text).toContain('HARVESTER  1 2 Signals 3 4 5');
    harvester.signals.page = page;
    story.screen.type('R');
    await story.screen.until('1 of 3');
  });

  test('a crash while drawing gives the terminal back and is not swallowed', async () => {
    const harvester = inbox(3);
    harvester.sources.list = async () => [null as never];
    const story = new Story(harvester);
    await expect(story.ended).rejects.toThrow(TypeError);
    await story.screen.text();
    expect(story.screen.alternate).toBe(false);
  });

  test('a crash in a key gives the terminal back and is not swallowed', async () => {
    let broken = false;
    const story = new Story(inbox(3), {
      now: () => {
        if (broken) throw new RangeError('a bug');
        return sampleNow;
      },
    });
    await story.screen.until('Press h');
    broken = true;
    story.screen.type('\x03');
    await expect(story.ended).rejects.toThrow('a bug');
    await story.screen.text();
    expect(story.screen.alternate).toBe(false);
  });

  test('a waiting screen says nothing for a moment, then what it waits for', async () => {
    const harvester = inbox(3);
    harvester.signals.page = () => new Promise(() => {});
    await using story = new Story(harvester);
    story.screen.type('2');
    await story.screen.until('2 Signals');
    expect(await story.screen.text()).not.toContain('reading signals');
    await story.screen.until('reading signals');
  });

  test('an empty inbox says what to do next', async () => {
    await using story = new Story(inbox(0));
    story.screen.type('2');
    const text = await story.screen.until('The inbox is empty.');
    expect(text).toContain('Press 1 and then h to harvest');
    story.screen.type('d');
    await story.screen.until('no signal is selected');
  });
});
