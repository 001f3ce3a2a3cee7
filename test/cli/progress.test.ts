import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import type { Output } from '../../source/cli/command.ts';
import { RunNarrator } from '../../source/cli/progress.ts';
import type { RunProgress, SourceProgress } from '../../source/domain/run.ts';

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
    signals: 0,
    warnings: [],
    ...changes,
  };
}

function narrate(isErrorTerminal: boolean) {
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
  return { narrator: new RunNarrator(output), told: () => told };
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
