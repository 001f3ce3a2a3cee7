import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants, copyFile, link, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { UserError } from '../errors.ts';
import { fileNames } from './find.ts';
import { storeNameFor } from './store-name.ts';

export interface StartingConfig {
  readonly topic: string;
  /** Sources as they stand in the file: name, kind and the options of the kind. */
  readonly sources: readonly Readonly<Record<string, unknown>>[];
}

/** A first configuration with comments that say where to go from here. */
export function startingConfig({ topic, sources }: StartingConfig): string {
  const list = stringify({ sources }, { lineWidth: 0 });
  const first = sources[0]?.name;
  const store = { name: storeNameFor(topic, typeof first === 'string' ? first : '') };
  return `# The configuration of Signal Harvester.
# "signal-harvester config example" prints every option, explained, with its default.
# Secrets never stand here: they are read from environment variables only.

# What you listen for; shown on screen
${stringify({ topic }, { lineWidth: 0 })}
# Posts and decisions are kept in a file of this name in the data folder of your account; "signal-harvester db
# status" says where that is. A second product needs another name: configurations with one name share one list.
# "path" is a file of your own choice instead, such as ./signals.sqlite beside this file.
${stringify({ store }, { lineWidth: 0 })}
# Places that posts come from. Add as many as you like; every name once.
${list}
# What a signal's salience is made of; lower means fresher lists.
# score:
#   halfLifeHours: 24

# Partial configurations, laid over the above with --profile NAME.
# profiles:
#   production:
#     log:
#       level: warn
`;
}

/**
 * Writes a first `config.yaml` into a folder (made when missing) and returns
 * its path. Never over an existing configuration: that is a `UserError`. The
 * file appears whole or not at all, readable by its owner only.
 */
export async function writeStartingConfig(folder: string, starting: StartingConfig): Promise<string> {
  const existing = fileNames.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (existing !== undefined) throw configExists(existing);
  const path = join(folder, fileNames[0]);
  const draft = join(folder, `.config-${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, startingConfig(starting), { mode: 0o600, flag: 'wx' });
    await publish(draft, path);
  } catch (cause) {
    if (isCode(cause, 'EEXIST') && (cause as NodeJS.ErrnoException).syscall !== 'mkdir')
      throw configExists(path);
    throw new UserError('config-not-written', `${path} could not be written: ${(cause as Error).message}`, {
      fix: 'Go to a folder that you may write to, and try again there.',
      cause,
    });
  } finally {
    // Where the folder could not be made there is nothing to remove, and the reason is told already.
    await rm(draft, { force: true }).catch(() => undefined);
  }
  return path;
}

/** Both ways fail where a rename would replace a file that appeared meanwhile. */
async function publish(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    // Some file systems know no links (FAT, some network shares).
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].some((code) => isCode(error, code))) throw error;
    await copyFile(draft, path, constants.COPYFILE_EXCL);
  }
}

function configExists(path: string): UserError {
  return new UserError('config-exists', `There is a configuration already: ${path}`, {
    fix: 'Edit that file, or move it away first.',
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
