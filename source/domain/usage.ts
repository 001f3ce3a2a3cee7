import { actions } from './key-bindings.ts';
import { places } from './key-places.ts';
import { runStates } from './run.ts';

export const usageKinds = ['action', 'screen', 'command', 'route', 'run'] as const;
/** action: what a key or the palette did · screen: visits of a screen · command: of the command line · route: of the HTTP API · run: by how it ended. */
export type UsageKind = (typeof usageKinds)[number];

export const msPerUsageDay = 86_400_000;

/** So often, and for so long, on one day. */
export interface UsageCount {
  /** Midnight, UTC, in milliseconds. */
  readonly day: number;
  readonly kind: UsageKind;
  readonly name: string;
  readonly count: number;
  /** 0 where nothing lasts. */
  readonly totalMs: number;
}

export function usageDayOf(at: number): number {
  return Math.floor(at / msPerUsageDay) * msPerUsageDay;
}

const known: Readonly<Record<UsageKind, (name: string) => boolean>> = {
  action: (name) => (actions as readonly string[]).includes(name),
  screen: (name) => (places as readonly string[]).includes(name),
  command: (name) => /^[a-z][a-z-]{0,29}$/.test(name),
  route: (name) => /^[A-Z]{3,7} \/[\w/:.*-]{0,90}$/.test(name),
  run: (name) => (runStates as readonly string[]).includes(name),
};

/** A name of the program's own; whatever else somebody hands in is called "other", so that no text can come in this way. */
export function usageName(kind: UsageKind, name: string): string {
  return known[kind](name) ? name : 'other';
}

/** Which text a person agreed to: a new one has to be agreed to anew. */
export const consentVersion = 1;

export const consentText = [
  'Once a day, after a run, Signal Harvester would send to the collector of your',
  'configuration how often you used which of its actions, screens, commands,',
  'routes and runs, and for how long, by day; with its version, the operating',
  'system, the major version of Node and a random id of this store.',
  'Never: posts, searches, notes, names, addresses, paths, keys, settings.',
  '"signal-harvester usage show --payload" shows the very message;',
  '"usage consent --no" takes this back; DO_NOT_TRACK=1 forbids it, whatever you answered.',
] as const;

/** DO_NOT_TRACK (https://consoledonottrack.com): any value but none, 0 and false. */
export function asksNotToTrack(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.trim().toLowerCase());
}
