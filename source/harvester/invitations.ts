import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Actor, type KeyScope, keyScopes } from '../domain/access.ts';
import { cleanLine } from '../domain/clean.ts';
import { type FlagName, sharedFlags } from '../domain/flags.ts';
import { type InvitationStatus, invitationStatus, type StandingInvitation } from '../domain/invitation.ts';
import { codeBytes, makeInvitationCode, readInvitationCode } from '../domain/invitation-code.ts';
import { UserError } from '../errors.ts';
import type { AccessStore } from '../ports/access.ts';
import type { Clock } from '../ports/clock.ts';
import type { InvitationStore, StoredInvitation } from '../ports/invitations.ts';
import { hashToken, type IssuedKey, issueKey, withoutHash } from './access.ts';
import { checkKeyFlags } from './flags.ts';

export interface NewInvitation {
  /** What it is for; no name and no address. */
  readonly note: string;
  readonly scopes: readonly KeyScope[];
  /** `on` or `off` by the name of a flag. */
  readonly flags: Readonly<Record<string, string>>;
  /** How long the key works, from the moment of redeeming. */
  readonly keyLifeMs: number;
  /** Until when the code can be redeemed. Milliseconds, UTC. */
  readonly expiresAt: number;
}

/** An invitation and its code, which is told this once. */
export interface IssuedInvitation {
  readonly invitation: StandingInvitation;
  readonly code: string;
  /** Flags of it that have no effect: runs work for the whole installation, whoever starts them. */
  readonly ineffective: readonly FlagName[];
}

export interface InvitationList {
  /** Newest first. */
  readonly invitations: readonly StandingInvitation[];
  readonly counts: Readonly<Record<InvitationStatus, number>>;
}

export interface RevokedInvitation {
  readonly invitation: StandingInvitation;
  /** Keys that worked until now. */
  readonly keys: readonly string[];
}

export interface Invitations {
  /** @throws UserError `bad-invitation`, `unknown-flag`, `bad-flag-state` */
  create(invitation: NewInvitation, by: Actor): Promise<IssuedInvitation>;
  list(): Promise<InvitationList>;
  /**
   * Makes the code a key, once. Whoever does not hold a code that works learns nothing from the refusal.
   *
   * @throws UserError `invitation-mistyped`, `invitation-refused`
   */
  redeem(code: string, by: Actor): Promise<IssuedKey>;
  /** Ends a pending code, or an active one with its key. @throws UserError `no-such-invitation`, `invitation-ended` */
  revoke(id: string, by: Actor): Promise<RevokedInvitation>;
}

interface InvitationParts {
  readonly store: InvitationStore & Pick<AccessStore, 'apiKeys'>;
  readonly clock: Clock;
}

const nothing = Buffer.alloc(32);
/** An id has a million forms: with thousands of invitations, a second try is rare. */
const mostTries = 20;
const mostNote = 200;
const mostLifeMs = 36_500 * 86_400_000;

