import { formatBytes } from '../domain/format-bytes.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { SignalPlan, SignalRemovalReport, SignalRule } from '../harvester/signal-retention.ts';
import { noteChange } from './audit-note.ts';
import type { CommandContext } from './command.ts';
import { plural } from './plural.ts';
import { printJson, printNote, printText, visible } from './print.ts';
import { notForced } from './snapshot-actions.ts';
import { narrating } from './snapshot-progress.ts';

/** Shows which signals have had their time; with `force`, removes them. */
export async function retainSignals(
  context: CommandContext,
  { force, compact }: { readonly force: boolean; readonly compact: boolean },
): Promise<ExitCode> {
  const { retention } = await context.open();
  const plan = await retention.planSignals();
  if (!context.json) await printPlan(context, plan);
  if (!force) {
    if (context.json) await printJson(context, { plan, done: null });
    if (plan.signals === 0 || context.json) return exitCodes.done;
    throw notForced('Removed signals come back only from a snapshot, so nothing was done.');
  }
  const { signal } = context;
  const done = await narrating(context, (onProgress) =>
    retention.applySignals({ compact }, { signal, onProgress }),
  );
  const { signals, posts, snapshot, interrupted } = done;
  if (signals > 0) {
    await noteChange(context, {
      action: 'retention.apply',
      target: 'signals',
      before: { rules: plan.rules, signals: plan.signals, snapshot },
      after: { removed: { signals, posts }, interrupted },
    });
  }
  if (context.json) await printJson(context, { plan, done });
  else await printText(context, describe(done).map(visible).join('\n'));
  return exitCodes.done;
}

async function printPlan(context: CommandContext, { rules, signals }: SignalPlan): Promise<void> {
  if (rules.length === 0) {
    await printNote(context, 'The configuration has no rule under retention.signals, so every signal stays.');
    return;
  }
  await printText(
    context,
    rules.map(({ rule, signals: named }) => visible(`${named}  ${describeRule(rule)}`)).join('\n'),
  );
  await printNote(context, `Plan: remove ${plural(signals, 'signal')} with their posts.`);
}

function describeRule({ statuses, categories, sources, search, olderThanDays }: SignalRule): string {
  const among = [
    ...(categories.length > 0 ? [`of ${categories.join(', ')}`] : []),
    ...(sources.length > 0 ? [`from ${sources.join(', ')}`] : []),
    ...(search === '' ? [] : [`found by "${search}"`]),
  ];
  return [statuses.join(', '), ...among, `older than ${plural(olderThanDays, 'day')}`].join(' ');
}

function describe(done: SignalRemovalReport): readonly string[] {
  const freed = done.bytesBefore - done.bytesAfter;
  return [
    `Removed ${plural(done.signals, 'signal')} with ${plural(done.posts, 'post')}; the store was never held longer than ${Math.ceil(done.longestBatchMs)} ms.`,
    ...(freed > 0
      ? [
          `${formatBytes(freed)} regained: ${formatBytes(done.bytesBefore)} before, ${formatBytes(done.bytesAfter)} now.`,
        ]
      : []),
    ...(done.bytesReusable > 0
      ? [
          `${formatBytes(done.bytesReusable)} are free inside the file for what comes next; --compact gives them back.`,
        ]
      : []),
    ...(done.snapshot === null ? [] : [`What was there before is in ${done.snapshot}.`]),
    ...(done.interrupted ? ['Interrupted: the same command goes on from here.'] : []),
  ];
}
