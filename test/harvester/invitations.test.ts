import { describe, expect, test } from 'vitest';
import { createKeys, hashToken } from '../../source/harvester/access.ts';
import { createInvitations, type NewInvitation } from '../../source/harvester/invitations.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const by = { actor: 'cli', via: 'cli' } as const;
const visitor = { actor: 'anonymous', via: 'api', address: '127.0.0.1' } as const;
const day = 86_400_000;
const start = Date.UTC(2026, 10, 22, 12);

async function desk() {
  const store = await temporaryStore();
  const clock = { at: start };
  const parts = { store, clock: { now: () => clock.at, sleep: async () => undefined } };
  const invitations = createInvitations(parts);
  const invite = (change: Partial<NewInvitation> = {}) =>
    invitations.create(
      {
        note: 'first wave',
        scopes: ['triage'],
        flags: { 'near-duplicates': 'off' },
        keyLifeMs: 30 * day,
        expiresAt: clock.at + 7 * day,
        ...change,
      },
      by,
    );
  const statusOf = async (id: string) =>
    (await invitations.list()).invitations.find((each) => each.id === id)?.status;
  return { store, clock, invitations, invite, statusOf, keys: createKeys(parts) };
}

describe('an invitation', () => {
  test('becomes a key with its scopes, flags and end, once', async () => {
    const { invite, invitations, keys, clock, statusOf } = await desk();
    const { invitation, code, ineffective } = await invite();
    expect(ineffective).toEqual(['near-duplicates']);
    expect([invitation.status, await statusOf(invitation.id)]).toEqual(['pending', 'pending']);
    clock.at += 2 * day;
    const { key, token } = await invitations.redeem(` ${code.toLowerCase().replaceAll('-', ' ')}`, visitor);
    expect(key).toMatchObject({
      name: `beta-${invitation.id.toLowerCase()}`,
      scopes: ['triage'],
      flags: { 'near-duplicates': 'off' },
      createdAt: clock.at,
      expiresAt: clock.at + 30 * day,
    });
    expect((await keys.verifiers()).find(({ id }) => id === key.id)?.hash).toBe(hashToken(token));
    expect(await invitations.list()).toMatchObject({
      invitations: [{ id: invitation.id, status: 'active', redeemedAt: clock.at, keyId: key.id }],
      counts: { pending: 0, active: 1, expired: 0, revoked: 0 },
    });
    await expect(invitations.redeem(code, visitor)).rejects.toMatchObject({ code: 'invitation-refused' });
    expect(await keys.list()).toHaveLength(1);
  });

  test('that is redeemed by ten at once becomes one key', async () => {
    const { store, invite, invitations, keys } = await desk();
    const { code } = await invite();
    const tries = await Promise.allSettled(
      Array.from({ length: 10 }, () => invitations.redeem(code, visitor)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await keys.list()).toHaveLength(1);
    expect((await store.audit({ limit: 10 })).map(({ action }) => action)).toEqual([
      'invitations.redeem',
      'keys.create',
      'invitations.create',
    ]);
  });

  test('ends by the clock: the code before it is redeemed, the key after', async () => {
    const { invite, invitations, clock, statusOf } = await desk();
    const [late, used] = [await invite(), await invite()];
    clock.at = late.invitation.expiresAt - 1;
    await invitations.redeem(used.code, visitor);
    clock.at += 1;
    expect(await statusOf(late.invitation.id)).toBe('expired');
    await expect(invitations.redeem(late.code, visitor)).rejects.toMatchObject({
      code: 'invitation-refused',
    });
    expect(await statusOf(used.invitation.id)).toBe('active');
    clock.at += 30 * day - 2;
    expect(await statusOf(used.invitation.id)).toBe('active');
    clock.at += 1;
    expect((await invitations.list()).counts).toEqual({ pending: 0, active: 0, expired: 2, revoked: 0 });
    await expect(invitations.revoke(used.invitation.id, by)).rejects.toMatchObject({
      code: 'invitation-ended',
    });
  });

  test('that is revoked while pending has a dead code', async () => {
    const { invite, invitations, statusOf } = await desk();
    const { invitation, code } = await invite();
    expect(await invitations.revoke(invitation.id.toLowerCase(), by)).toMatchObject({
      invitation: { status: 'revoked' },
      keys: [],
    });
    expect(await statusOf(invitation.id)).toBe('revoked');
    await expect(invitations.redeem(code, visitor)).rejects.toMatchObject({ code: 'invitation-refused' });
    await expect(invitations.revoke(invitation.id, by)).rejects.toMatchObject({ code: 'invitation-ended' });
  });

  test('that is revoked while active takes its key with it, rotated or not', async () => {
    const { invite, invitations, keys, store, clock } = await desk();
    const { invitation, code } = await invite();
    const { key } = await invitations.redeem(code, visitor);
    // Rotated twice: of the three, the last two work, one of them for the overlap.
    const second = await keys.rotate(key.id, 0, by);
    const third = await keys.rotate(second.key.id, day, by);
    expect((await invitations.list()).invitations[0]).toMatchObject({
      status: 'active',
      keyId: third.key.id,
    });
    clock.at += 1;
    const { keys: ended } = await invitations.revoke(invitation.id, by);
    expect(ended.toSorted()).toEqual([second.key.id, third.key.id].toSorted());
    const dead = (await keys.list()).filter(({ revokedAt }) => revokedAt === clock.at);
    expect(dead.map(({ id }) => id).toSorted()).toEqual(ended.toSorted());
    const trail = await store.audit({ limit: 3 });
    expect(trail.map(({ action, target }) => [action, target])).toEqual([
      ['invitations.revoke', invitation.id],
      ['keys.revoke', expect.any(String)],
      ['keys.revoke', expect.any(String)],
    ]);
  });

  test('whose key was revoked by itself counts as revoked', async () => {
    const { invite, invitations, keys, statusOf } = await desk();
    const { invitation, code } = await invite();
    const { key } = await invitations.redeem(code, visitor);
    await keys.revoke(key.id, by);
    expect(await statusOf(invitation.id)).toBe('revoked');
  });

  test('leaves no code in the store, in lists or in the audit trail', async () => {
    const { invite, invitations, store } = await desk();
    const { invitation, code } = await invite();
    const { token } = await invitations.redeem(code, visitor);
    const said = JSON.stringify([
      await invitations.list(),
      await store.invitation(invitation.id),
      await store.apiKeys(),
      await store.audit({ limit: 100 }),
    ]);
    for (const secret of [code, code.slice(9), code.slice(9).replaceAll('-', ''), token])
      expect(said).not.toContain(secret);
    expect(said).toContain(hashToken(code));
    expect(JSON.stringify(await invitations.list())).not.toContain('hash');
  });

  test('answers alike to a code that never was, that was used, and that ended', async () => {
    const { invite, invitations, clock } = await desk();
    const [used, ended, revoked, foreign] = [
      await invite(),
      await invite({ expiresAt: clock.at + 1 }),
      await invite(),
      await (await desk()).invite(),
    ];
    await invitations.redeem(used.code, visitor);
    await invitations.revoke(revoked.invitation.id, by);
    clock.at += 1;
    const said = await Promise.all(
      [used, ended, revoked, foreign].map(({ code }) =>
        invitations
          .redeem(code, visitor)
          .catch((error: { code: string; message: string; fix: string }) => [
            error.code,
            error.message,
            error.fix,
          ]),
      ),
    );
    expect(new Set(said.map((each) => JSON.stringify(each))).size).toBe(1);
    await expect(invitations.redeem(`${used.code}X`, visitor)).rejects.toMatchObject({
      code: 'invitation-mistyped',
    });
  });

  test.each([
    [{ scopes: [] }, 'bad-invitation'],
    [{ note: 'for ann@example.com' }, 'bad-invitation'],
    [{ note: 'x'.repeat(201) }, 'bad-invitation'],
    [{ keyLifeMs: 0 }, 'bad-invitation'],
    [{ keyLifeMs: Number.NaN }, 'bad-invitation'],
    [{ expiresAt: start }, 'bad-invitation'],
    [{ flags: { nothing: 'on' } }, 'unknown-flag'],
    [{ flags: { constructor: 'on' } }, 'unknown-flag'],
    [{ flags: { 'live-events': '25%' } }, 'bad-flag-state'],
  ])('that cannot be is refused: %j', async (change, code) => {
    const { invite, invitations } = await desk();
    await expect(invite(change as Partial<NewInvitation>)).rejects.toMatchObject({ code });
    expect((await invitations.list()).invitations).toEqual([]);
  });

  test('has its note cleaned of what a terminal would obey', async () => {
    const { invite } = await desk();
    const { invitation } = await invite({ note: '\u001b]0;owned\u0007second\u202e wave\nof two' });
    expect(invitation.note).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(invitation.note).toContain('wave');
  });

  test('that is unknown cannot be revoked', async () => {
    const { invitations } = await desk();
    for (const id of ['AAAA', '', '\u001b[2J', "' OR 1=1 --"])
      await expect(invitations.revoke(id, by)).rejects.toMatchObject({ code: 'no-such-invitation' });
  });
});
