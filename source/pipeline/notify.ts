import { type DeliverWatch, deliverDue } from './deliver.ts';
import type { NotifyParts } from './notify-parts.ts';
import { draftPlan, writePlan } from './notify-plan.ts';

export interface NotifyReport {
  /** Deliveries that were written down, and those that were sent (also of earlier runs). */
  readonly planned: number;
  readonly sent: number;
  /** Still to be sent, and given up. */
  readonly waiting: number;
  /** Tries of this time that failed. */
  readonly failures: number;
  readonly dead: number;
}

/**
 * Tells what there is to tell: writes it down, then sends what is due. The
 * last stage of a run, and the command `notify`. What cannot be sent now stays
 * written down; failures of services are warnings, never the end of a run.
 */
export async function notify(
  parts: NotifyParts,
  watch: Omit<DeliverWatch, 'onSettled'> & { readonly onProgress: (done: number, total: number) => void },
): Promise<NotifyReport> {
  const plan = await draftPlan(parts);
  const planned = await writePlan(parts, plan);
  for (const problem of plan.problems) watch.onWarning(problem);
  for (const { rule, signals } of plan.heldBack) {
    const on = parts.rules.find(({ name }) => name === rule)?.on ?? 'signal';
    const what = on === 'signal' ? (signals === 1 ? ' signal' : ' signals') : '';
    watch.onWarning(`rule ${rule}: its limits hold ${signals} more${what} back for now`);
  }
  watch.onProgress(0, planned);
  const { sent, failures } = await deliverDue(parts, {
    ...watch,
    onSettled: (settled) => watch.onProgress(settled ? 1 : 0, 0),
  });
  const { pending, failed, sending, dead } = await parts.store.countDeliveries();
  return { planned, sent, failures, waiting: pending + failed + sending, dead };
}
