import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../source/errors.ts';
import { MemoryHarvester, makeSignal } from './memory/memory-harvester.ts';
import { sampleNow, sampleSignals, sampleSources } from './memory/sample.ts';
import { Story } from './story.ts';

const now = () => sampleNow;
const inbox = (count: number) =>
  new MemoryHarvester({ now, sources: sampleSources, signals: sampleSignals(count) });
const esc = '\x1b';

async function open(harvester: MemoryHarvester, options: ConstructorParameters<typeof Story>[1] = {}) {
  const story = new Story(harvester, { columns: 110, rows: 34, ...options });
  story.screen.type('2');
  await story.screen.until(/1 of \d+/);
  return story;
}

/** What stands of one signal in the store, once all decisions have reached it. */
async function stored(harvester: MemoryHarvester, id: number) {
  const signal = await harvester.signals.get(id);
  if (signal === null) throw new Error(`there is no signal ${id}`);
  return signal;
}

describe('one signal', () => {
  test('is resolved, put back, and told when it is so already', async () => {
    const harvester = inbox(5);
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('r');
    await screen.until('resolved: Regional outage');
    screen.type('k');
    await screen.until('1 of 5');
    screen.type('r');
    await screen.until('already resolved');
    screen.type('i');
    await screen.until('back in the inbox: Regional outage');
    screen.type('ki');
    await screen.until('already in the inbox');
    expect((await stored(harvester, 1)).status).toBe('inbox');
  });

  test('repeats the last decision, takes it back and does it again', async () => {
    const harvester = inbox(5);
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('.');
    await screen.until('nothing has been decided yet that could be repeated');
    screen.type('e');
    await screen.until('escalated: Regional');
    screen.type('.');
    await screen.until('escalated: PSA');
    screen.type('u');
    await screen.until('undone: 1 signal is no longer escalated');
    screen.type('\x12');
    await screen.until('done again: 1 signal is again escalated');
    screen.type('\x12');
    await screen.until('nothing to do again');
    expect((await stored(harvester, 2)).status).toBe('escalated');
  });

  test('snoozes from the menu, and by what is typed', async () => {
    const harvester = inbox(6);
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('s');
    await screen.until('tomorrow 9:00');
    screen.type('m');
    await screen.until(/snoozed until Mon .*09:00/);
    expect((await stored(harvester, 1)).snooze).toMatchObject({ until: 'time' });
    screen.type('s');
    await screen.until('until it spikes');
    screen.type('jjkk\x1b[B\r');
    await screen.until(/snoozed until /);
    screen.type('sd');
    await screen.until('until: ');
    screen.type('\r');
    await screen.until('say until when');
    screen.type('25:99\r');
    await screen.until('no time of day');
    screen.type('\x15mon\t\r');
    await screen.until('snoozed until');
    screen.type('se');
    await screen.until('until: +');
    screen.type('0\r');
    await screen.until('wait for 1 to 100000 more echoes');
    screen.type('\x7f5\r');
    await screen.until(/snoozed until 5 more echoes/);
    expect((await stored(harvester, 4)).snooze).toMatchObject({ until: 'echoes' });
    screen.type('ss');
    await screen.until('snoozed until another source');
    expect((await stored(harvester, 5)).snooze).toMatchObject({ until: 'source' });
  });

  test('is tagged with completion, and refuses what is no tag', async () => {
    const harvester = inbox(3);
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('t');
    await screen.until('login adds a tag');
    screen.type('\r');
    await screen.until('write at least one tag');
    screen.type(`${'x'.repeat(41)}\r`);
    await screen.until('at most 40 characters');
    screen.type('\x15-lo\t');
    await screen.until('-login');
    screen.type(' checkout\r');
    await screen.until('tagged checkout, untagged login');
    await expect.poll(async () => (await stored(harvester, 1)).tags).toEqual(['checkout']);
    screen.type('tzz\t');
    await screen.until('nothing here completes this');
    screen.type(esc);
    await screen.until((text) => !text.includes('login adds a tag'));
  });

  test('is noted, assigned, and handed back to nobody', async () => {
    const harvester = inbox(3);
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('N');
    await screen.until('one line, kept with the signal');
    screen.type('\r');
    await screen.until('write something');
    screen.type('asked the shop team\r');
    await screen.until('noted: Regional');
    await expect.poll(async () => (await stored(harvester, 1)).notes[0]?.text).toBe('asked the shop team');
    screen.type('a');
    await screen.until('nothing takes the assignee away');
    screen.type(`${'n'.repeat(61)}\r`);
    await screen.until('at most 60 characters');
    screen.type('\x15@ann\r');
    await screen.until('assigned to ann');
    screen.type('a\r');
    await screen.until('assigned to nobody');
    await expect.poll(async () => (await stored(harvester, 1)).assignee).toBeNull();
  });

  test('is corrected in category, sentiment and urgency', async () => {
    const harvester = inbox(3);
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('c');
    await screen.until('as it is');
    screen.type('b');
    await screen.until('set to bug');
    screen.type('c=');
    await screen.until('set to neutral');
    screen.type('!');
    await screen.until('today');
    screen.type('1');
    await screen.until('set to urgency 1');
    await expect.poll(async () => (await stored(harvester, 1)).urgency).toBe(1);
    expect(await stored(harvester, 1)).toMatchObject({ category: 'bug', sentiment: 'neutral' });
  });

  test('that somebody else has changed meanwhile is shown as the store has it', async () => {
    const harvester = inbox(3);
    const { apply, undo } = harvester.triage;
    await using story = await open(harvester);
    const { screen } = story;
    harvester.triage.apply = async (change) => ({
      journalId: null,
      action: change.action,
      changed: [],
      left: [1],
    });
    screen.type('d');
    await screen.until('left as it was, somebody else has changed it: Regional');
    expect((await screen.lines())[3]).toMatch(/· .* Regional/);
    harvester.triage.apply = apply;
    harvester.triage.undo = async () => ({ journalId: 1, action: 'dismissed', changed: [], left: [1] });
    screen.type('u');
    await screen.until('not undone: changed by somebody else since');
    harvester.triage.undo = undo;
    screen.type('u');
    await screen.until('nothing to undo');
  });
});

