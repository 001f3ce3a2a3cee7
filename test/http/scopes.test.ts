import { expect, test } from 'vitest';
import { allows, type KeyScope, keyScopes } from '../../source/domain/access.ts';
import type { Document } from './fuzzing.ts';
import { type Served, serve, serverDefaults } from './served.ts';

const generous = {
  limits: { ...serverDefaults.limits, requestsPerMinute: 1_000_000, failedKeysPerMinute: 100_000 },
};

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly needs: KeyScope | 'public';
}

/** Every operation of the document, at a path that names nothing that is there, and what it says that it needs. */
async function operations({ ask }: Served): Promise<readonly Asked[]> {
  const document = (await ask('GET', '/openapi.json')).body as Document;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const { description = '' } = operation as unknown as { description?: string };
      const needs = /Needs (?:a key with the scope `(\w+)`|no key)\.$/.exec(description);
      if (needs === null) throw new Error(`${method} ${path} does not say which key it needs`);
      return {
        method: method.toUpperCase(),
        path: path.replaceAll(/\{\w+\}/g, '999999'),
        needs: (needs[1] ?? 'public') as KeyScope | 'public',
      };
    }),
  );
}

/** Its status alone: a stream of events would not end. Nothing has the field that is sent, so nothing is done. */
async function statusOf({ url }: Served, { method, path }: Asked, token: string | null): Promise<number> {
  const writes = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(writes && { 'content-type': 'application/json' }),
    },
    ...(writes && { body: '{"nothingHasThisField":1}' }),
  });
  await response.body?.cancel();
  return response.status;
}

test('every operation is for the keys that its page says, and for no other', async () => {
  const served = await serve({ posts: 5, settings: generous });
  const tokens = new Map<KeyScope, string>();
  for (const scope of keyScopes) tokens.set(scope, await served.key([scope]));
  const all = await operations(served);
  expect(all.length).toBeGreaterThan(50);
  expect(new Set(all.map(({ needs }) => needs))).toEqual(new Set([...keyScopes, 'public']));
  const wrong: unknown[] = [];
  for (const asked of all) {
    const { needs } = asked;
    const bare = await statusOf(served, asked, null);
    if ((bare === 401) !== (needs !== 'public')) wrong.push([asked, 'without a key', bare]);
    for (const [scope, token] of tokens) {
      const status = await statusOf(served, asked, token);
      const allowed = needs === 'public' || allows([scope], needs);
      if (status === 401 || (status === 403) === allowed) wrong.push([asked, scope, status]);
    }
  }
  expect(wrong).toEqual([]);
});

test('every operation refuses fields that it does not know, also where it takes none', async () => {
  const served = await serve({ posts: 5, settings: generous });
  const wrong: unknown[] = [];
  for (const { method, path } of await operations(served)) {
    const { status, body } = await served.ask(method, `${path.replace('999999', '1')}?nothingHasThisField=1`);
    const named = JSON.stringify(body?.errors ?? []).includes('nothingHasThisField');
    if (status !== 400 || !named) wrong.push([method, path, 'query', status]);
    if (method === 'GET') continue;
    const sent = await served.ask(method, path, { body: { nothingHasThisField: 1 } });
    if (sent.status !== 400) wrong.push([method, path, 'body', sent.status]);
  }
  expect(wrong).toEqual([]);
});
