import { fingerprintPost } from '../../source/domain/fingerprint.ts';
import type { DecidedStatus } from '../../source/domain/triage.ts';
import type { Decision } from '../../source/ports/desk-store.ts';
import type { Store } from '../../source/ports/store.ts';

/** The commonest decision, as the analyst. */
export function setStatus(
  store: Store,
  ids: readonly number[],
  status: DecidedStatus,
  at: number,
): Promise<Decision> {
  return store.decide({ action: 'status', status }, ids, {
    at,
    actor: 'analyst',
    fingerprint: fingerprintPost,
  });
}
