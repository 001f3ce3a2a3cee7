import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { formatBytes } from '../domain/format-bytes.ts';
import type { RemoteSnapshot, SnapshotInfo, SnapshotVerdict } from '../domain/snapshot.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { Snapshots } from '../harvester/snapshots.ts';
import { noteChange } from './audit-note.ts';
import type { CommandContext } from './command.ts';
import { plural } from './plural.ts';
import { printJson, printNote, printRows, printText, visible } from './print.ts';
import { describeState, snapshotColumns } from './snapshot-columns.ts';
import { formatDiff } from './snapshot-diff.ts';
import { narrating } from './snapshot-progress.ts';

export async function createSnapshot(
  context: CommandContext,
  words: readonly string[],
  tags: readonly string[],
): Promise<ExitCode> {
  takeIds('create', words, 0, 0);
  const { snapshots } = await context.keeper();
  const { signal } = context;
  const made = await narrating(context, (onProgress) => snapshots.create({ tags }, { signal, onProgress }));
  const { snapshot, copy, upload } = made;
  if (context.json) await printJson(context, made);
  else {
    const copied = copy !== null && copy.problem === null ? `, copied to ${copy.path}` : '';
    const uploaded = upload !== null && upload.problem === null ? `, uploaded to ${upload.where}` : '';
    await printText(
      context,
      visible(`${snapshot.id}: ${describeSize(snapshot)}, verified${copied}${uploaded}`),
    );
    if (copy?.problem) await printNote(context, `The copy was not made: ${visible(copy.problem)}`);
    if (upload?.problem)
      await printNote(context, `It was not uploaded to ${visible(upload.where)}: ${visible(upload.problem)}`);
  }
  return copy?.problem || upload?.problem ? exitCodes.partial : exitCodes.done;
}

export async function listSnapshots(context: CommandContext): Promise<ExitCode> {
  const { snapshots } = await context.keeper();
  const all = await snapshots.list();
  if (context.json) await printJson(context, { snapshots: all });
  else if (all.length === 0)
    await printNote(context, 'There is no snapshot yet: signal-harvester snapshot create');
  else await printRows(context, snapshotColumns(context.now()), all);
  return exitCodes.done;
}

export async function showSnapshot(context: CommandContext, words: readonly string[]): Promise<ExitCode> {
  const [name = ''] = takeIds('show', words, 1, 1);
  const { snapshots } = await context.keeper();
  const detail = await snapshots.get(name);
  if (context.json) {
    await printJson(context, detail);
    return exitCodes.done;
  }
  const {
    id,
    path,
    createdAt,
    reason,
    parent,
    programVersion,
    schemaVersion,
    tags,
    problem,
    rows,
    filesInIt,
  } = detail;
  const facts: readonly (readonly [string, string | null])[] = [
    ['snapshot', id],
    ['path', path],
    ['made', `${new Date(createdAt).toISOString()}${reason === null ? '' : `, ${reason}`}`],
    ['state', problem === null ? describeState(detail) : `damaged: ${problem}`],
    [
      'verified',
      detail.verifiedAt === null
        ? 'never, or not since it failed'
        : new Date(detail.verifiedAt).toISOString(),
    ],
    ['tags', tags.join(', ') || 'none'],
    ['parent', parent ?? 'none'],
    ['program', programVersion],
    ['schema', schemaVersion],
    [
      'rows',
      Object.entries(rows)
        .filter(([, count]) => count > 0)
        .map(([table, count]) => `${table} ${count}`)
        .join(', '),
    ],
    ['size', describeSize(detail)],
  ];
  const files = filesInIt.map((file) => `  ${file.sha256} ${file.name} (${formatBytes(file.bytes)})`);
  const lines = facts.map(([name, value]) => `${name.padEnd(9)} ${visible(value ?? '-')}`);
  await printText(context, [...lines, 'files', ...files.map(visibleKeepingIndent)].join('\n'));
  return exitCodes.done;
}

