import { expect, test } from 'vitest';
import { serve } from './served.ts';

test('snapshots are made and listed, and retention says what it would do before it does it', async () => {
  const { ask } = await serve();
  const made = await ask('POST', '/v1/snapshots', { body: { tags: ['before-release'] } });
  expect(made).toMatchObject({ status: 201, body: { tags: ['before-release'], damaged: false } });
  const listed = await ask('GET', '/v1/snapshots');
  expect(listed.body.snapshots.map((each: { id: string }) => each.id)).toEqual([made.body.id]);
  expect(listed.text).not.toContain('/tmp/');
  const plan = (await ask('GET', '/v1/retention/plan')).body;
  expect(plan.snapshots.decisions).toMatchObject([{ id: made.body.id, keep: true }]);
  expect(plan.signals.signals).toBe(0);
  expect((await ask('POST', '/v1/retention/apply', { body: { what: ['snapshots'] } })).status).toBe(400);
  const applied = await ask('POST', '/v1/retention/apply', {
    body: { what: ['snapshots', 'signals'], force: true },
  });
  expect(applied.body).toMatchObject({ snapshots: { removed: [] }, signals: { signals: 0 } });
});

test('the ledger of deliveries is read by state, and what was given up is made due again', async () => {
  const { ask, store } = await serve();
  await store.planDeliveries(
    [
      {
        kind: 'new',
        signalId: 1,
        notifier: 'team',
        rule: 'all',
        reason: 'new',
        rootId: null,
        nextAttemptAt: 0,
        content: null,
        covers: [],
      },
    ],
    1,
  );
  const { body } = await ask('GET', '/v1/deliveries?state=pending');
  expect(body).toMatchObject({
    deliveries: [{ signalId: 1, notifier: 'team', tries: [] }],
    counts: { pending: 1 },
  });
  expect((await ask('GET', '/v1/deliveries?state=dead')).body.deliveries).toEqual([]);
  expect((await ask('POST', '/v1/deliveries/retry', { body: {} })).body).toEqual({ due: 0 });
});
