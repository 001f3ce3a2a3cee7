import type { KeyFlags } from './flags.ts';

/** What a key may do. `triage` and `run` include `read`; `admin` includes everything. */
export const keyScopes = ['read', 'triage', 'run', 'admin'] as const;
export type KeyScope = (typeof keyScopes)[number];

/** A key of the HTTP API as it may be shown: its token is known to nobody but its owner. */
export interface ApiKey {
  /** The part of the token that may be seen. */
  readonly id: string;
  /** Who acts with it: the actor of decisions and of the audit trail. Keys that replace each other share it. */
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  /** Milliseconds, UTC, like all times here. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** Kept to the minute or so. */
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  /** The key that it was rotated into; it works until `expiresAt`. */
  readonly replacedBy: string | null;
  /** Count for whoever uses it, before what the configuration and the store say. */
  readonly flags: KeyFlags;
  /** What rollouts know it by: the id of the first of the keys that replaced each other. */
  readonly subject: string;
}

/** Who did something, and through what. */
export interface Actor {
  /** Name of the key, or of the person at the terminal; 1–60 characters. */
  readonly actor: string;
  readonly via: 'api' | 'cli' | 'program';
  readonly address?: string;
  readonly requestId?: string;
}

/** One change, as the audit trail remembers it. */
export interface AuditEntry {
  readonly id: number;
  /** Milliseconds, UTC. */
  readonly at: number;
  readonly actor: string;
  readonly via: Actor['via'];
  /** `signals.patch`, `keys.revoke`, … */
  readonly action: string;
  /** What was changed: a signal's id, a key's id; null for many. */
  readonly target: string | null;
  /** What was so before and is so after; plain data, null where there is nothing to tell. */
  readonly before: unknown;
  readonly after: unknown;
  readonly address: string | null;
  readonly requestId: string | null;
}

/** Whether scopes allow what asks for `needed`. */
export function allows(scopes: readonly KeyScope[], needed: KeyScope): boolean {
  if (scopes.includes('admin') || scopes.includes(needed)) return true;
  return needed === 'read' && scopes.length > 0;
}

/** Why a key does not work at a moment; null when it does. */
export function keyFault(
  key: Pick<ApiKey, 'expiresAt' | 'revokedAt'>,
  now: number,
): 'revoked' | 'expired' | null {
  if (key.revokedAt !== null && key.revokedAt <= now) return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : null;
}
