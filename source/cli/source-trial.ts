import { describeQuota } from '../domain/limits.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import type { SourceTrial, TrialPost } from '../harvester/harvester.ts';
import type { CommandContext } from './command.ts';
import { plural } from './plural.ts';
import { type Column, printJson, printNote, printRows, visible } from './print.ts';
import { formatAge, headline } from './signal-columns.ts';

interface Verdict {
  readonly post: TrialPost;
  /** Why it would be dropped; null when it would be kept. */
  readonly reason: string | null;
}

/** Shows what a run would take from a source, and why not the rest. Ends with 3 when the source failed. */
export async function printTrial(context: CommandContext, name: string): Promise<ExitCode> {
  const harvester = await context.open();
  let trial: SourceTrial;
  try {
    trial = await harvester.sources.test(name, { signal: context.signal });
  } catch (error) {
    if (context.signal.aborted) return exitCodes.interrupted;
    throw error;
  }
  const code = trial.error === null ? exitCodes.done : exitCodes.partial;
  if (context.json) {
    await printJson(context, { name, ...trial });
    return code;
  }
  const verdicts: readonly Verdict[] = [
    ...trial.kept.map((post) => ({ post, reason: null })),
    ...trial.dropped,
  ].toSorted((a, b) => b.post.createdAt - a.post.createdAt);
  if (verdicts.length > 0) {
    const columns = context.isTerminal ? tableColumns(context.now(), trial.dropped.length > 0) : lineColumns;
    await printRows(context, columns, verdicts);
  }
  for (const warning of trial.warnings) await printNote(context, `warning: ${visible(warning)}`);
  if (trial.error !== null) {
    const { message, fix } = trial.error;
    await printNote(context, `failed: ${visible(message)}${fix === null ? '' : `\nfix: ${visible(fix)}`}`);
  }
  await printNote(context, describeTrial(trial, context.now()));
  return code;
}

function tableColumns(now: number, withReasons: boolean): readonly Column<Verdict>[] {
  const why: readonly Column<Verdict>[] = [{ title: 'BECAUSE OF', text: ({ reason }) => reason ?? '' }];
  return [
    { title: 'VERDICT', text: verdictWord },
    ...(withReasons ? why : []),
    { title: 'AGE', align: 'right', text: ({ post }) => formatAge(now - post.createdAt) },
    { title: 'POST', flexible: true, text: ({ post }) => headline(post) },
  ];
}

/** The cells in a pipe. Their order is a promise: new ones come last. */
const lineColumns: readonly Column<Verdict>[] = [
  { title: 'verdict', text: verdictWord },
  { title: 'reason', text: ({ reason }) => reason ?? '' },
  { title: 'createdAt', text: ({ post }) => new Date(post.createdAt).toISOString() },
  { title: 'author', text: ({ post }) => post.author ?? '' },
  { title: 'post', text: ({ post }) => headline(post) },
  { title: 'url', text: ({ post }) => post.url ?? '' },
];

function verdictWord({ reason }: Verdict): string {
  return reason === null ? 'kept' : 'dropped';
}

function describeTrial({ kept, dropped, quota }: SourceTrial, now: number): string {
  const left = quota === null ? null : describeQuota(quota, now);
  const quotaWords = left === null ? '' : `; quota: ${left}`;
  return `${plural(kept.length, 'post')} would be kept, ${dropped.length} dropped; nothing was written${quotaWords}.`;
}
