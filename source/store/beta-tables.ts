/** Flags, and invitations that become keys. */
interface FlagsTable {
  name: string;
  state: string;
  setAt: number;
}

export interface InvitationsTable {
  id: string;
  hash: string;
  note: string;
  scopes: string;
  flags: string;
  keyLifeMs: number;
  createdAt: number;
  createdBy: string;
  expiresAt: number;
  redeemedAt: number | null;
  revokedAt: number | null;
  keyId: string | null;
}

export interface BetaTables {
  flags: FlagsTable;
  invitations: InvitationsTable;
}
