import { request } from 'node:http';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { serve } from './served.ts';

/** With headers that fetch would not send. */
function rawGet(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('keys', () => {
  test('nothing but /health answers without one, not even that an address does not exist', async () => {
    const { ask } = await serve();
    for (const path of [
      '/v1/signals',
      '/metrics',
      '/ready',
      '/docs/',
      '/openapi.json',
      '/v1/keys',
      '/nothing',
    ]) {
      const { status, body, headers } = await ask('GET', path, { token: null });
      expect([path, status, body.type]).toEqual([path, 401, 'urn:signal-harvester:problem:key-missing']);
      expect(headers.get('www-authenticate')).toContain('signal-harvester');
    }
    expect((await ask('GET', '/health', { token: null })).body).toEqual({
      status: 'alive',
      version: '0.0.0-test',
    });
  });

  test.each([
    ['read', 'GET', '/v1/signals', 200],
    ['read', 'PATCH', '/v1/signals/1', 403],
    ['read', 'POST', '/v1/runs', 403],
    ['read', 'GET', '/v1/keys', 403],
    ['triage', 'GET', '/v1/signals', 200],
    ['triage', 'PATCH', '/v1/signals/1', 200],
    ['triage', 'POST', '/v1/posts', 403],
    ['triage', 'GET', '/v1/audit', 403],
    ['run', 'POST', '/v1/posts', 202],
    ['run', 'PATCH', '/v1/signals/1', 403],
    ['admin', 'GET', '/v1/keys', 200],
    ['admin', 'PATCH', '/v1/signals/1', 200],
  ] as const)('with %s, %s %s is %i', async (scope, method, path, status) => {
    const { ask, key } = await serve();
    const token = await key([scope]);
    const body =
      method === 'GET'
        ? undefined
        : path === '/v1/posts'
          ? { source: 'desk', posts: [{ id: '1', text: 'x' }] }
          : path === '/v1/runs'
            ? {}
            : { assignee: 'ann' };
    expect((await ask(method, path, { token, body })).status).toBe(status);
  });

  test('are shown once and stored as a hash', async () => {
    const { ask, store } = await serve();
    const created = await ask('POST', '/v1/keys', {
      body: { name: 'grafana', scopes: ['read'], expiresInDays: 30 },
    });
    expect(created.status).toBe(201);
    const { token, key } = created.body;
    expect(token.startsWith(`shk_${key.id}_`)).toBe(true);
    const listed = await ask('GET', '/v1/keys');
    expect(listed.text).not.toContain(token.slice(-20));
    expect(listed.text).not.toContain('hash');
    expect(JSON.stringify(await store.apiKeys())).not.toContain(token.slice(-20));
    expect((await ask('GET', '/v1/top', { token })).status).toBe(200);
  });

  test('that somebody spoiled in the store let nobody in, and end nothing', async () => {
    const { ask, key, store } = await serve();
    const [spoiled, whole] = [await key(['read'], 'spoiled'), await key(['read'], 'whole')];
    const file = new Database(store.path);
    file.prepare("UPDATE api_keys SET hash = ? WHERE name = 'spoiled'").run('z'.repeat(64));
    file.close();
    // Once read anew for the request, and once remembered.
    expect((await ask('GET', '/v1/top', { token: spoiled })).status).toBe(500);
    expect((await ask('GET', '/v1/top', { token: spoiled })).status).toBe(500);
    expect((await ask('GET', '/v1/top', { token: whole })).status).toBe(200);
  });

  test('end: by time, by revocation at once, by rotation after the overlap', async () => {
    const { ask, clock } = await serve();
    const make = async (name: string, expiresInDays?: number) =>
      (await ask('POST', '/v1/keys', { body: { name, scopes: ['read'], expiresInDays } })).body;
    const tried = async (token: string) => {
      const { status, body } = await ask('GET', '/v1/top', { token });
      return status === 200 ? 200 : body.type.split(':').at(-1);
    };
    const [short, revoked, old] = [await make('short', 1), await make('revoked'), await make('old')];
    expect(await tried(short.token)).toBe(200);
    await ask('DELETE', `/v1/keys/${revoked.key.id}`);
    expect(await tried(revoked.token)).toBe('key-revoked');
    expect((await ask('DELETE', `/v1/keys/${revoked.key.id}`)).status).toBe(409);
    const rotated = (await ask('POST', `/v1/keys/${old.key.id}/rotate`, { body: { overlapMinutes: 10 } }))
      .body;
    expect(rotated.key.name).toBe('old');
    expect([await tried(old.token), await tried(rotated.token)]).toEqual([200, 200]);
    clock.at += 11 * 60_000;
    expect([await tried(old.token), await tried(rotated.token)]).toEqual(['key-expired', 200]);
    clock.at += 2 * 86_400_000;
    expect(await tried(short.token)).toBe('key-expired');
    const trail = (await ask('GET', '/v1/audit')).body.entries.map(
      (entry: { action: string }) => entry.action,
    );
    expect(trail).toEqual(expect.arrayContaining(['keys.create', 'keys.revoke', 'keys.rotate']));
  });

  test('that are wrong are answered 429 after a few, and never lock out one that is right', async () => {
    const { ask, clock } = await serve({
      settings: {
        limits: { ...(await import('./served.ts')).serverDefaults.limits, failedKeysPerMinute: 3 },
      },
    });
    await ask('GET', '/v1/top');
    const wrong = `shk_abcdefgh_${'A'.repeat(43)}`;
    const statuses = [];
    for (let turn = 0; turn < 5; turn += 1) statuses.push(await ask('GET', '/v1/top', { token: wrong }));
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429]);
    expect(Number(statuses[4]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask('GET', '/v1/top')).status).toBe(200);
    clock.at += 61_000;
    expect((await ask('GET', '/v1/top', { token: wrong })).status).toBe(401);
  });

  test('have a limit each, told in standard headers', async () => {
    const { serverDefaults } = await import('./served.ts');
    const { ask, key } = await serve({
      settings: { limits: { ...serverDefaults.limits, requestsPerMinute: 3 } },
    });
    const [one, two] = [await key(['read'], 'one'), await key(['read'], 'two')];
    const answers = [];
    for (let turn = 0; turn < 4; turn += 1) answers.push(await ask('GET', '/v1/top', { token: one }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[0]?.headers.get('ratelimit-remaining')).toBe('2');
    expect(answers[3]?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answers[3]?.body.type).toBe('urn:signal-harvester:problem:too-many-requests');
    expect((await ask('GET', '/v1/top', { token: two })).status).toBe(200);
  });

  test('go as the password of Basic for reading, and not for changing', async () => {
    const { ask, key } = await serve();
    const basic = `Basic ${Buffer.from(`anybody:${await key(['admin'])}`).toString('base64')}`;
    expect(
      (await ask('GET', '/v1/feed.atom', { token: null, headers: { authorization: basic } })).status,
    ).toBe(200);
    const headers = { authorization: basic };
    expect((await ask('POST', '/v1/triage/undo', { token: null, headers })).status).toBe(401);
  });
});

