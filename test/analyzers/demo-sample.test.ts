import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createOfflineAnalyzer } from '../../source/analyzers/offline/offline.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';

const count = z.int().min(0);
const line = z.strictObject({
  externalId: z.string().min(1),
  author: z.string().min(1),
  title: z.string().optional(),
  text: z.string().min(1),
  minutesAgo: z.int().min(0).max(4_320),
  likes: count,
  reposts: count,
  replies: count,
  quotes: count,
  lang: z.string().length(2).optional(),
  url: z.url(),
  parentText: z.string().optional(),
  parentUrl: z.url().optional(),
});

const posts = readFileSync(new URL('../../demo/sample.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((text) => line.parse(JSON.parse(text)));

describe('the demo sample', () => {
  test('holds about 300 posts, each with its own id', () => {
    expect(posts.length).toBeGreaterThanOrEqual(280);
    expect(new Set(posts.map(({ externalId }) => externalId)).size).toBe(posts.length);
  });

  test('links only to reserved domains', () => {
    for (const post of posts) {
      for (const url of [post.url, post.parentUrl ?? post.url]) {
        expect(new URL(url).hostname).toMatch(/^example\.(com|org)$/);
      }
    }
  });

  test('begins now and holds a burst', () => {
    expect(Math.min(...posts.map(({ minutesAgo }) => minutesAgo))).toBeLessThanOrEqual(5);
    expect(
      posts.filter(({ minutesAgo }) => minutesAgo >= 13 && minutesAgo <= 38).length,
    ).toBeGreaterThanOrEqual(40);
  });

  test('shows every category, and the burst as an outage', async () => {
    const results = await createOfflineAnalyzer().analyze(
      posts.map((post, signalId) => ({
        signalId,
        kind: 'file',
        author: post.author,
        title: post.title ?? null,
        text: post.text,
        lang: post.lang ?? null,
      })),
      { signal: new AbortController().signal },
    );
    const found = new Set(results.map(({ analysis }) => analysis.category));
    expect([...found].sort()).toEqual([...categoryIds].sort());
    const outages = results.filter(({ analysis }) => analysis.category === 'outage');
    const inBurst = outages.filter(({ signalId }) => {
      const minutesAgo = posts[signalId]?.minutesAgo ?? 0;
      return minutesAgo >= 13 && minutesAgo <= 38;
    });
    expect(inBurst.length).toBeGreaterThanOrEqual(25);
    expect(inBurst.length / outages.length).toBeGreaterThan(0.9);
  });
});
