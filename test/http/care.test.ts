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
