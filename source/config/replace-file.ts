import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';

/**
 * Changes a configuration file by `edit`, which gets its text. The file is
 * replaced in one step, so that whatever interrupts leaves the old one or the
 * new one.
 *
 * @throws UserError `config-changed` or `config-not-written`, and what `edit` throws
 */
export async function editConfigFile(path: string, edit: (text: string) => string): Promise<void> {
  try {
    // Behind a link, the file it leads to is replaced and not the link.
    const target = await realpath(path);
    const before = await readFile(target, 'utf8');
    await replaceFile(target, before, edit(before));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError('config-not-written', `${path} could not be changed: ${(cause as Error).message}`, {
      fix: 'Make it a file that you may write to, in a folder that you may write to.',
      cause,
    });
  }
}

async function replaceFile(path: string, before: string, after: string): Promise<void> {
  const draft = join(dirname(path), `.config-${randomUUID()}.tmp`);
  try {
    const { mode } = await stat(path);
    const file = await open(draft, 'wx', mode & 0o777);
    try {
      await file.writeFile(after);
      await file.sync();
    } finally {
      await file.close();
    }
    if ((await readFile(path, 'utf8')) !== before) {
      throw new UserError('config-changed', `${path} was changed by somebody else meanwhile.`, {
        fix: 'Run the command again; nothing was written.',
      });
    }
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
