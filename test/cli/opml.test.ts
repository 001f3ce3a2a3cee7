import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { feed, items, serve } from './feeds.ts';
import { makeWorkplace } from './program.ts';

const opml = (urls: readonly string[]) =>
  `<opml version="2.0"><body><outline text="Folder">${urls.map((url) => `<outline type="rss" text="Acme Blog" xmlUrl="${url}"/>`).join('')}</outline></body></opml>`;

const config = `# mine
http: { allowPrivate: true, retries: 0, perHostDelayMs: 0 }
store: { path: signals.sqlite } # here
sources:
  - { name: acme-blog, kind: file, path: a.csv, enabled: false } # off

  # the end
`;

describe('import of feeds', () => {
  it('adds those that are not there, and the next run reads them', async () => {
    const base = await serve({ '/one': feed(items.slice(0, 2)), '/two': feed(items.slice(2)) });
    const place = makeWorkplace({
      'config.yaml': config,
      'feeds.opml': opml([`${base}/one`, `${base}/two`, `${base}/one`]),
    });
    const first = await place.run(['import', 'feeds.opml', '--json']);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(JSON.parse(first.stdout)).toEqual({
      path: join(place.folder, 'config.yaml'),
      added: [
        { name: 'acme-blog-2', url: `${base}/one` },
        { name: 'acme-blog-3', url: `${base}/two` },
      ],
      known: 1,
      warnings: [],
    });
    const written = readFileSync(join(place.folder, 'config.yaml'), 'utf8');
    const at = written.indexOf('  - name: acme-blog-2');
    const end = written.indexOf('\n\n  # the end');
    expect(written.slice(0, at) + written.slice(end + 1)).toBe(config);
    expect((await place.run(['run'])).stderr).toMatch(/done: 4 new posts/);

    const again = await place.run(['import', '-', '--format', 'opml'], { input: opml([`${base}/two`]) });
    expect([again.code, again.stdout]).toEqual([0, '']);
    expect(again.stderr).toContain('Nothing to add: all 1 are in');
    expect(readFileSync(join(place.folder, 'config.yaml'), 'utf8')).toBe(written);
    expect(readdirSync(place.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('tells a person what was added and what left out', async () => {
    const place = makeWorkplace({
      'config.yaml': 'topic: a\n',
      'feeds.OPML': opml(['https://a.example/', '/lost']),
    });
    const { code, stdout, stderr } = await place.run(['import', 'feeds.OPML']);
    expect([code, stdout]).toEqual([0, 'added  acme-blog  https://a.example/\n']);
    expect(stderr).toMatch(/^warning: "Acme Blog" has no usable address/);
    expect(stderr).toContain('Added 1 feed to ');
  });

  it('without a configuration, or of what is no list, says what to do and writes nothing', async () => {
    const bare = makeWorkplace({ 'feeds.opml': opml(['https://a.example/']) });
    expect(await bare.run(['import', 'feeds.opml'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/There is no configuration.*\nfix: .*init --topic/),
    });
    expect(existsSync(join(bare.folder, 'config.yaml'))).toBe(false);
    const place = makeWorkplace({
      'config.yaml': 'topic: a\n',
      'rss.opml': '<rss/>',
      'none.opml': opml([]),
      'named.opml': opml(['https://a.example/']),
    });
    for (const [args, words] of [
      [['rss.opml'], 'This is no OPML'],
      [['none.opml'], 'names no feed'],
      [['named.opml', '--name', 'x'], 'takes no --name'],
    ] as const) {
      expect(await place.run(['import', ...args])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(words),
      });
    }
    expect(readFileSync(join(place.folder, 'config.yaml'), 'utf8')).toBe('topic: a\n');
  });
});

describe('export of feeds', () => {
  const feeds =
    'sources:\n  - { name: a, kind: rss, url: "https://a.example/?x=1&y=2", enabled: false }\n  - { name: f, kind: file, path: x }\n';

  it('is what import reads', async () => {
    const place = makeWorkplace({ 'config.yaml': `topic: "R&D"\n${feeds}`, 'other.yaml': 'topic: b\n' });
    const { code, stdout, stderr } = await place.run(['export', '--format', 'opml']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('<title>R&amp;D</title>');
    const written = await place.run(['export', '--output', 'feeds.opml', '--json']);
    expect(JSON.parse(written.stdout)).toEqual({
      path: join(place.folder, 'feeds.opml'),
      format: 'opml',
      feeds: 1,
    });
    expect(readFileSync(join(place.folder, 'feeds.opml'), 'utf8')).toBe(stdout);
    const back = await place.run(['import', 'feeds.opml', '--config', 'other.yaml', '--json']);
    expect(JSON.parse(back.stdout)).toMatchObject({
      added: [{ name: 'a', url: 'https://a.example/?x=1&y=2' }],
    });
  });

  it('refuses what does not go with it', async () => {
    const place = makeWorkplace({ 'config.yaml': feeds });
    for (const args of [['--since', '7d'], ['--status', 'inbox'], ['--limit', '3'], ['--json']]) {
      expect(await place.run(['export', '--format', 'opml', ...args])).toMatchObject({ code: 2, stdout: '' });
    }
  });
});
