import { describe, expect, test } from 'vitest';
import { serve } from './served.ts';

const body = {
  source: 'desk',
  posts: [
    { id: '1', text: 'The login page of acme fails since this morning' },
    { id: '2', text: 'Thank you for the quick answer, acme is great', author: 'bea', likes: 3 },
  ],
};

async function settled(act: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) {
    if (await act()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come to pass');
}

describe('POST /v1/posts', () => {
  test('puts posts into the store, and a run makes signals of them', async () => {
    const { ask, harvester } = await serve({ posts: 0 });
    const pushed = await ask('POST', '/v1/posts', { body });
    expect(pushed).toMatchObject({ status: 202, body: { source: 'desk', accepted: 2, replayed: false } });
    await settled(async () => (await harvester.signals.count({})).count === 2);
    const { rows } = await harvester.signals.page({ limit: 5 });
    expect(rows.map(({ source, kind }) => [source, kind])).toEqual([
      ['desk', 'webhook'],
      ['desk', 'webhook'],
    ]);
  });

  test('with an Idempotency-Key does a thing once, and says so', async () => {
    const { ask, store } = await serve({ posts: 0 });
    const headers = { 'idempotency-key': 'batch-1' };
    const first = await ask('POST', '/v1/posts', { body, headers });
    const again = await ask('POST', '/v1/posts', { body, headers });
    expect([first.body.replayed, again.body.replayed]).toEqual([false, true]);
    expect(again.body.accepted).toBe(2);
    expect(await store.pushed('desk', 0, 10)).toHaveLength(2);
    const other = await ask('POST', '/v1/posts', { body: { ...body, posts: [body.posts[0]] }, headers });
    expect(other).toMatchObject({
      status: 422,
      body: { type: 'urn:signal-harvester:problem:idempotency-conflict' },
    });
  });

  test('many at once under one key store one batch', async () => {
    const { ask, store } = await serve({ posts: 0 });
    const headers = { 'idempotency-key': 'batch-2' };
    const all = await Promise.all(
      Array.from({ length: 8 }, () => ask('POST', '/v1/posts', { body, headers })),
    );
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202));
    expect(all.filter((each) => !each.body.replayed)).toHaveLength(1);
    expect(await store.pushed('desk', 0, 100)).toHaveLength(2);
  });

  test('refuses what is no post, and sources that take none', async () => {
    const { ask, store } = await serve({ posts: 0 });
    const bad = await ask('POST', '/v1/posts', {
      body: { source: 'desk', posts: [{ id: '1' }, { id: '2', text: 5 }] },
    });
    expect(bad.status).toBe(400);
    expect(bad.body.errors.map((each: { field: string }) => each.field)).toContain('posts.1.text');
    expect((await ask('POST', '/v1/posts', { body: { ...body, source: 'one' } })).body.type).toContain(
      'not-a-webhook',
    );
    expect((await ask('POST', '/v1/posts', { body: { ...body, source: 'no' } })).body.type).toContain(
      'unknown-source',
    );
    expect(await store.pushed('desk', 0, 10)).toEqual([]);
  });

  test('pushed posts are forgotten once their source has taken them, and not before', async () => {
    const { ask, harvester, store, clock } = await serve({ posts: 0 });
    await ask('POST', '/v1/posts', { body });
    await harvester.upkeep.tidy(365);
    expect(
      (await store.pushed('desk', 0, 10)).length === 2 || (await harvester.signals.count({})).count > 0,
    ).toBe(true);
    await settled(async () => (await harvester.signals.count({})).count === 2);
    clock.at += 1;
    await harvester.upkeep.tidy(365);
    expect(await store.pushed('desk', 0, 10)).toEqual([]);
  });
});
