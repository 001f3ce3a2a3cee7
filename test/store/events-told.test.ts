import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { openStore } from '../../source/store/store.ts';
import { contentOf, makeOldStore } from './old-stores.ts';
import { temporaryFolder } from './temporary-store.ts';

const note = (reason: string, kind: 'digest' | 'event') => ({
  kind,
  signalId: null,
  notifier: 'team',
  rule: 'voices',
  reason,
  rootId: null,
  nextAttemptAt: 5,
  content: { key: reason },
  covers: [],
});

test('a ledger with messages in it keeps every row when its table is made anew, and loses events alone on the way back', async () => {
  const path = join(temporaryFolder(), 'signals.db');
  makeOldStore('011-api-keys', path);
  const store = await openStore(path);
  const signal = { ...note('new', 'digest'), kind: 'new', signalId: 4, content: null } as const;
  await store.planDeliveries([signal, { ...note('digest-1', 'digest'), covers: [1, 4] }], 1);
  const claimed = await store.claimDelivery('team', 9, 1_000);
  if (claimed === null) throw new Error('nothing was due');
  await store.settleDelivery(
    claimed,
    { state: 'sent', reference: 'r1', told: null, status: null },
    'sent',
    10,
  );
  const update = { ...signal, kind: 'update', reason: 'echoes-2', rootId: claimed.id } as const;
  await store.planDeliveries([update], 11);
  await store.planDeliveries([note('feedback-1', 'event')], 12);
  await store.close();
  const before = contentOf(path);
  expect(before.deliveries).toHaveLength(4);
  expect(before.delivery_attempts).toHaveLength(1);
  expect(before.delivery_signals).toHaveLength(2);
  const admin = openStoreAdmin(path);
  // Later migrations first.
  while ((await admin.status()).applied.includes('013-feedback')) await admin.rollback();
  const older = contentOf(path);
  expect(older.deliveries).toEqual(before.deliveries?.slice(0, 3));
  expect(older.delivery_attempts).toEqual(before.delivery_attempts);
  await admin.migrate();
  expect((await admin.check()).problems).toEqual([]);
  const after = contentOf(path);
  await admin.close();
  expect(after.deliveries).toEqual(older.deliveries);
  expect(after.delivery_attempts).toEqual(before.delivery_attempts);
  expect(after.delivery_signals).toEqual(before.delivery_signals);
});

test('what was told under a key is known for its notifier, whatever the rule', async () => {
  const store = await openStore(join(temporaryFolder(), 'new.db'));
  await store.planDeliveries([note('feedback-1', 'event')], 1);
  expect(await store.planDeliveries([note('feedback-1', 'event')], 2)).toBe(0);
  expect([...(await store.toldReasons('team', ['feedback-1', 'feedback-2']))]).toEqual(['feedback-1']);
  expect([...(await store.toldReasons('boss', ['feedback-1']))]).toEqual([]);
  await store.close();
});
