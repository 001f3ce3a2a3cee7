import type { App } from '../model/app.ts';
import { knobs } from '../model/policy-knobs.ts';
import { planLine } from '../screens/retention/snapshot-lines.ts';
import { stateOf } from '../text/describe-snapshot.ts';
import { formatAgo, plural } from '../text/format.ts';

const roomy = 100;

/** The snapshot under the cursor, the chosen rule, and what the rules come to. */
export function retentionWords(app: App): string {
  const { phase, error, plan, policy, knob, cursor, report } = app.snapshots.read();
  const { job } = app.jobs.read();
  if (job !== null) return job.cancelling ? `stopping: ${job.title}` : `${job.title} ${job.step}`;
  if (report !== null) return [report.title, ...report.lines].join('\n');
  if (phase === 'failed')
    return `the snapshots could not be read: ${error?.message ?? ''} ${error?.fix ?? ''} R tries again`;
  if (plan === null || policy === null) return '';
  const decision = plan.decisions[cursor.index];
  const chosen = knobs[knob];
  const rules = [
    `rule ${chosen?.name ?? ''} ${chosen?.show(policy) ?? ''}`,
    planLine(plan, app.snapshots.planned, roomy)
      .map(({ text }) => text)
      .join(''),
  ];
  if (decision === undefined) return ['there is no snapshot yet: n makes one', ...rules].join('\n');
  const { snapshot, keep, reasons } = decision;
  const row = [
    `${cursor.index + 1} of ${plan.decisions.length}`,
    keep ? 'kept' : 'would be removed',
    stateOf(snapshot).word,
    plural(snapshot.rows.signals ?? 0, 'signal'),
    formatAgo(snapshot.createdAt, app.now()),
  ];
  return [`${row.join(', ')}: ${snapshot.id}. ${reasons.join('; ')}`, ...rules].join('\n');
}
