import type { LoadedConfig } from '../config/load.ts';
import { type FlagName, type FlagState, flagNames, readFlagState } from '../domain/flags.ts';
import type { PinnedFlags } from '../harvester/flags.ts';

/** The flags that the configuration decides, told apart by who wrote them: a variable, or the file and its profile. */
export function pinnedFlags({
  config,
  environment,
}: Pick<LoadedConfig, 'config' | 'environment'>): PinnedFlags {
  const pinned: Record<keyof PinnedFlags, Partial<Record<FlagName, FlagState>>> = {
    environment: {},
    config: {},
  };
  for (const name of flagNames) {
    const state = readFlagState(config.flags[name]);
    // A variable may set one flag, or all of them as JSON.
    const byVariable = environment.some(
      ({ path: [section, flag], value }) =>
        section === 'flags' && (flag === name || (flag === undefined && Object.hasOwn(Object(value), name))),
    );
    if (state !== null) pinned[byVariable ? 'environment' : 'config'][name] = state;
  }
  return pinned;
}
