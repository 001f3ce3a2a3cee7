import { formatBytes } from '../domain/format-bytes.ts';
import type { RetentionPolicy } from '../domain/retention.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { SnapshotPlan } from '../harvester/retention.ts';
import { noteChange } from './audit-note.ts';
import type { CommandContext } from './command.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, printText, visible } from './print.ts';
import { notForced } from './snapshot-actions.ts';
import { describeState } from './snapshot-columns.ts';
import { narrating } from './snapshot-progress.ts';

type Decision = SnapshotPlan['decisions'][number];

const columns: readonly Column<Decision>[] = [
  { title: 'SNAPSHOT', text: ({ snapshot }) => snapshot.id },
  { title: 'PLAN', text: ({ keep }) => (keep ? 'keep' : 'remove') },
  { title: 'SIZE', align: 'right', text: ({ snapshot }) => formatBytes(snapshot.bytes) },
  { title: 'STATE', text: ({ snapshot }) => describeState(snapshot) },
  { title: 'WHY', flexible: true, text: ({ reasons }) => reasons.join('; ') },
];

/** What `--json` of the three commands prints. */
export const planJson =
  '{ "policy", "decisions": [{ "id", "keep", "reasons", "bytes" }], "removing", "bytesBefore", "bytesAfter", "refusal", "removed" }; removed is null without --force';

/** Shows what a policy would do; with `force`, verifies what stays and removes the rest. */
export async function followPolicy(
  context: CommandContext,
  policy: RetentionPolicy,
  force: boolean,
): Promise<ExitCode> {
  const { retention } = await context.keeper();
  const plan = await retention.plan(policy);
  if (!context.json) await printPlan(context, plan);
  if (plan.refusal !== null) {
    throw new UserError('policy-removes-all', plan.refusal, {
      fix: 'Let at least one rule keep something: --keep-last 1, for example.',
    });
  }
  if (plan.removing === 0 || !force) {
    if (context.json) await printJson(context, toJson(plan, plan.removing === 0 && force ? [] : null));
    if (plan.removing === 0) return exitCodes.done;
    if (context.json) return exitCodes.done;
    throw notForced('A removed snapshot cannot be brought back, so nothing was done.');
  }
  const { signal } = context;
  const done = await narrating(context, (onProgress) => retention.apply(policy, { signal, onProgress }));
  await noteChange(context, {
    action: 'retention.apply',
    target: 'snapshots',
    before: { snapshots: done.decisions.length },
    after: { policy: done.policy, removed: done.removed },
  });
  if (context.json) await printJson(context, toJson(done, done.removed));
  else
    await printText(
      context,
      `Removed ${plural(done.removed.length, 'snapshot')} after verifying what stays.`,
    );
  return exitCodes.done;
}

async function printPlan(context: CommandContext, plan: SnapshotPlan): Promise<void> {
  if (plan.decisions.length === 0) {
    await printNote(context, 'There is no snapshot yet: signal-harvester snapshot create');
    return;
  }
  await printRows(context, columns, plan.decisions);
  const { removing, decisions, bytesBefore, bytesAfter } = plan;
  const sizes = `${formatBytes(bytesBefore)} now, ${formatBytes(bytesAfter)} afterwards`;
  await printNote(
    context,
    visible(`Plan: keep ${decisions.length - removing}, remove ${removing}; ${sizes}.`),
  );
}

function toJson(
  { policy, decisions, removing, bytesBefore, bytesAfter, refusal }: SnapshotPlan,
  removed: readonly string[] | null,
) {
  return {
    policy,
    decisions: decisions.map(({ snapshot, keep, reasons }) => ({
      id: snapshot.id,
      keep,
      reasons,
      bytes: snapshot.bytes,
    })),
    ...{ removing, bytesBefore, bytesAfter, refusal, removed },
  };
}
