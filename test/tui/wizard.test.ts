import { describe, expect, test } from 'vitest';
import { startWizard } from '../../source/tui/start-wizard.tsx';
import { MemorySetup } from './memory/memory-setup.ts';
import { Screen } from './screen.ts';

function open(setup: MemorySetup, columns = 80, rows = 24) {
  const screen = new Screen(columns, rows);
  return {
    screen,
    ended: startWizard({ setup, version: '1.2.3', stdin: screen.stdin, stdout: screen.stdout }),
  };
}

describe('the first run', () => {
  test('a topic, two proposals, one address, and the configuration is written', async () => {
    const setup = new MemorySetup();
    const { screen, ended } = open(setup);
    await screen.until('What do you want to listen for?');
    screen.type('acme ');
    screen.type('\x1b[200~checkout\napi\x1b[201~');
    await screen.until('> acme checkout api');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot('frames/wizard-topic-80x24.txt');
    screen.type('\r');
    await screen.until('23 posts, e.g. Regional outage');
    await expect(`${await screen.settled()}\n`).toMatchFileSnapshot('frames/wizard-sources-80x24.txt');

    screen.type('a');
    await screen.until('Address of a feed, or of a site that has one');
    screen.type('blog\r');
    const refused = await screen.until('"blog" is not a web address');
    expect(refused).toContain('Give the whole address, beginning with https://.');
    screen.type('\x15https://blog.example/\r');
    await screen.until('news-2');

    screen.type('gj');
    screen.type(' \r');
    await screen.until('Written: /home/ana/config.yaml');
    screen.type('\r');
    expect(await ended).toEqual({ path: '/home/ana/config.yaml' });
    expect(setup.saved).toHaveLength(1);
    expect(setup.saved[0]?.topic).toBe('acme checkout api');
    expect(setup.saved[0]?.proposals.map(({ config }) => config.name)).toEqual(['hackernews', 'news-2']);
    await screen.text();
    expect(screen.alternate).toBe(false);
  });

  test.each([
    ['at the first step', []],
    ['with proposals on screen', ['acme\r', 'until:WHAT IT FOUND']],
    [
      'from an address',
      ['acme\r', 'until:WHAT IT FOUND', 'a', 'until:e.g. https', '\x1b', 'until:WHAT IT FOUND'],
    ],
  ])('Esc leaves %s, and nothing is written', async (_where, keys) => {
    const setup = new MemorySetup({ probeMs: 50_000 });
    const { screen, ended } = open(setup);
    await screen.until('What do you want');
    for (const key of keys) {
      if (key.startsWith('until:')) await screen.until(key.slice(6));
      else screen.type(key);
    }
    screen.type('\x1b');
    expect(await ended).toBeNull();
    expect(setup.saved).toEqual([]);
  });

  test('without a network the failure is in words and the source may still be kept', async () => {
    const setup = new MemorySetup({ online: false });
    const { screen, ended } = open(setup);
    await screen.until('What do you want');
    screen.type('acme\r');
    const text = await screen.until('hackernews could not be reached');
    expect(text).toContain('Check the network and try again.');
    expect(text).toContain('It may still be kept');
    screen.type('\r');
    await screen.until('Written:');
    screen.type('\x1b');
    expect(await ended).toEqual({ path: '/home/ana/config.yaml' });
    expect(setup.saved[0]?.proposals).toHaveLength(2);
  });

  test('asks for a topic and for at least one source', async () => {
    const { screen, ended } = open(new MemorySetup());
    await screen.until('What do you want');
    screen.type('\r');
    await screen.until('type a product name or a few keywords first');
    screen.type('acme\r');
    await screen.until('WHAT IT FOUND');
    screen.type(' j \r');
    await screen.until('no source is kept');
    screen.type('\x03');
    expect(await ended).toBeNull();
  });

  test('a configuration that cannot be written says why, and the answers stay', async () => {
    const setup = new MemorySetup();
    setup.save = async () => {
      throw new Error('EACCES: permission denied');
    };
    const { screen, ended } = open(setup);
    await screen.until('What do you want');
    screen.type('acme\r');
    await screen.until('WHAT IT FOUND');
    screen.type('\r');
    await screen.until('✕ EACCES: permission denied');
    expect(await screen.text()).toContain('[x]');
    screen.type('\x1b');
    expect(await ended).toBeNull();
  });
});
