export interface UsageDaysTable {
  day: number;
  kind: string;
  name: string;
  count: number;
  totalMs: number;
}

export interface UsageStateTable {
  id: number;
  installId: string;
  consentGiven: number | null;
  consentAt: number | null;
  consentVersion: number | null;
  sentThrough: number | null;
  attemptedAt: number | null;
}