export async function verifySnapshots(
  context: CommandContext,
  words: readonly string[],
  { all, sample }: { readonly all: boolean; readonly sample: number | undefined },
): Promise<ExitCode> {
  const { snapshots } = await context.keeper();
  const names =
    all || sample !== undefined ? await chooseSome(snapshots, sample) : words.length > 0 ? words : ['newest'];
  const verdicts: SnapshotVerdict[] = [];
  for (const name of names) {
    context.signal.throwIfAborted();
    const { signal } = context;
    verdicts.push(await narrating(context, (onProgress) => snapshots.verify(name, { signal, onProgress })));
  }
  const ok = verdicts.every((verdict) => verdict.ok);
  if (context.json) await printJson(context, { ok, snapshots: verdicts });
  else {
    const lines = verdicts.flatMap(({ id, problems }) => [
      `${id}: ${problems.length === 0 ? 'sound' : 'damaged'}`,
      ...problems.map((problem) => `  ${problem}`),
    ]);
    await printText(context, lines.map(visibleKeepingIndent).join('\n'));
  }
  return ok ? exitCodes.done : exitCodes.partial;
}

export async function diffSnapshots(
  context: CommandContext,
  words: readonly string[],
  { markdown, limit }: { readonly markdown: boolean; readonly limit: number },
): Promise<ExitCode> {
  const [from = '', to = 'now'] = takeIds('diff', words, 1, 2);
  const { snapshots } = await context.keeper();
  const { signal } = context;
  const diff = await narrating(context, (onProgress) =>
    snapshots.diff({ from, to, limit }, { signal, onProgress }),
  );
  if (context.json) await printJson(context, diff);
  else await printText(context, formatDiff(diff, markdown));
  return exitCodes.done;
}

export async function restoreSnapshot(
  context: CommandContext,
  words: readonly string[],
  {
    to,
    signalsOnly,
    fromS3,
    force,
  }: {
    readonly to: string | undefined;
    readonly signalsOnly: boolean;
    readonly fromS3: boolean;
    readonly force: boolean;
  },
): Promise<ExitCode> {
  const [name = ''] = takeIds('restore', words, 1, 1);
  if (to !== undefined && signalsOnly) {
    throw new UserError('usage', '--to and --signals-only exclude each other.', {
      fix: 'Restore the whole snapshot to the new file; the signals are in it.',
    });
  }
  const { snapshots } = await context.keeper();
  const { id, holds, problem } = fromS3
    ? describeRemote(await snapshots.getRemote(name))
    : describeLocal(await snapshots.get(name));
  const path = to === undefined ? undefined : resolve(context.cwd, to);
  if (path === undefined && !force) {
    const what = signalsOnly ? 'all signals of the store, with what belongs to them,' : 'the whole store';
    const plan = `replace ${what} with that of ${id} (${holds}), after a snapshot of what is there now`;
    if (!context.json) await printText(context, `Plan: ${visible(plan)}.`);
    if (problem !== null && !context.json)
      await printNote(context, `It is damaged, so this would be refused: ${visible(problem)}`);
    throw notForced('A restore replaces what is stored, so nothing was done.');
  }
  const request = { ...(path === undefined ? {} : { to: path }), signalsOnly };
  const { signal } = context;
  const report = await narrating(context, (onProgress) =>
    fromS3
      ? snapshots.restoreRemote(id, request, { signal, onProgress })
      : snapshots.restore(id, request, { signal, onProgress }),
  );
  // A copy somewhere else changes nothing here.
  if (path === undefined) {
    await noteChange(context, {
      action: 'store.restore',
      target: id,
      before: { snapshot: report.before, putAside: report.putAside },
      after: { signalsOnly, rows: report.rows, migrated: report.migrated },
    });
  }
  if (context.json) await printJson(context, report);
  else {
    const lines = [
      `Restored ${id} to ${report.path}: ${plural(report.rows.posts ?? 0, 'post')}, ${plural(report.rows.signals ?? 0, 'signal')}.`,
      ...(report.migrated.length > 0 ? [`Brought forward by ${report.migrated.join(', ')}.`] : []),
      ...(report.before === null ? [] : [`What was there before is in ${report.before}.`]),
      ...(report.putAside === null ? [] : [`The store was damaged and is kept as ${report.putAside}.`]),
    ];
    await printText(context, lines.map(visible).join('\n'));
  }
  return exitCodes.done;
}

