import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from './program.ts';

const config = 'store: { path: signals.sqlite }\nscore:\n  halfLifeHours: 24 # a day\n';
const posts = [
  { id: '1', text: 'Acme is down, nobody can log in and payments fail', likes: 2 },
  { id: '2', text: 'The new Acme editor is wonderful, I love it', likes: 90 },
  { id: '3', text: 'How do I export my pages from Acme to PDF?', likes: 20 },
  { id: '4', text: 'Acme crashes whenever I paste a table, such a bug', likes: 3 },
];

interface Row {
  readonly signalId: number;
  readonly place: number;
  readonly placeBefore: number;
  readonly salience: number;
}

async function placeWithSignals(): Promise<Workplace> {
  const place = makeWorkplace({ 'config.yaml': config });
  const input = posts.map((post) => `${JSON.stringify(post)}\n`).join('');
  expect((await place.run(['import', '-', '--name', 'posts'], { input })).code).toBe(0);
  return place;
}

const configOf = ({ folder }: Workplace) => readFileSync(join(folder, 'config.yaml'), 'utf8');

async function listed(place: Workplace): Promise<readonly number[]> {
  const { stdout } = await place.run(['top', '--limit', '50', '--json']);
  return (JSON.parse(stdout) as { signals: { id: number }[] }).signals.map(({ id }) => id);
}

describe('score with other weights', () => {
  it('shows the difference and writes nothing; saved, it is the order that was shown', async () => {
    const place = await placeWithSignals();
    const before = await listed(place);
    const weights = ['--set', 'likes=0', '--set', 'categories.bug=9', '--set', 'halfLifeHours=72'];
    const shown = await place.run(['score', '--preview', ...weights, '--json']);
    expect([shown.code, shown.stderr]).toEqual([0, '']);
    const { preview } = JSON.parse(shown.stdout) as { preview: { top: Row[]; lookedAt: number } };
    expect(preview).toMatchObject({ lookedAt: 4, all: true, left: [] });
    expect(preview.top.map(({ placeBefore }) => before[placeBefore - 1])).toEqual(
      preview.top.map(({ signalId }) => signalId),
    );
    expect(await listed(place)).toEqual(before);
    expect(configOf(place)).toBe(config);

    const saved = await place.run(['score', '--save', ...weights, '--json']);
    expect([saved.code, saved.stderr]).toEqual([0, '']);
    expect(JSON.parse(saved.stdout)).toMatchObject({
      saved: { before: { likes: 1, 'categories.bug': 1.3, halfLifeHours: 24 }, after: { halfLifeHours: 72 } },
      run: { state: 'done' },
    });
    expect(configOf(place)).toBe(`${config.replace('24 ', '72 ')}  likes: 0\n  categories:\n    bug: 9\n`);
    expect(await listed(place)).toEqual(preview.top.map(({ signalId }) => signalId));
  });

  it('prints places, moves and scores for a person, and what was looked at', async () => {
    const place = await placeWithSignals();
    const { stdout, stderr, code } = await place.run([
      'score',
      '--preview',
      '--set',
      'score.categories.praise=50',
      '--limit',
      '1',
    ]);
    expect(code).toBe(0);
    const [first, second] = stdout.split('\n');
    expect(first).toMatch(/^\d\t1\t▲\d\t\d+\.\d\t\d+\.\d\t2\tpraise\tThe new Acme editor/);
    expect(second).toMatch(/^1\t2\t▼1\t/);
    expect(stderr).toContain('Looked at the whole inbox, 4 signals. Nothing was written.');
  });

  it('says what it was when it saves', async () => {
    const place = await placeWithSignals();
    const { stderr } = await place.run(['score', '--save', '--set', 'cap=90']);
    expect(stderr).toMatch(/^Saved cap 90 to .*config\.yaml; it was cap 100\./);
    const again = await place.run(['score', '--save', '--set', 'cap=90']);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('what the weights are already')]);
  });

  it.each([
    [['--set', 'cap=9'], '--set needs --preview or --save'],
    [['--limit', '9'], '--limit needs --preview or --save'],
    [['--preview'], 'No weight was given'],
    [['--preview', '--set', 'halflife=3'], 'did you mean "halfLifeHours"?'],
    [['--preview', '--set', 'bugg=3'], 'did you mean "categories.bug"?'],
    [['--save', '--set', 'cap=101'], 'cap cannot be 101.\nfix: Give it a number from 1 to 100'],
    [['--preview', '--set', 'cap'], '--set does not take "cap".'],
    [['--preview', '--set', 'cap=ten'], '--set does not take "cap=ten".'],
  ])('refuses %j', async (args, words) => {
    const place = makeWorkplace({ 'config.yaml': config });
    const { code, stderr, stdout } = await place.run(['score', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(configOf(place)).toBe(config);
  });

  it('refuses to save what would not count: without a file, and under a variable that wins', async () => {
    const place = await placeWithSignals();
    const env = { SIGNAL_HARVESTER_SCORE__HALF_LIFE_HOURS: '12' };
    const overridden = await place.run(['score', '--save', '--set', 'halfLifeHours=72'], { env });
    expect([overridden.code, overridden.stderr]).toEqual([
      2,
      expect.stringContaining('SIGNAL_HARVESTER_SCORE__HALF_LIFE_HOURS is set and wins'),
    ]);
    expect(configOf(place)).toBe(config);
    const demo = await place.run(['--demo', 'score', '--save', '--set', 'halfLifeHours=72']);
    expect([demo.code, demo.stderr]).toEqual([2, expect.stringContaining('no configuration file')]);
  });
});