describe('several signals', () => {
  test('a range is marked and decided as it is; what the store leaves alone is said', async () => {
    const harvester = inbox(8);
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('V');
    await screen.until('a range begins here');
    screen.type('jjV');
    await screen.until('3 signals marked');
    harvester.memory.patch(2, { status: 'dismissed' });
    screen.type('d');
    await screen.until('3 signals are marked: dismiss them?');
    screen.type('y');
    await screen.until('dismissed: 2 signals; 1 left as they were');
    screen.type('Vj d');
    await screen.until('2 signals are marked: dismiss them?');
    screen.type('n');
    screen.type(esc);
    await screen.until('no signal is marked any more');
  });

  test('one that is marked is decided without a word when that is how it is set', async () => {
    const harvester = inbox(4);
    await using story = await open(harvester, {
      settings: {
        theme: 'default',
        mouse: false,
        screenReader: false,
        keepDecided: false,
        askFrom: 1,
        keys: {},
      },
    });
    const { screen } = story;
    screen.type(' d');
    await screen.until('1 signal is marked: dismiss them?');
    screen.type('y');
    await screen.until('1 of 3');
  });

  test('all that match are marked and counted, and refused when they cannot be', async () => {
    const harvester = inbox(6);
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('*');
    await screen.until('all 6 that match are marked');
    screen.type('t');
    await screen.until('login adds a tag');
    screen.type('seen\r');
    await screen.until('6 signals match: tag them seen?');
    screen.type('y');
    await screen.until('tagged seen: 6 signals');
    expect((await stored(harvester, 6)).tags).toContain('seen');
    screen.type('*m');
    await screen.until('merging all that match is not offered');
    screen.type('y');
    await screen.until('copied the link');
    harvester.triage.apply = async () => {
      throw new UserError('store-locked', 'the store is locked', { fix: 'Try again.' });
    };
    screen.type('e');
    await screen.until('match: escalate them?');
    screen.type('y');
    await screen.until('not saved: the store is locked');
  });

  test('merging needs two, and asks', async () => {
    const harvester = inbox(4);
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('m');
    await screen.until('mark the signals first');
    screen.type(' km');
    await screen.until('only the signal under the cursor is marked');
    screen.type('jm');
    await screen.until(/1 signal will join ".*": merge\?/);
    screen.type('n');
    await screen.until((text) => !text.includes('merge?'));
  });

  test('a refused bulk decision leaves the rows as they were', async () => {
    const harvester = inbox(4);
    harvester.triage.apply = async () => {
      throw new UserError('store-locked', 'the store is locked', { fix: 'Try again.' });
    };
    await using story = await open(harvester);
    const { screen } = story;
    screen.type('  dy');
    await screen.until('not saved: the store is locked');
    expect((await screen.lines())[3]).toMatch(/· .* Regional/);
  });
});

