import { type ApiKey, type KeyScope, keyFault } from './access.ts';
import type { KeyFlags } from './flags.ts';

export const invitationStatuses = ['pending', 'active', 'expired', 'revoked'] as const;
export type InvitationStatus = (typeof invitationStatuses)[number];

/** An invitation as it may be shown: its code is known to whoever was given it. */
export interface Invitation {
  /** The part of the code that may be seen. */
  readonly id: string;
  /** Whom or what it is for, without names and addresses; empty for none. */
  readonly note: string;
  /** What the key that it becomes may do. */
  readonly scopes: readonly KeyScope[];
  /** Flags of that key. */
  readonly flags: KeyFlags;
  /** How long that key will work from the moment of redeeming. */
  readonly keyLifeMs: number;
  /** Milliseconds, UTC, like all times here. */
  readonly createdAt: number;
  /** Who made it. */
  readonly createdBy: string;
  /** The code cannot be redeemed from then on. */
  readonly expiresAt: number;
  readonly redeemedAt: number | null;
  readonly revokedAt: number | null;
  /** The key that it became, or the one that this was rotated into. */
  readonly keyId: string | null;
}

/** An invitation as it stands at a moment. */
export interface StandingInvitation extends Invitation {
  readonly status: InvitationStatus;
}

/**
 * - pending: the code can be redeemed
 * - active: it was, and its key works
 * - expired: nobody redeemed it in time, or its key has ended
 * - revoked: it, or its key, was ended by hand
 */
export function invitationStatus(
  invitation: Pick<Invitation, 'expiresAt' | 'redeemedAt' | 'revokedAt'>,
  key: Pick<ApiKey, 'expiresAt' | 'revokedAt'> | null,
  now: number,
): InvitationStatus {
  if (invitation.revokedAt !== null) return 'revoked';
  if (invitation.redeemedAt === null) return invitation.expiresAt <= now ? 'expired' : 'pending';
  if (key === null) return 'expired';
  return keyFault(key, now) ?? 'active';
}
