import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { UserError } from '../errors.ts';

export const fileNames = ['config.yaml', 'config.yml'] as const;

/** The platform's folders for this program; nothing is created. */
export function platformFolders() {
  return envPaths('signal-harvester', { suffix: '' });
}

/**
 * The configuration file to read: the one that was asked for, or else the first
 * that exists in the working folder, then in the platform's config folder.
 * Null when there is none.
 */
export function findConfigFile(explicitPath: string | undefined, cwd: string): string | null {
  if (explicitPath !== undefined) {
    const path = resolve(cwd, explicitPath);
    if (existsSync(path)) return path;
    throw new UserError('config-not-found', `There is no configuration file ${path}.`, {
      fix: 'Give the path of an existing file to --config, or leave it out to search the usual places.',
    });
  }
  const places = [cwd, platformFolders().config];
  const candidates = places.flatMap((folder) => fileNames.map((name) => join(folder, name)));
  return candidates.find((path) => existsSync(path)) ?? null;
}
