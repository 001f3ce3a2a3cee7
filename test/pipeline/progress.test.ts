import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunProgress } from '../../source/domain/run.ts';
import { ProgressBoard } from '../../source/pipeline/progress.ts';

const start = Date.UTC(2026, 10, 22, 12);
const page = { fetched: 10, added: 6, seen: 3, excluded: 1, reads: 10, costUsd: 0.5 };

beforeEach(() => void vi.useFakeTimers({ now: start }));
afterEach(() => void vi.useRealTimers());

function board() {
  const told: RunProgress[] = [];
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  return { told, board: new ProgressBoard(7, clock, (progress) => void told.push(progress)) };
}

describe('what a run tells of itself', () => {
  test('is told at once, then at most four times a second, and never less than the last of it', () => {
    const { told, board: run } = board();
    run.addSignals(1);
    expect(told.map(({ signals }) => signals)).toEqual([1]);
    for (let each = 0; each < 5; each += 1) run.addSignals(1);
    vi.advanceTimersByTime(249);
    expect(told).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(told.map(({ signals }) => signals)).toEqual([1, 6]);
    // Nothing new is nothing to tell.
    vi.advanceTimersByTime(5_000);
    expect(told).toHaveLength(2);
    run.addSignals(1);
    expect(told).toHaveLength(3);
    run.addSignals(1);
    vi.advanceTimersByTime(249);
    run.addSignals(1);
    vi.advanceTimersByTime(1);
    expect(told.map(({ signals }) => signals)).toEqual([1, 6, 7, 9]);
  });

  test('ends with its end, at once and only once', () => {
    const { told, board: run } = board();
    run.addSignals(1);
    run.addSignals(1);
    vi.advanceTimersByTime(100);
    const timings = { stages: [], queries: [] };
    const end = run.end('partial', timings);
    expect(told.at(-1)).toEqual(end);
    expect(end).toMatchObject({
      id: 7,
      state: 'partial',
      signals: 2,
      startedAt: start,
      finishedAt: start + 100,
      timings,
    });
    vi.advanceTimersByTime(5_000);
    expect(told).toHaveLength(2);
    expect(run.current().elapsedMs).toBe(100);
  });

  test('has no timings where nobody took any, and says how long it has lasted', () => {
    const { board: run } = board();
    vi.advanceTimersByTime(1_500);
    expect(run.current()).toMatchObject({ state: 'running', finishedAt: null, elapsedMs: 1_500 });
    expect(Object.keys(run.current())).not.toContain('timings');
    expect(Object.keys(run.end('done'))).not.toContain('timings');
  });
});

