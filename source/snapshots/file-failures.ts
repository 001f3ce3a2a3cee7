import { UserError } from '../errors.ts';

/** Turns what the system says of a folder into a sentence with a fix; anything else passes unchanged. */
function explainFileFailure(error: unknown, folder: string): unknown {
  if (error instanceof UserError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return new UserError(
      'snapshots-unwritable',
      `The snapshot folder ${folder} may not be read or written (${code}).`,
      {
        fix: 'Give yourself permission on it, or set snapshots.path (or snapshots.copyTo) to another folder.',
        exitCode: 4,
        cause: error,
      },
    );
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new UserError(
      'snapshots-full',
      `There is not enough space in ${folder} for a snapshot; nothing was kept of it.`,
      {
        fix: 'Free some space ("signal-harvester retain" shows what could go), or set snapshots.path to another disk.',
        exitCode: 4,
        cause: error,
      },
    );
  }
  if (['ENOTDIR', 'EEXIST', 'EIO', 'ENODEV', 'ELOOP'].includes(code)) {
    return new UserError('snapshots-unwritable', `The snapshot folder ${folder} cannot be used (${code}).`, {
      fix: 'Check the disk and its mount, or set snapshots.path (or snapshots.copyTo) to another folder.',
      exitCode: 4,
      cause: error,
    });
  }
  return error;
}

/** Runs `act`; what fails in it is explained, and what was aborted rejects with the signal's reason. */
export async function explainingFiles<Result>(
  folder: string,
  act: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw explainFileFailure(error, folder);
  }
}
