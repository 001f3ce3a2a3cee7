import type { Generated } from 'kysely';

export interface DeliveriesTable {
  id: Generated<number>;
  key: string;
  kind: string;
  signalId: number | null;
  notifier: string;
  rule: string;
  reason: string;
  rootId: number | null;
  state: Generated<string>;
  attempts: Generated<number>;
  createdAt: number;
  queuedAt: number;
  nextAttemptAt: number;
  leaseUntil: number | null;
  uncertain: Generated<number>;
  sentAt: number | null;
  reference: string | null;
  content: string | null;
  lastError: string | null;
  toldEchoes: number | null;
  toldSources: string | null;
  toldStatus: string | null;
  toldAt: number | null;
}

export interface DeliveryAttemptsTable {
  deliveryId: number;
  number: number;
  at: number;
  endedAt: number | null;
  answer: string | null;
}

export interface DeliverySignalsTable {
  deliveryId: number;
  signalId: number;
}

export interface DigestsTable {
  rule: string;
  dueAt: number;
}

export interface EpisodesTable {
  id: Generated<number>;
  rule: string;
  by: string;
  value: string;
  startedAt: number;
  endedAt: number | null;
  peak: number;
  peakAt: number;
  usual: number;
  toldPeak: number;
}
