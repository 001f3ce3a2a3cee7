import { describe, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from './program.ts';

const posts = [
  { id: '1', text: 'Acme is down, nobody can log in and payments fail' },
  { id: '2', text: 'The new Acme editor is wonderful, I love it' },
  { id: '3', text: 'How do I export my pages from Acme to PDF?' },
];

interface Shown {
  readonly id: number;
  readonly status: string;
  readonly category: string;
  readonly urgency: number;
  readonly tags: readonly string[];
  readonly assignee: string | null;
  readonly notes: readonly { readonly text: string }[];
}

async function placeWithSignals(): Promise<Workplace> {
  const place = makeWorkplace({ 'config.yaml': 'store: { path: signals.sqlite }\n' });
  const input = posts.map((post) => `${JSON.stringify(post)}\n`).join('');
  const { code } = await place.run(['import', '-', '--name', 'posts'], { input });
  expect(code).toBe(0);
  return place;
}

async function shown(place: Workplace, id: number): Promise<Shown> {
  return JSON.parse((await place.run(['show', String(id), '--json'])).stdout) as Shown;
}

describe('triage', () => {
  it('decides several things at once, and each is taken back and done again', async () => {
    const place = await placeWithSignals();
    const before = await shown(place, 1);
    const changes = [
      '--status',
      'escalated',
      '--assign',
      '@ann',
      '--tag',
      'login -nothing',
      '--note',
      'asked ops',
    ];
    const done = await place.run(['triage', '1', ...changes, '--urgency', '5', '--json']);
    expect([done.code, done.stderr]).toEqual([0, '']);
    const { decisions } = JSON.parse(done.stdout) as { decisions: { changed: number[]; action: string }[] };
    expect(decisions.map(({ action }) => action)).toEqual([
      'set to urgency 5',
      'tagged login, untagged nothing',
      'assigned to ann',
      'noted',
      'escalated',
    ]);
    const after = await shown(place, 1);
    expect(after).toMatchObject({ status: 'escalated', assignee: 'ann', urgency: 5 });
    expect(after.tags).toContain('login');
    expect(after.notes.map(({ text }) => text)).toEqual(['asked ops']);

    for (const _ of decisions) expect((await place.run(['triage', 'undo'])).code).toBe(0);
    const { journal: _a, ...restored } = (await shown(place, 1)) as Shown & { journal: unknown };
    const { journal: _b, ...original } = before as Shown & { journal: unknown };
    expect(restored).toMatchObject({
      ...original,
      salience: expect.any(Number),
      explanation: expect.any(String),
    });
    expect((await place.run(['triage', 'undo'])).stderr).toContain('Nothing to undo');

    for (const _ of decisions) await place.run(['triage', 'redo']);
    expect(await shown(place, 1)).toMatchObject({ status: 'escalated', assignee: 'ann' });
    expect((await place.run(['triage', 'redo', '--json'])).stdout.trim()).toBe('null');
  });

  it('snoozes in words, and says what may be written when it does not understand', async () => {
    const place = await placeWithSignals();
    const { code, stdout } = await place.run(['triage', '2', '3', '--snooze', '+12']);
    expect([code, stdout]).toEqual([0, 'snoozed until 12 more echoes: 2 signals\n']);
    const bad = await place.run(['triage', '2', '--snooze', 'soonish']);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('"soonish" is no time; write 1h');
  });

  it('says what it would do to all that a search finds, and does it when told twice', async () => {
    const place = await placeWithSignals();
    const change = ['triage', '--search', 'acme -editor', '--status', 'resolved', '--assign', 'me'];
    const plan = await place.run(change);
    expect([plan.code, plan.stdout]).toEqual([0, '2 signals would be assigned to me, resolved.\n']);
    expect(plan.stderr).toContain('Nothing was changed: --force does it.');
    expect(await shown(place, 1)).toMatchObject({ status: 'inbox', journal: [] });
    const done = await place.run([...change, '--force']);
    expect(done.stdout).toMatch(/^assigned to .*: 2 signals\nresolved: 2 signals\n$/);
    expect(await shown(place, 2)).toMatchObject({ status: 'inbox' });
    const mine = await place.run(['list', '--search', 'assignee:me', '--json']);
    expect((JSON.parse(mine.stdout) as { signals: unknown[] }).signals).toHaveLength(2);
    const both = await place.run(['triage', '1', '--search', 'acme', '--status', 'inbox']);
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('and a search as well')]);
  });

  it('refuses with a sentence what it cannot do, and changes nothing', async () => {
    const place = await placeWithSignals();
    const refused = [
      [['triage', '1'], 'No change is named'],
      [['triage', '--status', 'dismissed'], 'No signal is named'],
      [['triage', '1', '999', '--status', 'dismissed'], 'There is no signal 999; nothing was changed'],
      [['triage', 'one', '--status', 'dismissed'], '"one" is not an id'],
      [['triage', '1', '--category', 'outtage'], 'There is no category outtage'],
      [['triage', '1', '--status', 'dismised'], 'did you mean dismissed?'],
      [['triage', '1', '--status', 'inbox', '--snooze', '1h'], 'exclude each other'],
      [['triage', 'undo', '7'], 'takes nothing behind it'],
    ] as const;
    for (const [args, words] of refused) {
      const { code, stderr } = await place.run(args);
      expect([args, code, stderr]).toEqual([args, 2, expect.stringContaining(words)]);
    }
    expect(await shown(place, 1)).toMatchObject({ status: 'inbox', journal: [] });
  });
});