describe('around the list', () => {
  test('] and [ go to what is undecided, and say when there is none', async () => {
    await using story = await open(inbox(5));
    const { screen } = story;
    screen.type('dd');
    await screen.until('3 of 5');
    screen.type('gd');
    await screen.until('already dismissed');
    screen.type(']');
    await screen.until('3 of 5');
    screen.type('[');
    await screen.until('no undecided signal above');
    screen.type('G]');
    await screen.until('no undecided signal below');
  });

  test('copies the link or the text, and says why it cannot', async () => {
    const harvester = new MemoryHarvester({
      now,
      signals: [makeSignal(1, { url: null, title: 'A title', text: 'and a text' }), makeSignal(2)],
    });
    const copied: string[] = [];
    let refuse = false;
    await using story = await open(harvester, {
      copyText: async (text) => {
        if (refuse) throw new UserError('no-clipboard', 'there is no clipboard', { fix: 'Copy by hand.' });
        copied.push(text);
        return 'to the clipboard';
      },
      openLink: async () => {
        throw new UserError('no-browser', 'the browser is gone', { fix: 'Open it by hand.' });
      },
    });
    const { screen } = story;
    screen.type('y');
    await screen.until('copied the text to the clipboard');
    screen.type('Y');
    await expect.poll(() => copied).toEqual(['and a text', 'A title\nand a text']);
    screen.type('jy');
    await screen.until('copied the link');
    expect(copied.at(-1)).toBe('https://example.com/2');
    screen.type('o');
    await screen.until('the link could not be opened: the browser is gone');
    refuse = true;
    screen.type('Y');
    await screen.until('not copied: there is no clipboard');
  });

  test('exports to a file whose name says the format, and says what is wrong with one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signal-harvester-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await using story = await open(inbox(3));
    const { screen } = story;
    screen.type('E');
    await screen.until('export what is shown to');
    screen.type('\x15\r');
    await screen.until('write the name of a file');
    screen.type('x.pdf\r');
    await screen.until('end the name with');
    screen.type(`\x15${join(folder, 'missing', 'a.csv')}\r`);
    await screen.until('not exported');
    screen.type(`E\x15${join(folder, 'a.ndjson')}\r`);
    await screen.until('wrote 3 signals');
    const lines = readFileSync(join(folder, 'a.ndjson'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).text).length).toBe(3);
  });

  test('pasted text goes where text is written, and is ignored elsewhere', async () => {
    await using story = await open(inbox(3));
    const { screen } = story;
    screen.type('\x1b[200~dd\x1b[201~');
    await screen.until('pasted text is ignored here');
    screen.type('N\x1b[200~from elsewhere\x1b[201~');
    await screen.until('from elsewhere');
    screen.type('\x1b[D\x1b[D\x1b[C\x01\x1b[3~\x05!\x17');
    await screen.until(/note on .*: rom +$/m);
    screen.type(esc);
    await screen.until('1 of 3');
  });
});
