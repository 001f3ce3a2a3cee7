import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serve, serverDefaults } from './served.ts';

const nasty = fc.oneof(
  fc.constantFrom(
    "' OR '1'='1",
    "'; DROP TABLE signals; --",
    '") UNION SELECT hash FROM api_keys --',
    'inbox\u0000',
    '%27%3B--',
    '$gt',
    '{"$ne":null}',
    'rank DESC, (SELECT 1)',
    '1); ATTACH DATABASE "x" AS y; --',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 60 }),
);
const parameters = [
  'status',
  'category',
  'source',
  'since',
  'minSalience',
  'order',
  'limit',
  'cursor',
  'fields',
  'x',
];

test('whatever a query says, the store is as it was, and no answer is a failure', async () => {
  const { ask, store, harvester } = await serve({
    settings: { limits: { ...serverDefaults.limits, requestsPerMinute: 1_000_000 } },
  });
  const before = [await harvester.signals.count({}), (await store.apiKeys()).length];
  await ask('GET', '/v1/top');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...parameters), nasty), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('/v1/signals', '/v1/feed.atom', '/v1/runs', '/v1/audit', '/v1/top'),
      async (pairs, path) => {
        const query = pairs
          .map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
          .join('&');
        const { status } = await ask('GET', `${path}?${query}`);
        expect([200, 400, 414]).toContain(status);
      },
    ),
    { numRuns: 300 },
  );
  expect([await harvester.signals.count({}), (await store.apiKeys()).length - 1]).toEqual(before);
  expect(await store.check()).toEqual([]);
});

test('whatever a name says, it is found as that name or not at all', async () => {
  const { ask } = await serve();
  await fc.assert(
    fc.asyncProperty(fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/), async (name) => {
      const { status, body } = await ask('GET', `/v1/signals?source=${name}&limit=1`);
      expect(status).toBe(200);
      expect(body.signals.length > 0).toBe(name === 'one');
    }),
    { numRuns: 100 },
  );
});
