import { createHash, randomUUID } from 'node:crypto';
import type { Actor } from '../domain/access.ts';
import { cleanLine } from '../domain/clean.ts';
import {
  decideFlag,
  type FlagName,
  type FlagStanding,
  type FlagState,
  flagNames,
  flags,
  isFlagName,
  type KeyFlags,
  readFlagState,
  rolloutPlaces,
  whyIneffective,
} from '../domain/flags.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { UserError } from '../errors.ts';
import type { AccessStore } from '../ports/access.ts';
import type { Clock } from '../ports/clock.ts';
import type { FlagStore, Flags } from '../ports/flags.ts';

/** Flags that no `flags set` can move, by where they stand. */
export interface PinnedFlags {
  readonly environment: Readonly<Partial<Record<FlagName, FlagState>>>;
  readonly config: Readonly<Partial<Record<FlagName, FlagState>>>;
}

/** Whom flags are decided for. */
export interface FlagSubject {
  readonly kind: 'install' | 'key' | 'other';
  /** The id of the installation or of the key, or what was asked for. */
  readonly id: string;
}

export interface FlagList {
  readonly subject: FlagSubject;
  readonly flags: readonly FlagStanding[];
}

export interface FlagExplanation {
  readonly subject: FlagSubject;
  readonly flag: FlagStanding;
}

export interface FlagChange {
  /** How the flag now stands for this installation. */
  readonly flag: FlagStanding;
  /** Why the change has no effect; null when it has. */
  readonly ineffective: string | null;
}

export interface FlagsSubject {
  /** Every flag, for this installation or for `subject`: the id of a key, or any other word. */
  list(subject?: string): Promise<FlagList>;
  /** @throws UserError `unknown-flag` */
  explain(name: string, subject?: string): Promise<FlagExplanation>;
  /**
   * Writes a state (`on`, `off`, `25%`) into the store, below the configuration.
   *
   * @throws UserError `unknown-flag`, `bad-flag-state`
   */
  set(name: string, state: string, by: Actor): Promise<FlagChange>;
  /** Takes back what was set. @throws UserError `unknown-flag` */
  unset(name: string, by: Actor): Promise<FlagChange>;
}

interface FlagDeskParts {
  readonly store: FlagStore & Pick<AccessStore, 'apiKeys'>;
  readonly clock: Clock;
  readonly pinned: PinnedFlags;
}

/** What the application needs beside the subject of flags: how things stand for this installation, now. */
export interface FlagDesk extends FlagsSubject {
  forInstall(): Promise<Flags>;
}

export function createFlags({ store, clock, pinned }: FlagDeskParts): FlagDesk {
  const list = async (asked?: string): Promise<FlagList> => {
    const { subject, idFor, own } = await findSubject(store, asked);
    const stored = new Map((await store.storedFlags()).map(({ name, state }) => [name, state]));
    const standings = flagNames.map((name) => {
      const said = {
        environment: pinned.environment[name],
        key: own[name],
        config: pinned.config[name],
        store: readFlagState(stored.get(name) ?? '') ?? undefined,
      };
      return decideFlag(name, said, rolloutPlace(name, idFor[flags[name].decidedFor]));
    });
    return { subject, flags: standings };
  };
  const explain = async (name: string, subject?: string): Promise<FlagExplanation> => {
    const known = checkName(name);
    const all = await list(subject);
    const flag = all.flags.find((each) => each.name === known);
    if (flag === undefined) throw new Error(`${known} is not in the list of flags`);
    return { subject: all.subject, flag };
  };
  const tell = async (name: FlagName): Promise<FlagChange> => {
    const { flag } = await explain(name);
    return { flag, ineffective: whyIneffective(flag) };
  };
  return {
    list,
    explain,
    set: async (name, state, by) => {
      const known = checkName(name);
      await store.setFlag(known, checkState(state), by, clock.now());
      return tell(known);
    },
    unset: async (name, by) => {
      const known = checkName(name);
      await store.unsetFlag(known, by, clock.now());
      return tell(known);
    },
    forInstall: async () => flagsFrom((await list()).flags),
  };
}

/** What is on by a list of standings: it stays so, whatever is set afterwards. */
export function flagsFrom(standings: readonly FlagStanding[]): Flags {
  const on = new Set(standings.filter((standing) => standing.on).map(({ name }) => name));
  return { isOn: (flag) => on.has(flag) };
}

/** Where a subject stands in the rollout of a flag, 0 to 9999: the first 48 bits of SHA-256, evenly spread. */
export function rolloutPlace(flag: string, subject: string): number {
  return createHash('sha256').update(`${flag}\n${subject}`).digest().readUIntBE(0, 6) % rolloutPlaces;
}

/** The flags of a key or an invitation, as they were asked for. @throws UserError `unknown-flag`, `bad-flag-state` */
export function checkKeyFlags(asked: Readonly<Record<string, string>>): KeyFlags {
  const entries = Object.entries(asked).map(([name, state]) => {
    const known = checkName(name);
    if (state === 'on' || state === 'off') return [known, state] as const;
    throw new UserError('bad-flag-state', `A flag of a key is on or off, not "${cleanLine(state)}".`, {
      fix: `Give ${known}=on or ${known}=off; a percentage is for everybody ("flags set").`,
    });
  });
  return Object.fromEntries(entries);
}

async function findSubject(
  store: FlagDeskParts['store'],
  asked: string | undefined,
): Promise<{
  subject: FlagSubject;
  /** What rollouts go by. */
  idFor: Readonly<Record<FlagStanding['decidedFor'], string>>;
  own: KeyFlags;
}> {
  const install = await store.installId(randomUUID);
  const key = asked === undefined ? undefined : (await store.apiKeys()).find(({ id }) => id === asked);
  if (key !== undefined) {
    const idFor = { installation: install, caller: key.subject };
    return { subject: { kind: 'key', id: key.id }, idFor, own: key.flags };
  }
  const id = asked ?? install;
  // Another installation, say.
  const idFor = { installation: id, caller: id };
  return { subject: { kind: id === install ? 'install' : 'other', id }, idFor, own: {} };
}

function checkName(name: string): FlagName {
  if (isFlagName(name)) return name;
  const nearest = nearestWord(name, flagNames);
  const suggestion = nearest === null ? '.' : `: did you mean "${nearest}"?`;
  throw new UserError('unknown-flag', `There is no flag "${cleanLine(name).slice(0, 60)}"${suggestion}`, {
    fix: `The flags are ${flagNames.join(', ')}.`,
  });
}

function checkState(text: string): FlagState {
  const state = readFlagState(text);
  if (state !== null) return state;
  throw new UserError('bad-flag-state', `"${cleanLine(text).slice(0, 60)}" is no state of a flag.`, {
    fix: 'Give on, off, or a percentage from 0% to 100% with at most two decimals.',
  });
}