export function createInvitations({ store, clock }: InvitationParts): Invitations {
  const list = async (): Promise<InvitationList> => {
    const now = clock.now();
    const invitations = (await store.invitations()).map(({ invitation, key }) => ({
      ...invitation,
      status: invitationStatus(invitation, key, now),
    }));
    const counts = { pending: 0, active: 0, expired: 0, revoked: 0 };
    for (const { status } of invitations) counts[status] += 1;
    return { invitations, counts };
  };
  return {
    list,
    create: async (asked, by) => {
      const now = clock.now();
      const checked = { ...checkInvitation(asked, now), createdAt: now, createdBy: by.actor };
      for (let tries = 0; tries < mostTries; tries += 1) {
        const { id, code } = makeInvitationCode(randomBytes(codeBytes));
        const invitation = { id, ...checked, redeemedAt: null, revokedAt: null, keyId: null };
        if (await store.addInvitation({ ...invitation, hash: hashToken(code) }, by))
          return {
            invitation: { ...invitation, status: 'pending' },
            code,
            ineffective: sharedFlags(checked.flags),
          };
      }
      throw new Error('no id of an invitation is free');
    },
    redeem: async (typed, by) => {
      const read = readInvitationCode(typed);
      if (read === null) throw mistyped();
      const invitation = await store.invitation(read.id);
      const same = timingSafeEqual(
        Buffer.from(hashToken(read.code), 'hex'),
        invitation === null ? nothing : Buffer.from(invitation.hash, 'hex'),
      );
      if (invitation === null || !same) throw refused();
      const now = clock.now();
      const issued = issueKey(keyOf(invitation, now), now);
      if (!(await store.redeemInvitation(invitation.id, issued.key, now, by))) throw refused();
      return { key: withoutHash(issued.key), token: issued.token };
    },
    revoke: async (id, by) => {
      const found = (await list()).invitations.find((each) => each.id === id.toUpperCase());
      if (found === undefined) throw noSuchInvitation(id);
      if (found.status !== 'pending' && found.status !== 'active') throw ended(found);
      const revokedAt = clock.now();
      const keys = await store.revokeInvitation(found.id, revokedAt, by);
      return { invitation: { ...found, revokedAt, status: 'revoked' }, keys };
    },
  };
}

/** The key acts under a name that says where it comes from; who holds it may not choose one. */
function keyOf({ id, scopes, flags, keyLifeMs }: StoredInvitation, now: number) {
  return { name: `beta-${id.toLowerCase()}`, scopes, flags, expiresAt: now + keyLifeMs };
}

function checkInvitation(asked: NewInvitation, now: number) {
  const refuse = (message: string, fix: string) => new UserError('bad-invitation', message, { fix });
  const note = cleanLine(asked.note).trim();
  if (note.length > mostNote) throw refuse('The note is too long.', `Use at most ${mostNote} characters.`);
  if (/\S@\S/.test(note)) {
    throw refuse(
      'The note has something like an address in it.',
      'Say what the invitation is for ("support team, second wave"); keep whom it is for elsewhere.',
    );
  }
  const scopes = keyScopes.filter((scope) => asked.scopes.includes(scope));
  if (scopes.length === 0) {
    throw refuse('A key without a scope can do nothing.', `Give one or more of ${keyScopes.join(', ')}.`);
  }
  const { keyLifeMs, expiresAt } = asked;
  if (!(keyLifeMs > 0 && keyLifeMs <= mostLifeMs))
    throw refuse('The key would never work.', 'Give it a life between a minute and a hundred years.');
  if (!(expiresAt > now))
    throw refuse('The invitation would have ended before it begins.', 'Give a time to come.');
  return { note, scopes, flags: checkKeyFlags(asked.flags), keyLifeMs: Math.round(keyLifeMs), expiresAt };
}

/** Says nothing of what exists: whether a code is well formed can be told from the code alone. */
function mistyped(): UserError {
  return new UserError('invitation-mistyped', 'That is no code of an invitation: a character is wrong.', {
    fix: 'Copy it whole, from SHI- on: eight groups of four letters and digits.',
  });
}

/** One answer for a code that never was, was used, has ended, or was revoked. */
function refused(): UserError {
  return new UserError('invitation-refused', 'This code cannot be redeemed.', {
    fix: 'It may have been used, have ended or been taken back: ask for another invitation.',
  });
}

function noSuchInvitation(id: string): UserError {
  return new UserError('no-such-invitation', `There is no invitation ${cleanLine(id).slice(0, 20)}.`, {
    fix: 'Look for its id with "signal-harvester invite list" or GET /v1/invitations.',
  });
}

function ended({ id, status }: StandingInvitation): UserError {
  return new UserError('invitation-ended', `The invitation ${id} is ${status} already.`, {
    fix: 'There is nothing left to revoke.',
  });
}
