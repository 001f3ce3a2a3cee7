import { formatBytes } from '../domain/format-bytes.ts';
import type { RemoteSnapshot } from '../domain/snapshot.ts';
import { type ExitCode, exitCodes } from '../errors.ts';
import { noteChange } from './audit-note.ts';
import type { CommandContext } from './command.ts';
import { type Column, printJson, printNote, printRows, printText, visible } from './print.ts';
import { formatAge } from './signal-columns.ts';
import { notForced, takeIds } from './snapshot-actions.ts';

export async function listRemoteSnapshots(context: CommandContext): Promise<ExitCode> {
  const { snapshots } = await context.keeper();
  const found = await snapshots.listRemote();
  if (context.json) await printJson(context, found);
  else if (found.snapshots.length === 0)
    await printNote(context, `There is no snapshot in ${visible(found.where)} yet.`);
  else await printRows(context, remoteColumns(context.now()), found.snapshots);
  return exitCodes.done;
}

export async function removeRemoteSnapshots(
  context: CommandContext,
  words: readonly string[],
  force: boolean,
): Promise<ExitCode> {
  const names = takeIds('remove', words, 1, 1000);
  const { snapshots } = await context.keeper();
  const chosen: RemoteSnapshot[] = [];
  for (const name of names) chosen.push(await snapshots.getRemote(name));
  if (!force) {
    const lines = chosen.map(
      (each) =>
        `Plan: remove ${each.id} from the bucket (${formatBytes(each.bytes)}, ${describeUpload(each)})`,
    );
    if (!context.json) await printText(context, lines.map(visible).join('\n'));
    throw notForced('A removed snapshot cannot be brought back, so nothing was done.');
  }
  const removed: string[] = [];
  for (const { id } of chosen) if (await snapshots.removeRemote(id)) removed.push(id);
  if (removed.length > 0) {
    await noteChange(context, { action: 'snapshots.removeRemote', after: { removed } });
  }
  if (context.json) await printJson(context, { removed });
  else
    await printText(
      context,
      removed.map((id) => `Removed ${visible(id)} from the bucket.`).join('\n') || 'They were gone already.',
    );
  return exitCodes.done;
}

/** In a pipe their order is a promise, and new ones come last. */
function remoteColumns(now: number): readonly Column<RemoteSnapshot>[] {
  return [
    { title: 'SNAPSHOT', text: ({ id }) => id },
    { title: 'AGE', align: 'right', text: ({ createdAt }) => formatAge(now - createdAt) },
    { title: 'SIZE', align: 'right', text: ({ bytes }) => formatBytes(bytes) },
    { title: 'FILES', align: 'right', text: ({ files }) => String(files) },
    { title: 'UPLOAD', text: describeUpload },
  ];
}

function describeUpload({ complete }: RemoteSnapshot): string {
  return complete ? 'complete' : 'incomplete';
}