function describeLocal({ id, rows, problem }: SnapshotInfo) {
  return { id, holds: `${rows.posts ?? 0} posts, ${rows.signals ?? 0} signals`, problem };
}

function describeRemote({ id, bytes, complete }: RemoteSnapshot) {
  const problem = complete ? null : 'its upload did not end';
  return { id, holds: `${formatBytes(bytes)} to download`, problem };
}

export async function removeSnapshots(
  context: CommandContext,
  words: readonly string[],
  force: boolean,
): Promise<ExitCode> {
  const names = takeIds('remove', words, 1, 1000);
  const { snapshots } = await context.keeper();
  const chosen: SnapshotInfo[] = [];
  for (const name of names) chosen.push(await snapshots.get(name));
  if (!force) {
    const lines = chosen.map(
      (snapshot) => `Plan: remove ${snapshot.id} (${describeSize(snapshot)}, ${describeState(snapshot)})`,
    );
    if (!context.json) await printText(context, lines.map(visible).join('\n'));
    throw notForced('A removed snapshot cannot be brought back, so nothing was done.');
  }
  const removed: string[] = [];
  for (const { id } of chosen) if (await snapshots.remove(id)) removed.push(id);
  if (removed.length > 0) await noteChange(context, { action: 'snapshots.remove', after: { removed } });
  if (context.json) await printJson(context, { removed });
  else
    await printText(
      context,
      removed.map((id) => `Removed ${visible(id)}.`).join('\n') || 'They were gone already.',
    );
  return exitCodes.done;
}

export async function tagSnapshot(
  context: CommandContext,
  words: readonly string[],
  tags: readonly string[],
): Promise<void> {
  const [name = ''] = takeIds('tag', words, 1, 1);
  const { snapshots } = await context.keeper();
  const { id } = await snapshots.get(name);
  await snapshots.tag(id, tags);
  const detail = await snapshots.get(id);
  if (context.json) await printJson(context, { id, tags: detail.tags });
  else await printText(context, visible(`${id}: ${detail.tags.join(', ') || 'no tags'}`));
}

/** The refusal of everything that destroys, without `--force`. */
export function notForced(message: string): UserError {
  return new UserError('not-forced', message, {
    fix: 'Read the plan, then repeat the command with --force.',
  });
}

async function chooseSome(snapshots: Snapshots, sample: number | undefined): Promise<readonly string[]> {
  const ids = (await snapshots.list()).map(({ id }) => id);
  if (sample === undefined || sample >= ids.length) return ids;
  const left = [...ids];
  return Array.from({ length: sample }, () => left.splice(randomInt(left.length), 1)[0] ?? '');
}

export function takeIds(
  action: string,
  words: readonly string[],
  min: number,
  max: number,
): readonly string[] {
  if (words.length >= min && words.length <= max) return words;
  const problem =
    words.length < min
      ? `"snapshot ${action}" needs the id of a snapshot.`
      : `"snapshot ${action}" does not know what to do with "${words[max]}".`;
  throw new UserError('usage', problem, {
    fix: 'Run "signal-harvester help snapshot" for examples, or "snapshot list" for the ids.',
  });
}

function describeSize({ bytes, files, rows }: SnapshotInfo): string {
  return `${formatBytes(bytes)} in ${plural(files, 'file')}, ${plural(rows.signals ?? 0, 'signal')}`;
}

function visibleKeepingIndent(line: string): string {
  return `${/^ */.exec(line)?.[0] ?? ''}${visible(line)}`;
}
