import { describe, expect, test } from 'vitest';
import { serve } from './served.ts';

const by = { actor: 'cli', via: 'cli' } as const;

describe('/v1/flags', () => {
  test('says what is on for the key that asks; that of another is for admins', async () => {
    const { ask, key, harvester } = await serve({ posts: 0 });
    const own = { 'live-events': 'off' } as const;
    const { token, key: tester } = await harvester.keys.create(
      { name: 'tester', scopes: ['read'], expiresAt: null, flags: own },
      by,
    );
    const on = (answer: { body: { flags: { name: string; on: boolean; from: string }[] } }) =>
      answer.body.flags.filter(({ name }) => name === 'live-events').map((flag) => [flag.on, flag.from]);
    const mine = await ask('GET', '/v1/flags', { token });
    expect([mine.status, on(mine), mine.body.subject]).toEqual([
      200,
      [[false, 'key']],
      { kind: 'key', id: tester.id },
    ]);
    expect(on(await ask('GET', '/v1/flags'))).toEqual([[true, 'default']]);
    expect(on(await ask('GET', `/v1/flags?subject=${tester.id}`))).toEqual([[false, 'key']]);
    expect((await ask('GET', `/v1/flags?subject=${tester.id}`, { token })).status).toBe(200);
    const other = await ask('GET', '/v1/flags?subject=somebody', { token: await key(['triage', 'run']) });
    expect([other.status, other.body.type]).toEqual([403, 'urn:signal-harvester:problem:scope-missing']);
  });

  test('is changed by admins alone, and the audit trail says by whom', async () => {
    const { ask, key } = await serve({ posts: 0 });
    for (const scope of ['read', 'triage', 'run'] as const)
      for (const method of ['PUT', 'DELETE'])
        expect(
          (await ask(method, '/v1/flags/live-events', { token: await key([scope]), body: { state: 'off' } }))
            .status,
        ).toBe(403);
    const set = await ask('PUT', '/v1/flags/live-events', { body: { state: '0%' } });
    expect([set.status, set.body.flag.on, set.body.ineffective]).toEqual([200, false, null]);
    const unset = await ask('DELETE', '/v1/flags/live-events');
    expect([unset.status, unset.body.flag.on]).toEqual([200, true]);
    const { entries } = (await ask('GET', '/v1/audit')).body;
    expect(entries.slice(0, 2)).toMatchObject([
      { action: 'flags.unset', target: 'live-events', actor: 'boss', via: 'api', before: { state: '0%' } },
      { action: 'flags.set', target: 'live-events', actor: 'boss', via: 'api', after: { state: '0%' } },
    ]);
  });

  test.each([
    ['/v1/flags/live-event', { state: 'on' }, 404, 'unknown-flag'],
    ['/v1/flags/__proto__', { state: 'on' }, 404, 'unknown-flag'],
    ['/v1/flags/%1b%5b31m', { state: 'on' }, 404, 'unknown-flag'],
    ['/v1/flags/live-events', { state: '101%' }, 422, 'bad-flag-state'],
    ['/v1/flags/live-events', { state: 'on', extra: 1 }, 400, 'invalid-request'],
    ['/v1/flags/live-events', {}, 400, 'invalid-request'],
  ])('refuses PUT %s %j', async (path, body, status, code) => {
    const { ask } = await serve({ posts: 0 });
    const answer = await ask('PUT', path, { body });
    expect([answer.status, answer.body.type]).toEqual([status, `urn:signal-harvester:problem:${code}`]);
  });
});

describe('live-events', () => {
  test('off for a key refuses its streams and nobody else’s', async () => {
    const { ask, url, harvester } = await serve({ posts: 0 });
    const { token } = await harvester.keys.create(
      { name: 'tester', scopes: ['read'], expiresAt: null, flags: { 'live-events': 'off' } },
      by,
    );
    const refused = await ask('GET', '/v1/events', { token });
    expect([refused.status, refused.body.type]).toEqual([403, 'urn:signal-harvester:problem:flag-off']);
    const stop = new AbortController();
    const free = await harvester.keys.create({ name: 'free', scopes: ['read'], expiresAt: null }, by);
    const stream = await fetch(`${url}/v1/events`, {
      headers: { authorization: `Bearer ${free.token}` },
      signal: stop.signal,
    });
    expect([stream.status, stream.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    stop.abort();
  });

  test('at a percentage is on for the keys below it', async () => {
    const { ask, harvester } = await serve({ posts: 0 });
    const issued = await harvester.keys.create({ name: 'half', scopes: ['read'], expiresAt: null }, by);
    const { flag } = await harvester.flags.explain('live-events', issued.key.id);
    await harvester.flags.set('live-events', `${(flag.place / 100).toFixed(2)}%`, by);
    expect((await ask('GET', '/v1/events', { token: issued.token })).status).toBe(403);
    const { body } = await ask('GET', '/v1/flags', { token: issued.token });
    expect(body.flags.at(-1)).toMatchObject({ name: 'live-events', on: false, place: flag.place });
  });
});
