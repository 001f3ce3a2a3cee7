import type { Generated } from 'kysely';

export interface FeedbackTable {
  id: Generated<number>;
  at: number;
  text: string;
  mood: string;
  via: string;
  actor: string;
  screen: string | null;
  version: string;
  diagnostics: string | null;
}
