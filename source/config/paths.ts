import { basename, dirname, extname, join, resolve } from 'node:path';
import { platformFolders } from './find.ts';
import type { LoadedConfig } from './load.ts';

/** The SQLite file: the path of the setting, from the configuration's folder, or its name in the platform's data folder. */
export function resolveStorePath({ config, folder }: Pick<LoadedConfig, 'config' | 'folder'>): string {
  return config.store.path === ''
    ? join(platformFolders().data, `${config.store.name}.sqlite`)
    : resolve(folder, config.store.path);
}

/** The folder of snapshots: the setting, or one beside the store that is named after it. */
export function resolveSnapshotsPath(loaded: Pick<LoadedConfig, 'config' | 'folder'>): string {
  const { path } = loaded.config.snapshots;
  if (path !== '') return resolve(loaded.folder, path);
  const store = resolveStorePath(loaded);
  return join(dirname(store), `${basename(store, extname(store))}-snapshots`);
}

/** The second folder of snapshots; null when there is none. */
export function resolveSnapshotsCopyPath({
  config,
  folder,
}: Pick<LoadedConfig, 'config' | 'folder'>): string | null {
  return config.snapshots.copyTo === '' ? null : resolve(folder, config.snapshots.copyTo);
}

/** The log file of the terminal app: the setting, from the configuration's folder, or the platform's log folder. */
export function resolveLogPath({ config, folder }: Pick<LoadedConfig, 'config' | 'folder'>): string {
  return config.log.path === ''
    ? join(platformFolders().log, 'signal-harvester.log')
    : resolve(folder, config.log.path);
}
