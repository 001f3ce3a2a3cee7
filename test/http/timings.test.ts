import { describe, expect, test } from 'vitest';
import { listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { serve } from './served.ts';

/** The values of one histogram by bound, and its count. */
function histogramOf(text: string, metric: string, label: string) {
  const lines = [...text.matchAll(new RegExp(`^${metric}_bucket\\{le="([^"]+)",${label}\\} (\\d+)$`, 'gm'))];
  const count = new RegExp(`^${metric}_count\\{${label}\\} (\\d+)$`, 'm').exec(text)?.[1];
  return { bounds: lines.map(([, bound]) => bound), counts: lines.map((line) => Number(line[2])), count };
}

describe('how long stages and queries take', () => {
  test('is in the figures as histograms, and in the API as shares', async () => {
    const { ask, runs } = await serve({
      posts: 0,
      sources: [listSource('fresh', syntheticPosts('fresh', 10))],
    });
    const { ended } = await runs.begin({}, 'test');
    await ended;
    const { text } = await ask('GET', '/metrics');
    for (const [metric, label] of [
      ['signal_harvester_stage_seconds', 'stage="group"'],
      ['signal_harvester_query_seconds', 'query="savePage"'],
    ] as const) {
      const { bounds, counts, count } = histogramOf(text, metric, label);
      expect(bounds.length).toBeGreaterThan(10);
      expect(bounds.slice(0, -1).map(Number)).toEqual(
        bounds
          .slice(0, -1)
          .map(Number)
          .toSorted((a, b) => a - b),
      );
      expect(bounds.at(-1)).toBe('+Inf');
      // Cumulative, up to all of them.
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      expect(counts.at(-1)).toBe(Number(count));
      expect(Number(count)).toBeGreaterThan(0);
    }
    const { status, body } = await ask('GET', '/v1/timings?runs=5');
    expect(status).toBe(200);
    expect(body.runs.runs).toBe(1);
    expect(body.runs.stages.map(({ name }: { name: string }) => name)).toEqual([
      'fetch',
      'group',
      'analyze',
      'score',
    ]);
    expect(body.runs.stages[1]).toMatchObject({
      count: 1,
      perItemMs: { p50: expect.any(Number), p95: expect.any(Number) },
    });
    expect(body.runs.queries.length).toBeLessThanOrEqual(8);
    expect(body.process.queries.length).toBeGreaterThan(8);
    // The run says so itself, for whoever reads runs.
    const stored = (await ask('GET', '/v1/runs')).body.runs[0];
    expect(stored.timings.stages.map(({ count }: { count: number }) => count)).toEqual([1, 1, 1, 1]);
  });
});
