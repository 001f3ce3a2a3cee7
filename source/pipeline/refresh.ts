import { cleanEngagement } from '../domain/clean.ts';
import type { SpendMeter } from '../domain/spend.ts';
import { summarizeError, UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { PipelineStore } from '../ports/pipeline-store.ts';
import type { Source } from '../ports/source.ts';

export interface RefreshParts {
  readonly store: PipelineStore;
  readonly clock: Clock;
  readonly spend: SpendMeter;
  readonly signal: AbortSignal;
  onNotice(notice: string): void;
}

export interface Refreshed {
  readonly asked: number;
  readonly changed: number;
  readonly costUsd: number;
  /** Why the source cannot tell, in words; null when it can. */
  readonly note: string | null;
  /** What went wrong, in words; null when nothing did. */
  readonly failure: string | null;
}

/** Reads the counts of known posts of one source again. Rejects only when aborted or when the store fails. */
export async function refreshSource(
  source: Source,
  externalIds: readonly string[],
  { store, clock, spend, signal, onNotice }: RefreshParts,
): Promise<Refreshed> {
  if (source.refresh === undefined) {
    return {
      asked: 0,
      changed: 0,
      costUsd: 0,
      note: `${source.name}: ${source.kind} cannot tell the counts of known posts`,
      failure: null,
    };
  }
  const priceUsd = source.pricePerRead ?? 0;
  let asked = 0;
  let changed = 0;
  let costUsd = 0;
  let reserved = 0;
  const reserveReads = (wanted: number) => {
    const granted = spend.reserve(wanted, priceUsd);
    reserved += granted;
    return granted;
  };
  try {
    for await (const updates of source.refresh(externalIds, { signal, onNotice, reserveReads })) {
      const cleaned = updates.map(({ externalId, engagement }) => ({
        externalId,
        engagement: cleanEngagement(engagement),
      }));
      // A service charges for what it returns.
      const reads = priceUsd > 0 ? updates.length : 0;
      changed += await store.saveEngagement(
        source.name,
        cleaned,
        { reads, costUsd: reads * priceUsd },
        clock.now(),
      );
      spend.settle(reserved, reads, priceUsd);
      reserved = 0;
      asked += updates.length;
      costUsd += reads * priceUsd;
    }
    return { asked, changed, costUsd, note: null, failure: null };
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof UserError && error.code.startsWith('store-')) throw error;
    return {
      asked,
      changed,
      costUsd,
      note: null,
      failure: `${source.name}: ${summarizeError(error).message}`,
    };
  } finally {
    spend.settle(reserved, 0, priceUsd);
  }
}