describe('a source of a run', () => {
  test('waits, fetches and ends, with its rate over the time that it took', () => {
    const { board: run } = board();
    run.addSource('hn', 'hackernews');
    run.addSource('other', 'rss');
    const row = () => run.current().sources[0];
    vi.advanceTimersByTime(3_000);
    expect(row()).toEqual({
      name: 'hn',
      kind: 'hackernews',
      state: 'waiting',
      fetched: 0,
      added: 0,
      seen: 0,
      echoes: 0,
      excluded: 0,
      reads: 0,
      costUsd: 0,
      quota: null,
      limitedUntil: null,
      notice: null,
      warnings: [],
      error: null,
      elapsedMs: 0,
      postsPerSecond: 0,
    });
    run.beginSource('hn');
    expect(row()).toMatchObject({ state: 'fetching', elapsedMs: 0, postsPerSecond: 0 });
    vi.advanceTimersByTime(2_000);
    run.addPage('hn', page);
    run.addPage('hn', page);
    run.addEchoes('hn', 4);
    run.addEchoes('hn', 1);
    const quota = { remaining: 3, limit: 60, resetsAt: start };
    run.tellQuota('hn', quota);
    run.noteSource('hn', 'waiting 12 s: rate limit');
    expect(row()).toMatchObject({
      fetched: 20,
      added: 12,
      seen: 6,
      excluded: 2,
      reads: 20,
      costUsd: 1,
      echoes: 5,
      quota,
      notice: 'waiting 12 s: rate limit',
      elapsedMs: 2_000,
      postsPerSecond: 10,
    });
    const error = { code: 'rate-limited', message: 'later', fix: null };
    run.endSource('hn', 'limited', error, start + 9_000);
    vi.advanceTimersByTime(60_000);
    expect(row()).toMatchObject({
      state: 'limited',
      error,
      limitedUntil: start + 9_000,
      notice: null,
      elapsedMs: 2_000,
      postsPerSecond: 10,
    });
    expect(run.current().sources[1]).toMatchObject({ name: 'other', fetched: 0 });
  });

  test('keeps fifty warnings, and what was told before does not change', () => {
    const { board: run } = board();
    run.addSource('hn', 'hackernews');
    run.warnSource('hn', 'line 0');
    const before = run.current();
    for (let line = 1; line < 80; line += 1) run.warnSource('hn', `line ${line}`);
    expect(run.current().sources[0]?.warnings).toHaveLength(50);
    expect(run.current().sources[0]?.warnings.at(-1)).toBe('line 49');
    expect(before.sources[0]?.warnings).toEqual(['line 0']);
  });

  test('has nothing happen to it, nor to a stage, that is not told', () => {
    const { told, board: run } = board();
    run.addSource('hn', 'hackernews');
    const happenings: (() => void)[] = [
      () => run.beginSource('hn'),
      () => run.tellQuota('hn', { remaining: 3, limit: null, resetsAt: null }),
      () => run.noteSource('hn', 'waiting'),
      () => run.warnSource('hn', 'line 1'),
      () => run.addEchoes('hn', 1),
      () => run.endSource('hn', 'done', null),
      () => run.addWork('group', 1, 0),
    ];
    for (const happen of happenings) {
      const before = told.length;
      happen();
      vi.advanceTimersByTime(1_000);
      expect(told).toHaveLength(before + 1);
      expect(told.at(-1)).not.toEqual(told.at(-2));
    }
  });

  test('that the run does not have is no row, and nothing to tell', () => {
    const { told, board: run } = board();
    run.addEchoes('split off', 3);
    expect(run.current().sources).toEqual([]);
    expect(told).toEqual([]);
  });
});

describe('a stage of a run', () => {
  const stages = (run: ProgressBoard) =>
    run.current().stages.map(({ name, done, total }) => `${name} ${done}/${total}`);

  test('has a line from the beginning, but that of messages only when there is one to send', () => {
    const { board: run } = board();
    expect(stages(run)).toEqual(['fetch 0/0', 'group 0/0', 'analyze 0/0', 'score 0/0']);
    run.addWork('notify', 0, 2);
    expect(stages(run)).toContain('notify 0/2');
  });

  test('never has done more than there is to do', () => {
    const { board: run } = board();
    run.addWork('group', 0, 5);
    run.addWork('group', 3, 0);
    run.addWork('score', 4, 0);
    run.addSource('hn', 'hackernews');
    run.addPage('hn', page);
    expect(stages(run)).toEqual(['fetch 10/10', 'group 3/5', 'analyze 0/0', 'score 4/4']);
  });
});

test('analyzers, what their models cost, warnings and losses are added up, and told', () => {
  const { told, board: run } = board();
  const use = { model: 'openai/a', requests: 1, inputTokens: 9, cachedTokens: 0, outputTokens: 2, reused: 0 };
  const tellings: (() => void)[] = [
    () => run.addModelUse({ ...use, costUsd: 0.25 }),
    () => run.addModelUse({ ...use, costUsd: 0.5 }),
    () => run.failAnalyzer('openai', { code: 'model-bad-key', message: 'no', fix: null }),
    () => run.warn('openai has no key'),
    () => run.countLoss('openai refused to look at', 2),
  ];
  for (const tell of tellings) {
    const before = told.length;
    tell();
    vi.advanceTimersByTime(1_000);
    expect(told).toHaveLength(before + 1);
  }
  run.addAnalyses(['openai', 'offline', 'offline']);
  expect(run.current()).toMatchObject({
    models: [{ model: 'openai/a', requests: 2, inputTokens: 18, costUsd: 0.75 }],
    analyzers: [
      { name: 'openai', analyzed: 1, error: { code: 'model-bad-key' } },
      { name: 'offline', analyzed: 2, error: null },
    ],
    warnings: ['openai has no key', 'openai refused to look at 2 posts'],
  });
});