describe('without any key', () => {
  test('this machine is let in where the configuration allows it, and nobody through a proxy or a foreign page', async () => {
    const { url } = await serve({ settings: { allowWithoutKey: true } });
    const path = `${url}/v1/top`;
    expect(await rawGet(path, {})).toBe(200);
    for (const headers of [
      { host: 'evil.example' },
      { 'x-forwarded-for': '203.0.113.9' },
      { forwarded: 'for=203.0.113.9' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { authorization: 'Bearer nonsense' },
    ] as Record<string, string>[]) {
      expect([headers, await rawGet(path, headers)]).toEqual([headers, 401]);
    }
  });

  test('it ends with the first key', async () => {
    const { url, ask } = await serve({ settings: { allowWithoutKey: true } });
    expect(await rawGet(`${url}/v1/top`, {})).toBe(200);
    await ask('GET', '/v1/top');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await rawGet(`${url}/v1/top`, {})).toBe(401);
  });
});

describe('a browser elsewhere', () => {
  test('may read nothing unless its site is named', async () => {
    const closed = await serve();
    const headers = { origin: 'https://app.example' };
    expect((await closed.ask('GET', '/v1/top', { headers })).headers.get('access-control-allow-origin')).toBe(
      null,
    );
    const open = await serve({ settings: { corsOrigins: ['https://app.example'] } });
    expect((await open.ask('GET', '/v1/top', { headers })).headers.get('access-control-allow-origin')).toBe(
      'https://app.example',
    );
    const other = await open.ask('GET', '/v1/top', { headers: { origin: 'https://evil.example' } });
    expect(other.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
  });
});
