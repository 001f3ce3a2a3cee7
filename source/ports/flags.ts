import type { Actor } from '../domain/access.ts';
import type { FlagName } from '../domain/flags.ts';

/** What is on. Decided once, for one subject: it does not change while a run or a request lasts. */
export interface Flags {
  isOn(flag: FlagName): boolean;
}

/** What `flags set` wrote. The name may be one that this version does not know. */
export interface StoredFlag {
  readonly name: string;
  readonly state: string;
  /** Milliseconds, UTC. */
  readonly setAt: number;
}

/** Flags in the store. A change and its audit entry are one transaction. */
export interface FlagStore {
  /** The id of this installation; `make` is asked once in the life of the store. */
  installId(make: () => string): Promise<string>;
  storedFlags(): Promise<readonly StoredFlag[]>;
  setFlag(name: string, state: string, by: Actor, at: number): Promise<void>;
  /** False when it was not set. */
  unsetFlag(name: string, by: Actor, at: number): Promise<boolean>;
}
