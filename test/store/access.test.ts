import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../../source/domain/access.ts';
import { createAudit, createKeys, hashToken } from '../../source/harvester/access.ts';
import { openStoreAdmin } from '../../source/store/admin.ts';
import { stoppedClock } from '../pipeline/scripted.ts';
import { temporaryStore } from './temporary-store.ts';

const by: Actor = { actor: 'cli', via: 'cli' };

async function access() {
  const store = await temporaryStore();
  return {
    store,
    keys: createKeys({ store, clock: stoppedClock }),
    audit: createAudit({ store, clock: stoppedClock }),
  };
}

describe('API keys', () => {
  test('are kept as the hash of a token of 256 bits, and nothing else of it but its id', async () => {
    const { store, keys } = await access();
    const { key, token } = await keys.create({ name: 'ann', scopes: ['triage'], expiresAt: null }, by);
    expect(token).toMatch(/^shk_[a-z2-7]{8}_[\w-]{43}$/);
    const [stored] = await store.apiKeys();
    expect(stored).toMatchObject({ id: key.id, hash: hashToken(token), scopes: ['triage'] });
    const bytes = new Database(store.path, { readonly: true }).serialize().toString('latin1');
    expect(bytes).toContain(hashToken(token));
    expect(bytes).not.toContain(token.slice(13));
  });

  test.each([
    { name: '', scopes: ['read'] },
    { name: 'Ann Smith', scopes: ['read'] },
    { name: 'program', scopes: ['read'] },
    { name: 'ann', scopes: [] },
  ] as const)('are refused when they make no sense: %j', async (key) => {
    const { keys } = await access();
    await expect(keys.create({ ...key, expiresAt: null }, by)).rejects.toMatchObject({ code: 'bad-key' });
  });

  test('that are rotated end after the overlap, and not later than they would have', async () => {
    const { keys } = await access();
    const now = stoppedClock.now();
    const { key } = await keys.create({ name: 'ann', scopes: ['read'], expiresAt: now + 5000 }, by);
    const next = await keys.rotate(key.id, 60_000, by);
    const [old] = (await keys.list()).filter(({ id }) => id === key.id);
    expect(old).toMatchObject({ expiresAt: now + 5000, replacedBy: next.key.id });
    expect(next.key).toMatchObject({ name: 'ann', scopes: ['read'], expiresAt: now + 5000 });
    await keys.revoke(next.key.id, by);
    await expect(keys.rotate(next.key.id, 0, by)).rejects.toMatchObject({ code: 'key-ended' });
    await expect(keys.revoke('nothing1', by)).rejects.toMatchObject({ code: 'no-such-key' });
  });
});

describe('the audit trail', () => {
  test('cannot be changed, and loses nothing younger than 30 days, whoever asks', async () => {
    const { store, keys, audit } = await access();
    await keys.create({ name: 'ann', scopes: ['read'], expiresAt: null }, by);
    const db = new Database(store.path);
    const now = Date.now();
    const insert = db.prepare("INSERT INTO audit (at, actor, via, action) VALUES (?, 'ann', 'api', 'test')");
    insert.run(now - 29 * 86_400_000);
    insert.run(now - 31 * 86_400_000);
    expect(() => db.prepare("UPDATE audit SET actor = 'bea'").run()).toThrow('append-only');
    expect(() => db.prepare('DELETE FROM audit').run()).toThrow('at least 30 days');
    expect(db.prepare('DELETE FROM audit WHERE at < ?').run(now - 30.5 * 86_400_000).changes).toBe(1);
    db.close();
    expect((await audit.list({ limit: 10 })).length).toBeGreaterThan(1);
  });

  test('is read newest first, page by page, by actor or action', async () => {
    const { audit } = await access();
    for (let turn = 0; turn < 5; turn += 1) {
      const entry = {
        action: turn % 2 === 0 ? 'even' : 'odd',
        target: String(turn),
        before: { turn },
        after: null,
      };
      await audit.add(entry, { ...by, actor: `key${turn}`, requestId: 'r', address: '127.0.0.1' });
    }
    const first = await audit.list({ limit: 2 });
    const rest = await audit.list({ limit: 10, before: first.at(-1)?.id ?? 0 });
    expect([...first, ...rest].map(({ target }) => target)).toEqual(['4', '3', '2', '1', '0']);
    expect((await audit.list({ limit: 10, action: 'odd' })).map(({ target }) => target)).toEqual(['3', '1']);
    expect((await audit.list({ limit: 10, actor: 'key2' }))[0]).toMatchObject({
      before: { turn: 2 },
      after: null,
    });
  });
});

describe('the migration', () => {
  test('goes down and up again with data in place', async () => {
    const { store, keys } = await access();
    await keys.create({ name: 'ann', scopes: ['read'], expiresAt: null }, by);
    await store.push({ source: 'desk', drafts: [], idempotency: null }, 1);
    await store.close();
    const admin = openStoreAdmin(store.path);
    let taken: string | null = '';
    for (let turn = 0; turn < 20 && taken !== '011-api-keys'; turn += 1) taken = await admin.rollback();
    expect(taken).toBe('011-api-keys');
    expect(await admin.migrate()).toContain('011-api-keys');
    expect((await admin.check()).problems).toEqual([]);
    await admin.close();
  });
});
