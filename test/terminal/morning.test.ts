import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ended, ended } from '../cli/program.ts';
import { Home, program, runProgram } from './program.ts';

/** What a morning leaves of a signal; what time alone changes is left out. */
interface Left {
  readonly id: number;
  readonly status: string;
  readonly category: string;
  readonly urgency: number;
  readonly tags: readonly string[];
  readonly assignee: string | null;
  readonly snooze: { readonly until: string } | null;
}

/**
 * Ten signals of the script: what is typed at each, and what becomes of it.
 * Letters move on by themselves when they finish a signal, else `j` does.
 */
const script: readonly { readonly keys: string; readonly makes: (signal: Left) => Partial<Left> }[] = [
  { keys: 'd', makes: () => ({ status: 'dismissed' }) },
  { keys: 'd', makes: () => ({ status: 'dismissed' }) },
  {
    keys: 'ta\x7fchecked\re',
    makes: ({ tags }) => ({ status: 'escalated', tags: [...new Set([...tags, 'checked'])] }),
  },
  { keys: 'r', makes: () => ({ status: 'resolved' }) },
  { keys: 'cb!5j', makes: () => ({ category: 'bug', urgency: 5 }) },
  { keys: 'aann\rj', makes: () => ({ assignee: 'ann' }) },
  { keys: 'ss', makes: () => ({ status: 'snoozed', snooze: { until: 'source' } }) },
  { keys: 'se2\r', makes: () => ({ status: 'snoozed', snooze: { until: 'echoes' } }) },
  { keys: 'Nasked the author\rj', makes: () => ({}) },
  { keys: 'd', makes: () => ({ status: 'dismissed' }) },
];

const rounds = 8;
/** Two of the ten take two decisions. */
const decisions = rounds * (script.length + 2);
/** Signals that are dismissed at once in the end. */
const marked = 20;

test('a morning: a hundred signals are decided by keys, and every decision is taken back', async () => {
  using home = new Home();
  const sample = readFileSync(new URL('../../demo/sample.ndjson', import.meta.url), 'utf8').split('\n');
  const start = Date.UTC(2026, 10, 22);
  const posts = sample
    .filter((line) => line !== '')
    .map((line, index) => {
      const { externalId, author, text, likes } = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify({ id: externalId, author, text, likes, createdAt: start - index * 60_000 });
    });
  writeFileSync(join(home.path, 'posts.ndjson'), posts.slice(0, 130).join('\n'));
  writeFileSync(join(home.path, 'config.yaml'), 'store: { path: morning.db }\nlog: { path: morning.log }\n');
  const run = async (...args: string[]): Promise<Ended> =>
    ended(
      spawn(process.execPath, [program, ...args], {
        cwd: home.path,
        env: { ...process.env, ...home.env, CI: '' },
      }),
    );
  expect((await run('import', 'posts.ndjson', '--name', 'posts')).code).toBe(0);
  const signals = async (): Promise<readonly Left[]> => {
    const { stdout } = await run('list', '--all', '--json');
    return (JSON.parse(stdout) as { signals: Left[] }).signals.map(
      ({ id, status, category, urgency, tags, assignee, snooze }) => ({
        id,
        status,
        category,
        urgency,
        tags: tags.toSorted(),
        assignee,
        snooze,
      }),
    );
  };
  const before = await signals();
  expect(before.length).toBeGreaterThanOrEqual(rounds * script.length + marked);

  const expected = before.map((signal, index): Left => {
    const step = script[index % script.length];
    if (index < rounds * script.length) return { ...signal, ...step?.makes(signal) };
    return index < rounds * script.length + marked ? { ...signal, status: 'dismissed' } : signal;
  });

  {
    await using terminal = runProgram(home, [], { columns: 120, rows: 36 });
    await terminal.until('HARVESTER');
    terminal.type('2');
    await terminal.until(`1 of ${before.length} by score`);
    for (let round = 0; round < rounds; round += 1) {
      // Ten signals in one chunk, as over a slow line: no key may be lost.
      terminal.type(script.map(({ keys }) => keys).join(''));
      await terminal.until(`${(round + 1) * script.length + 1} of ${before.length} by score`);
    }
    terminal.type(`V${'j'.repeat(marked - 1)}`);
    await terminal.until(`${marked} marked, range open`);
    terminal.type('d');
    await terminal.until(`${marked} signals are marked: dismiss them?`);
    terminal.type('y');
    await terminal.until(`dismissed: ${marked} signals`);
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
  }
  const byId = (list: readonly Left[]) =>
    list
      .map((each) => ({ ...each, snooze: each.snooze?.until ?? null, tags: each.tags.toSorted() }))
      .toSorted((a, b) => a.id - b.id);
  expect(byId(await signals())).toEqual(byId(expected));

  // After a restart everything is still there to be taken back.
  {
    await using terminal = runProgram(home, [], { columns: 120, rows: 36 });
    await terminal.until('HARVESTER');
    terminal.type('2');
    await terminal.until(/1 of \d+ by score/);
    terminal.type('u');
    await terminal.until(`undone: ${marked} signals are no longer dismissed`);
    terminal.type('u'.repeat(decisions + 1));
    await terminal.until('nothing to undo', 60_000);
    terminal.type('q');
    expect(await terminal.exited()).toBe(0);
  }
  expect(byId(await signals())).toEqual(byId(before));
  expect((await run('db', 'check')).code).toBe(0);
}, 120_000);
