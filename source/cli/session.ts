import type { LoadedConfig } from '../config/load.ts';
import { usageDayOf } from '../domain/usage.ts';
import type { ExitCode } from '../errors.ts';
import type { FeedList } from '../harvester/feed-list.ts';
import type { Harvester } from '../harvester/harvester.ts';
import type { SnapshotKeeper } from '../harvester/snapshots.ts';
import type { StoreAdmin } from '../harvester/store-admin.ts';
import type { Command, CommandContext, Invocation } from './command.ts';
import { printNote } from './print.ts';

/** What a command may call for; each is made at most once. */
export interface Makers extends Pick<CommandContext, 'shownConfig' | 'configSchema' | 'setup'> {
  readonly loaded: () => Promise<LoadedConfig>;
  readonly open: (loaded: LoadedConfig) => Promise<Harvester>;
  readonly admin: (loaded: LoadedConfig) => Promise<StoreAdmin>;
  readonly keeper: (loaded: LoadedConfig) => Promise<SnapshotKeeper>;
  readonly feeds: (loaded: LoadedConfig) => Promise<FeedList>;
}

type Surroundings = Omit<CommandContext, keyof Makers>;

/**
 * Runs one command and closes whatever it opened, also when it throws. Under
 * --demo, a command that only reads finds the sample already harvested.
 */
export async function runCommandOnce(
  command: Command,
  invocation: Invocation,
  surroundings: Surroundings,
  makers: Makers,
): Promise<ExitCode> {
  const toClose: { close(): Promise<void> }[] = [];
  const closing = <Resource extends { close(): Promise<void> }>(resource: Resource): Resource => {
    toClose.push(resource);
    return resource;
  };
  let opened = null as Harvester | null;
  const loaded = once(makers.loaded);
  const context: CommandContext = {
    ...surroundings,
    loaded,
    shownConfig: makers.shownConfig,
    configSchema: makers.configSchema,
    setup: once(makers.setup),
    feeds: once(async () => makers.feeds(await loaded())),
    keeper: once(async () => makers.keeper(await loaded())),
    admin: once(async () => closing(await makers.admin(await loaded()))),
    open: once(async () => {
      const harvester = closing(await makers.open(await loaded()));
      opened = harvester;
      if (surroundings.demo && command.reads) await harvester.run({}, { signal: surroundings.signal });
      return harvester;
    }),
  };
  if (surroundings.demo && !surroundings.json) {
    await printNote(surroundings, 'Demo: sample posts in a throw-away store; nothing is kept.');
  }
  const startedAt = surroundings.now();
  try {
    return await command.run(context, invocation);
  } finally {
    if (opened !== null && command.name !== 'usage')
      await countUse(opened, command, startedAt, surroundings.now());
    for (const resource of toClose) await resource.close();
  }
}

/** A command that does not open the store does not open it to be counted, and none fails because it cannot be. */
async function countUse(
  { usage }: Harvester,
  { name }: Command,
  startedAt: number,
  at: number,
): Promise<void> {
  const use = {
    day: usageDayOf(at),
    kind: 'command' as const,
    name,
    count: 1,
    totalMs: Math.max(0, at - startedAt),
  };
  await usage.record([use]).catch(() => undefined);
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
