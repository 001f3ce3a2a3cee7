import { hash, randomBytes } from 'node:crypto';
import { type Actor, type ApiKey, type AuditEntry, type KeyScope, keyScopes } from '../domain/access.ts';
import { cleanLine } from '../domain/clean.ts';
import type { KeyFlags } from '../domain/flags.ts';
import { UserError } from '../errors.ts';
import type { AccessStore, AuditQuery, NewAuditEntry, StoredKey } from '../ports/access.ts';
import type { Clock } from '../ports/clock.ts';

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  /** Milliseconds, UTC; null works until it is revoked. */
  readonly expiresAt: number | null;
  /** None when absent. */
  readonly flags?: KeyFlags;
}

/** A key and its token, which is told this once. */
export interface IssuedKey {
  readonly key: ApiKey;
  readonly token: string;
}

/** What a surface recognizes tokens by. */
export interface KeyVerifier
  extends Pick<ApiKey, 'id' | 'name' | 'scopes' | 'expiresAt' | 'revokedAt' | 'lastUsedAt'> {
  /** SHA-256 of the token, in hexadecimal. */
  readonly hash: string;
}

export interface Keys {
  /** @throws UserError `bad-key` */
  create(key: NewKey, by: Actor): Promise<IssuedKey>;
  /** Newest first, those that no longer work included. */
  list(): Promise<readonly ApiKey[]>;
  /**
   * A new key with the name, scopes and length of life of an old one, which goes on working for `overlapMs`.
   *
   * @throws UserError `no-such-key`, `key-ended`
   */
  rotate(id: string, overlapMs: number, by: Actor): Promise<IssuedKey>;
  /** Ends a key now. @throws UserError `no-such-key`, `key-ended` */
  revoke(id: string, by: Actor): Promise<ApiKey>;
  verifiers(): Promise<readonly KeyVerifier[]>;
  markUsed(uses: readonly { readonly id: string; readonly at: number }[]): Promise<void>;
}

export interface Audit {
  add(entry: NewAuditEntry, by: Actor): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Forgets what is older than `days` (30 at least). Returns how many entries went. */
  prune(days: number): Promise<number>;
}

interface AccessParts {
  readonly store: AccessStore;
  readonly clock: Clock;
}

/** How tokens begin, so that a leaked one is recognized: shk_ID_SECRET. */
export const tokenMark = 'shk_';
const idLength = 8;
const secretBytes = 32;
const msPerDay = 86_400_000;
const leastAuditDays = 31;

/** SHA-256 rather than a slow hash: the secret is 256 random bits, which nobody can try. */
export function digestToken(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** The same in hexadecimal, as it is stored. */
export function hashToken(token: string): string {
  return digestToken(token).toString('hex');
}

/** The visible part of a token; null when it has not the form of one. */
export function keyIdOf(token: string): string | null {
  return /^shk_([a-z0-9]{8})_[A-Za-z0-9_-]{43}$/.exec(token)?.[1] ?? null;
}

export function createKeys({ store, clock }: AccessParts): Keys {
  const find = async (id: string): Promise<StoredKey> => {
    const key = (await store.apiKeys()).find((each) => each.id === id);
    if (key !== undefined) return key;
    throw new UserError('no-such-key', `There is no key ${cleanLine(id)}.`, {
      fix: 'Look for its id with "signal-harvester keys list" or GET /v1/keys.',
    });
  };
  const findWorking = async (id: string): Promise<StoredKey> => {
    const key = await find(id);
    const now = clock.now();
    if (key.revokedAt === null && (key.expiresAt ?? Number.POSITIVE_INFINITY) > now) return key;
    throw new UserError('key-ended', `The key ${id} has ended already.`, { fix: 'Create a new key.' });
  };
  return {
    create: async (asked, by) => {
      const { key, token } = issueKey(checkKey(asked, clock.now()), clock.now());
      await store.addKey(key, by);
      return { key: withoutHash(key), token };
    },
    list: async () => (await store.apiKeys()).map(withoutHash),
    rotate: async (id, overlapMs, by) => {
      const old = await findWorking(id);
      const now = clock.now();
      const lifeMs = old.expiresAt === null ? null : old.expiresAt - old.createdAt;
      const { key, token } = issueKey({ ...old, expiresAt: lifeMs === null ? null : now + lifeMs }, now);
      await store.replaceKey(id, key, now + overlapMs, by);
      return { key: withoutHash(key), token };
    },
    revoke: async (id, by) => {
      const key = await findWorking(id);
      const revokedAt = clock.now();
      await store.revokeKey(id, revokedAt, by);
      return withoutHash({ ...key, revokedAt });
    },
    verifiers: async () =>
      (await store.apiKeys()).map(({ id, name, scopes, expiresAt, revokedAt, lastUsedAt, hash }) => ({
        id,
        name,
        scopes,
        expiresAt,
        revokedAt,
        lastUsedAt,
        hash,
      })),
    markUsed: (uses) => store.markKeysUsed(uses),
  };
}

export function createAudit({ store, clock }: AccessParts): Audit {
  return {
    add: (entry, by) => store.addAudit(entry, by, clock.now()),
    list: (query) => store.audit(query),
    prune: (days) => store.pruneAudit(clock.now() - Math.max(days, leastAuditDays) * msPerDay),
  };
}

/** A key and its token. One that takes the place of another brings that one's `subject`. */
export function issueKey(
  { name, scopes, expiresAt, flags = {}, subject }: NewKey & Partial<Pick<ApiKey, 'subject'>>,
  createdAt: number,
): { readonly key: StoredKey; readonly token: string } {
  const id = randomId();
  const token = `${tokenMark}${id}_${randomBytes(secretBytes).toString('base64url')}`;
  const key = {
    id,
    name,
    scopes,
    flags,
    subject: subject ?? id,
    expiresAt,
    hash: hashToken(token),
    createdAt,
  };
  return { key: { ...key, lastUsedAt: null, revokedAt: null, replacedBy: null }, token };
}

/** Eight letters and digits; no two keys of one store share them but by a chance of one in 10^12. */
function randomId(): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  return [...randomBytes(idLength)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

export function withoutHash({ hash: _, ...key }: StoredKey): ApiKey {
  return key;
}

function checkKey(key: NewKey, now: number): NewKey {
  const name = cleanLine(key.name);
  const refuse = (message: string, fix: string) => new UserError('bad-key', message, { fix });
  if (!/^[a-z0-9][a-z0-9._-]{0,59}$/.test(name)) {
    throw refuse(
      'That is no name for a key.',
      'Use 1 to 60 lower-case letters, digits, ".", "_" or "-", such as "grafana".',
    );
  }
  if (['analyst', 'program', 'anonymous', 'cli'].includes(name)) {
    throw refuse(`"${name}" is a name that the program uses itself.`, 'Choose another name.');
  }
  const scopes = keyScopes.filter((scope) => key.scopes.includes(scope));
  if (scopes.length === 0) {
    throw refuse('A key without a scope can do nothing.', `Give one or more of ${keyScopes.join(', ')}.`);
  }
  if (key.expiresAt !== null && key.expiresAt <= now) {
    throw refuse('The key would have ended before it begins.', 'Give a time to come, or none.');
  }
  return { name, scopes, expiresAt: key.expiresAt, flags: key.flags ?? {} };
}
