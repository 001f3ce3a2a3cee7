import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Output } from '../../source/cli/command.ts';
import { RunNarrator } from '../../source/cli/progress.ts';
import {
  type RunProgress,
  type SourceProgress,
  type StageName,
  stageNames,
} from '../../source/domain/run.ts';

function source(changes: Partial<SourceProgress>): SourceProgress {
  return {
    name: 'one',
    kind: 'rss',
    state: 'fetching',
    fetched: 0,
    added: 0,
    seen: 0,
    echoes: 0,
    excluded: 0,
    reads: 0,
    costUsd: 0,
    quota: null,
    limitedUntil: null,
    postsPerSecond: 0,
    notice: null,
    warnings: [],
    error: null,
    elapsedMs: 1500,
    ...changes,
  };
}

function run(changes: Partial<RunProgress>): RunProgress {
  return {
    id: 1,
    state: 'running',
    startedAt: 0,
    finishedAt: null,
    elapsedMs: 2000,
    sources: [],
    stages: [{ name: 'fetch', done: 3, total: 4 }],
    analyzers: [],
    models: [],
    signals: 0,
    warnings: [],
    ...changes,
  };
}

const now = new Date(2026, 10, 22, 14, 0).getTime();

function narrate(isErrorTerminal: boolean, stages: readonly StageName[] = stageNames) {
  let told = '';
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      told += String(chunk);
      done();
    },
  });
  const output: Output = {
    stdout: stderr,
    stderr,
    isTerminal: false,
    isErrorTerminal,
    columns: 60,
    color: false,
    json: false,
  };
  return { narrator: new RunNarrator(output, { stages, now: () => now }), told: () => told };
}

it('a source is told once, when it is through', () => {
  const { narrator, told } = narrate(false);
  narrator.onProgress(run({ sources: [source({})] }));
  expect(told()).toBe('');
  const finished = run({ sources: [source({ state: 'done', fetched: 5, added: 4 })] });
  narrator.onProgress(finished);
  narrator.onProgress(finished);
  narrator.finish({ ...finished, state: 'done', signals: 3 });
  expect(told()).toBe('done      one (5 read, 4 new, 1.5 s)\ndone: 4 new posts, 3 new signals in 2.0 s\n');
});

it('a failure comes with its fix, and only the first warnings are shown', () => {
  const { narrator, told } = narrate(false);
  const error = { code: 'x', message: 'no\u001b[31m answer', fix: 'Try later.' };
  narrator.onProgress(
    run({ sources: [source({ state: 'failed', error, warnings: ['a', 'b', 'c', 'd', 'e'] })] }),
  );
  expect(told()).toBe(
    'failed    one (0 read, 0 new, 1.5 s): no answer\n  a\n  b\n  c\n  and 2 more like these\n  fix: Try later.\n',
  );
});

it('warnings of the run itself are told at the end', () => {
  const { narrator, told } = narrate(false);
  narrator.finish(run({ state: 'partial', warnings: ['anthropic has no key: went on with offline'] }));
  expect(told()).toMatch(/^warning: anthropic has no key/);
});

it('on a terminal one line is redrawn, not for every change, and it never stays behind', () => {
  const { narrator, told } = narrate(true);
  for (let count = 0; count < 100; count++) narrator.onProgress(run({ sources: [source({})] }));
  expect(told().split('fetch 3/4')).toHaveLength(2);
  narrator.finish(run({ state: 'done' }));
  expect(told()).toMatch(/\r\u001b\[2Kdone: 0 new posts.*\n$/);
});

it('a pipe never gets a control character', () => {
  const { narrator, told } = narrate(false);
  narrator.onProgress(run({ sources: [source({}), source({ name: 'two', state: 'cancelled' })] }));
  narrator.finish(run({ state: 'interrupted' }));
  expect(told()).not.toMatch(/[\r\u001b]/);
});

it('what was left out, limited and paid is told, with the source and for the whole run', () => {
  const { narrator, told } = narrate(false);
  const error = { code: 'rate-limited', message: 'busy.example asks for a pause', fix: null };
  narrator.finish(
    run({
      state: 'done',
      signals: 3,
      sources: [
        source({ state: 'done', fetched: 9, added: 4, excluded: 2, reads: 9, costUsd: 0.045 }),
        source({ name: 'busy', state: 'limited', error, limitedUntil: now + 5 * 60_000 }),
        source({ name: 'vague', state: 'limited', error }),
      ],
    }),
  );
  expect(told()).toBe(
    `done      one (9 read, 4 new, 2 excluded, $0.04, 1.5 s)
limited   busy (0 read, 0 new, 1.5 s): limited until 14:05; busy.example asks for a pause
limited   vague (0 read, 0 new, 1.5 s): limited; busy.example asks for a pause
done: 4 new posts, 3 new signals in 2.0 s; 2 posts excluded; busy is limited until 14:05; vague is limited; $0.04 spent
`,
  );
});

it.each([
  [['fetch'], 'done: 1 new post in 2.0 s\n'],
  [['group', 'analyze'], 'done: 7 posts grouped into 3 new signals, 1 signal analyzed in 2.0 s\n'],
  [['analyze'], 'done: 1 signal analyzed in 2.0 s\n'],
  [['score'], 'done: 12 signals scored in 2.0 s\n'],
] as const)('a run of %j alone says what that did', (stages, words) => {
  const { narrator, told } = narrate(false, stages);
  const done = { fetch: 1, group: 7, analyze: 1, score: 12, notify: 0 };
  narrator.finish(
    run({
      state: 'done',
      signals: 3,
      sources: stages.some((stage) => stage === 'fetch') ? [source({ added: 1 })] : [],
      stages: stageNames.map((name) => ({
        name,
        done: stages.some((stage) => stage === name) ? done[name] : 0,
        total: done[name],
      })),
    }),
  );
  expect(told()).toBe(words);
});
