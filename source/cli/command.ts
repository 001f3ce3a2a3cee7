import type { LoadedConfig } from '../config/load.ts';
import type { ShownConfig } from '../config/show.ts';
import type { ExitCode } from '../errors.ts';
import type { FeedList } from '../harvester/feed-list.ts';
import type { Harvester } from '../harvester/harvester.ts';
import type { Setup } from '../harvester/setup.ts';
import type { SnapshotKeeper } from '../harvester/snapshots.ts';
import type { StoreAdmin } from '../harvester/store-admin.ts';

/**
 * A time in the past, as it was typed: so long before now, or a date. Both in
 * milliseconds; a date is UTC.
 */
export type Moment = { readonly agoMs: number } | { readonly at: number };

/** One flag. `moment` is written "90m", "24h", "7d", or as a date, "2026-11-20". */
export interface FlagSpec {
  readonly type: 'boolean' | 'text' | 'list' | 'integer' | 'number' | 'moment';
  readonly summary: string;
  /** What stands for the value in help: "NAME". */
  readonly value?: string;
  /** The only values that are taken; "a,b" gives several to a list. */
  readonly choices?: readonly string[];
  /** "a,b" gives several to a list whose choices are known only later. */
  readonly commas?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** One letter that may stand for it: "h" for -h. */
  readonly short?: string;
  /** A boolean that is on unless `--no-…` turns it off. */
  readonly on?: boolean;
}

export type Flags = Readonly<Record<string, FlagSpec>>;

type FlagValue<Spec extends FlagSpec> = Spec['type'] extends 'boolean'
  ? boolean
  : Spec['type'] extends 'list'
    ? readonly string[]
    : Spec['type'] extends 'text'
      ? string | undefined
      : Spec['type'] extends 'moment'
        ? Moment | undefined
        : number | undefined;

export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: FlagValue<F[Name]> };

export interface Invocation<F extends Flags = Flags> {
  /** Words after the command. */
  readonly words: readonly string[];
  readonly flags: FlagValues<F>;
}

export interface GlobalFlags {
  readonly config: string | undefined;
  readonly profile: string | undefined;
  readonly json: boolean;
  readonly demo: boolean;
  readonly color: boolean;
  readonly screenReader: boolean;
  readonly headless: boolean;
}

/** Where a command writes, and what it may do there. */
export interface Output {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Whether stdout is a terminal. */
  readonly isTerminal: boolean;
  /** Whether stderr is one: a status line may be redrawn there. */
  readonly isErrorTerminal: boolean;
  /** Width of the terminal, or a width that reads well elsewhere. */
  readonly columns: number;
  readonly color: boolean;
  /** `--json`: stdout carries JSON and nothing else. */
  readonly json: boolean;
}

/** All that a command gets. What it does not ask for is not loaded. */
export interface CommandContext extends Output {
  readonly cwd: string;
  readonly demo: boolean;
  readonly version: string;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Milliseconds, UTC. */
  now(): number;
  loaded(): Promise<LoadedConfig>;
  /** The effective configuration without secrets: as data, and as YAML. */
  shownConfig(): Promise<{ readonly shown: ShownConfig; readonly yaml: string }>;
  /** JSON Schema of the configuration file. */
  configSchema(): Promise<unknown>;
  /** Opened once and closed when the command ends. */
  open(): Promise<Harvester>;
  admin(): Promise<StoreAdmin>;
  /** Snapshots, with the store left closed. */
  keeper(): Promise<SnapshotKeeper>;
  setup(): Promise<Setup>;
  /** The feeds of the configuration, to import and export. */
  feeds(): Promise<FeedList>;
}

export interface Example {
  readonly command: string;
  readonly meaning: string;
}

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** After the program's name: "show ID". */
  readonly usage: string;
  /** More than the summary, when there is more to say. */
  readonly details?: string;
  /** What `--json` prints. */
  readonly json: string;
  readonly examples: readonly Example[];
  readonly flags: F;
  /** How many words it takes after its name. */
  readonly words: { readonly min: number; readonly max: number };
  /** Called by programs; stands in no list of commands. */
  readonly hidden?: true;
  /** Under --demo, the sample is harvested before it starts. */
  readonly reads?: boolean;
  run(context: CommandContext, invocation: Invocation<F>): Promise<ExitCode>;
}

/** Lets a file declare a command with its own flag types and the table hold it beside the others. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command;
}
