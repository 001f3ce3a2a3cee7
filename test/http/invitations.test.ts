import { describe, expect, test } from 'vitest';
import { serve, serverDefaults } from './served.ts';

const day = 86_400_000;
const wrong = (turn: number) => `SHI-${String(turn).padStart(4, '0')}`.padEnd(39, '-0000');

async function served(failedKeysPerMinute = 10) {
  const place = await serve({
    posts: 0,
    settings: { limits: { ...serverDefaults.limits, failedKeysPerMinute } },
  });
  const invite = async (body: object = {}) =>
    (await place.ask('POST', '/v1/invitations', { body: { scopes: ['triage'], ...body } })).body;
  const redeem = (code: string) =>
    place.ask('POST', '/v1/invitations/redeem', { token: null, body: { code } });
  return { ...place, invite, redeem };
}

describe('invitations over HTTP', () => {
  test('are made by admins, redeemed by anybody with the code, and work with their flags until they end', async () => {
    const { ask, invite, redeem, clock } = await served();
    const { invitation, code } = await invite({
      note: 'support',
      flags: { 'live-events': 'off' },
      keyDays: 2,
    });
    expect(invitation).toMatchObject({
      status: 'pending',
      createdBy: 'boss',
      expiresAt: clock.at + 14 * day,
    });
    const redeemed = await redeem(code);
    expect([redeemed.status, redeemed.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { token, key } = redeemed.body;
    expect(key).toMatchObject({ name: `beta-${invitation.id.toLowerCase()}`, scopes: ['triage'] });
    expect((await ask('GET', '/v1/signals', { token })).status).toBe(200);
    expect((await ask('GET', '/v1/events', { token })).status).toBe(403);
    expect((await ask('GET', '/v1/keys', { token })).status).toBe(403);
    const { body } = await ask('GET', '/v1/invitations');
    expect(body).toMatchObject({
      invitations: [{ id: invitation.id, status: 'active', keyId: key.id }],
      counts: { pending: 0, active: 1, expired: 0, revoked: 0 },
    });
    clock.at += 2 * day;
    expect((await ask('GET', '/v1/signals', { token })).body.type).toContain('key-expired');
    const { entries } = (await ask('GET', '/v1/audit')).body;
    expect(entries.map(({ action, actor }: Record<string, string>) => [action, actor])).toEqual(
      expect.arrayContaining([
        ['invitations.create', 'boss'],
        ['invitations.redeem', 'anonymous'],
        ['keys.create', 'anonymous'],
      ]),
    );
  });

  test('become one key when ten redeem at once; the others are told nothing', async () => {
    const { ask, invite, redeem } = await served(100);
    const { code } = await invite();
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(code)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 201);
    const told = others.map(({ body: { requestId: _, ...said } }) => JSON.stringify(said));
    const never = await redeem((await (await served()).invite()).code);
    const { requestId: _, ...unknown } = never.body;
    expect(new Set([...told, JSON.stringify(unknown)]).size).toBe(1);
    expect(never.status).toBe(422);
    expect((await ask('GET', '/v1/keys')).body.keys).toHaveLength(2);
  });

  test('revoked end their key at once', async () => {
    const { ask, invite, redeem } = await served();
    const { invitation, code } = await invite();
    const { token, key } = (await redeem(code)).body;
    const revoked = await ask('DELETE', `/v1/invitations/${invitation.id}`);
    expect(revoked.body).toMatchObject({ invitation: { status: 'revoked' }, keys: [key.id] });
    expect((await ask('GET', '/v1/signals', { token })).body.type).toContain('key-revoked');
    expect((await ask('DELETE', `/v1/invitations/${invitation.id}`)).status).toBe(409);
    expect((await ask('DELETE', '/v1/invitations/ZZZZ')).status).toBe(404);
  });

  test('cannot be tried: after a few wrong codes an address waits, whatever it sends', async () => {
    const { ask, invite, redeem, clock } = await served(3);
    const { code } = await invite();
    const statuses: number[] = [];
    for (let turn = 0; turn < 5; turn += 1) statuses.push((await redeem(wrong(turn))).status);
    expect(statuses).toEqual([422, 422, 422, 429, 429]);
    const held = await redeem(code);
    expect([held.status, Number(held.headers.get('retry-after')) > 0]).toEqual([429, true]);
    // Keys of the same address go on working.
    expect((await ask('GET', '/v1/signals')).status).toBe(200);
    clock.at += 61_000;
    expect((await redeem(code)).status).toBe(201);
  });

  test.each([
    ['/v1/invitations', { scopes: [] }, 400],
    ['/v1/invitations', { scopes: ['read'], flags: { 'live-events': '5%' } }, 400],
    ['/v1/invitations', { scopes: ['read'], flags: { 'no-such': 'on' } }, 400],
    ['/v1/invitations', { scopes: ['read'], note: 'ann@example.com' }, 422],
    ['/v1/invitations', { scopes: ['read'], keyDays: 0 }, 400],
    ['/v1/invitations/redeem', {}, 400],
    ['/v1/invitations/redeem', { code: 7 }, 400],
    ['/v1/invitations/redeem', { code: 'x'.repeat(2000) }, 413],
    ['/v1/invitations/redeem', { code: "' OR 1=1 --" }, 422],
    ['/v1/invitations/redeem', { code: '\u0000\u202e' }, 422],
  ])('refuses POST %s %j with %i', async (path, body, status) => {
    const { ask } = await served();
    expect((await ask('POST', path, { body })).status).toBe(status);
  });

  test('are for admins but for redeeming', async () => {
    const { ask, key } = await served();
    for (const scope of ['read', 'triage', 'run'] as const) {
      const token = await key([scope]);
      expect((await ask('GET', '/v1/invitations', { token })).status).toBe(403);
      expect((await ask('POST', '/v1/invitations', { token, body: { scopes: ['read'] } })).status).toBe(403);
      expect((await ask('DELETE', '/v1/invitations/ZZZZ', { token })).status).toBe(403);
    }
    expect((await ask('GET', '/v1/invitations', { token: null })).status).toBe(401);
  });
});
