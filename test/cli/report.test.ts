import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeWorkplace, type Workplace } from './program.ts';

const page = readFileSync(new URL('../../docs/reports.md', import.meta.url), 'utf8');
const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
);

/** As a shell without variables reads it. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '').slice(1);
}

const hourMs = 3_600_000;
const at = (hoursAgo: number) => new Date(Date.now() - hoursAgo * hourMs).toISOString();

async function placeWithPosts(): Promise<Workplace> {
  const place = makeWorkplace({ 'config.yaml': 'topic: acme\nstore: { path: signals.sqlite }\n' });
  const input = [
    {
      id: '1',
      text: 'Acme is down, nobody can log in',
      createdAt: at(3),
      likes: 40,
      url: 'https://a.example/1',
    },
    {
      id: '2',
      text: 'The editor crashes on save <script>alert(1)</script>',
      createdAt: at(30),
      author: 'bob',
    },
    { id: '3', text: 'I love the new editor, wonderful work', createdAt: at(200), author: 'cy' },
  ]
    .map((post) => `${JSON.stringify(post)}\n`)
    .join('');
  expect((await place.run(['import', '-', '--name', 'posts'], { input })).code).toBe(0);
  return place;
}

describe('report', () => {
  test('does what docs/reports.md shows, command by command', async () => {
    const place = await placeWithPosts();
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) {
      const { code, stdout, stderr } = await place.run(wordsOf(command));
      expect([command, code]).toEqual([command, 0]);
      const file = /--output (\S+)/.exec(command)?.[1];
      if (file === undefined) expect(stdout).toMatch(/^# Signals about acme/);
      else expect(stderr).toContain(join(place.folder, file));
    }
    expect(readFileSync(join(place.folder, 'week.html'), 'utf8')).toContain(
      'Acme is down, nobody can log in',
    );
    expect(readFileSync(join(place.folder, 'week.html'), 'utf8')).not.toContain('<script');
    const { insight } = JSON.parse(readFileSync(join(place.folder, 'day.json'), 'utf8'));
    expect([insight.posts.total, insight.bucket]).toEqual([1, 'hour']);
  });

  test('writes the format of the flag, of the name of the file, or HTML into a pipe; JSON alone with --json', async () => {
    const place = await placeWithPosts();
    const first = async (...flags: string[]) => (await place.run(['report', ...flags])).stdout.split('\n')[0];
    expect(await first()).toBe('<!DOCTYPE html>');
    expect(await first('--json')).toBe('{');
    const told = await place.run(['report', '--since', '10d', '--output', 'week.md', '--json']);
    expect(JSON.parse(told.stdout)).toEqual({
      path: join(place.folder, 'week.md'),
      format: 'md',
      signals: 3,
      posts: 3,
    });
    expect(readFileSync(join(place.folder, 'week.md'), 'utf8')).toMatch(/^# Signals about acme/);
  });

  test.each([
    [['--since', '2026-01-02', '--until', '2026-01-01'], 'does not end after it begins'],
    [['--view', 'Nobody'], 'There is no view named Nobody'],
    [['--view', 'Churn', '--search', 'x'], 'not of both'],
    [['--search', 'category:'], 'The search cannot be read'],
    [['--json', '--format', 'md'], 'exclude each other'],
    [['--format', 'pdf'], 'does not take "pdf"'],
  ])('refuses %j with a sentence, exit code 2, and no file', async (flags, sentence) => {
    const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
    const { code, stderr } = await place.run(
      ['report', ...flags, '--output', 'x.html'].filter(
        (flag, _, all) => !(all.includes('--json') && ['--output', 'x.html'].includes(flag)),
      ),
    );
    expect(stderr).toContain(sentence);
    expect([code, existsSync(join(place.folder, 'x.html'))]).toEqual([2, false]);
  });
});
