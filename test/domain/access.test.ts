import { expect, test } from 'vitest';
import { allows, type KeyScope, keyFault } from '../../source/domain/access.ts';
import { invitationStatus } from '../../source/domain/invitation.ts';
import { asksNotToTrack, type UsageKind, usageDayOf, usageName } from '../../source/domain/usage.ts';
import { payloadDays } from '../../source/domain/usage-payload.ts';

const now = 1_000;

test('every scope includes reading, admin everything, and no other any other', () => {
  const allowed = (scopes: readonly KeyScope[]) =>
    (['read', 'triage', 'run', 'admin'] as const).filter((needed) => allows(scopes, needed));
  expect(allowed([])).toEqual([]);
  expect(allowed(['read'])).toEqual(['read']);
  expect(allowed(['triage'])).toEqual(['read', 'triage']);
  expect(allowed(['run', 'triage'])).toEqual(['read', 'triage', 'run']);
  expect(allowed(['admin'])).toEqual(['read', 'triage', 'run', 'admin']);
});

test('a key works until it is revoked or over, and revoked is said first', () => {
  const fault = (expiresAt: number | null, revokedAt: number | null) =>
    keyFault({ expiresAt, revokedAt }, now);
  expect(fault(null, null)).toBeNull();
  expect(fault(now + 1, now + 1)).toBeNull();
  expect(fault(now, null)).toBe('expired');
  expect(fault(null, now)).toBe('revoked');
  expect(fault(now - 1, now - 1)).toBe('revoked');
});

test('an invitation waits, works, or is over', () => {
  const pending = { expiresAt: now + 1, redeemedAt: null, revokedAt: null };
  const key = { expiresAt: now + 9, revokedAt: null };
  expect(invitationStatus(pending, null, now)).toBe('pending');
  expect(invitationStatus({ ...pending, expiresAt: now }, null, now)).toBe('expired');
  expect(invitationStatus({ ...pending, revokedAt: 5 }, key, now)).toBe('revoked');
  const redeemed = { ...pending, expiresAt: 1, redeemedAt: 0 };
  expect(invitationStatus(redeemed, key, now)).toBe('active');
  expect(invitationStatus(redeemed, null, now)).toBe('expired');
  expect(invitationStatus(redeemed, { ...key, expiresAt: now }, now)).toBe('expired');
  expect(invitationStatus(redeemed, { ...key, revokedAt: now }, now)).toBe('revoked');
});

test.each([
  ['action', 'dismiss', 'dismiss'],
  ['action', 'delete the world', 'other'],
  ['screen', 'signals', 'signals'],
  ['screen', 'https://x', 'other'],
  ['command', 'list', 'list'],
  ['command', 'List', 'other'],
  ['command', '--force', 'other'],
  ['command', 'x list', 'other'],
  ['command', 'list /home/ann', 'other'],
  ['command', `l${'i'.repeat(30)}`, 'other'],
  ['command', `l${'i'.repeat(29)}`, `l${'i'.repeat(29)}`],
  ['route', 'GET /v1/signals/:id', 'GET /v1/signals/:id'],
  ['route', 'GET /v1/signals?q=acme', 'other'],
  ['route', 'get /v1/signals', 'other'],
  ['route', 'GETTERS! /v1', 'other'],
  ['route', 'x GET /v1', 'other'],
  ['route', 'GE /v1', 'other'],
  ['run', 'done', 'done'],
  ['run', 'undone', 'other'],
] as const)('the %s %j is counted as %j', (kind, name, counted) => {
  expect(usageName(kind as UsageKind, name)).toBe(counted);
});

test('counts are sent by day, oldest first, of a month at most', () => {
  const day = usageDayOf(Date.UTC(2026, 10, 20, 23, 59, 59, 999));
  expect(day).toBe(Date.UTC(2026, 10, 20));
  const count = (at: number, name: string) => ({
    day: at,
    kind: 'command' as const,
    name,
    count: 2,
    totalMs: 5,
  });
  expect(payloadDays([count(day, 'list'), count(day - 86_400_000, 'run'), count(day, 'show')])).toEqual([
    { day: '2026-11-19', counts: [{ kind: 'command', name: 'run', count: 2, totalMs: 5 }] },
    {
      day: '2026-11-20',
      counts: [
        { kind: 'command', name: 'list', count: 2, totalMs: 5 },
        { kind: 'command', name: 'show', count: 2, totalMs: 5 },
      ],
    },
  ]);
  const many = Array.from({ length: 40 }, (_, index) => count(day + index * 86_400_000, 'list'));
  expect(payloadDays(many)).toHaveLength(31);
});

test.each([
  [undefined, false],
  ['', false],
  ['0', false],
  [' False ', false],
  ['1', true],
  ['no', true],
])('DO_NOT_TRACK of %j', (value, asks) => {
  expect(asksNotToTrack(value)).toBe(asks);
});
