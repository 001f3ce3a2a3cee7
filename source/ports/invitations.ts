import type { Actor, ApiKey } from '../domain/access.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { StoredKey } from './access.ts';

/** An invitation with what its code is recognized by. */
export interface StoredInvitation extends Invitation {
  /** SHA-256 of the code, in hexadecimal. */
  readonly hash: string;
}

/** Invitations. A change of one, of its key, and the audit entries are one transaction. */
export interface InvitationStore {
  /** False, and nothing is written, when the id is taken. */
  addInvitation(invitation: StoredInvitation, by: Actor): Promise<boolean>;
  /** Newest first, each with the key that it became. */
  invitations(): Promise<
    readonly {
      readonly invitation: Invitation;
      readonly key: Pick<ApiKey, 'expiresAt' | 'revokedAt'> | null;
    }[]
  >;
  invitation(id: string): Promise<StoredInvitation | null>;
  /**
   * Adds `key` and marks the invitation as redeemed. False, and nothing is
   * written, when it is not pending at `at` any more: of two at once, one wins.
   */
  redeemInvitation(id: string, key: StoredKey, at: number, by: Actor): Promise<boolean>;
  /**
   * Ends the invitation, and with it its key and those that the key replaced.
   * Returns the ids of the keys that worked until then.
   */
  revokeInvitation(id: string, at: number, by: Actor): Promise<readonly string[]>;
}
