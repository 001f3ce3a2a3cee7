import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeStanding, type FlagStanding } from '../domain/flags.ts';
import { formatBytes } from '../domain/format-bytes.ts';
import { describeLimit } from '../domain/limits.ts';
import { describeSilence, findSilence, type Silence } from '../domain/silence.ts';
import { summarizeError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { SourceRecord } from '../ports/desk-store.ts';
import type { ErrorCount } from '../ports/errors.ts';
import type { SnapshotArchive } from '../ports/snapshots.ts';
import type { Store } from '../ports/store.ts';
import { addUnresolved, checkDiskGrowth, checkLog, checkSnapshots } from './doctor-care.ts';
import type { Check, SourceTrial, Watch } from './harvester.ts';
import type { ConfiguredSource } from './sources.ts';

export interface DoctorParts {
  readonly store: Store;
  readonly archive: Pick<SnapshotArchive, 'list'>;
  readonly clock: Clock;
  readonly sources: readonly ConfiguredSource[];
  /** One page of a source, with nothing written. */
  readonly trial: (name: string, signal: AbortSignal) => Promise<SourceTrial>;
  /** Whether the notifiers' credentials are good. */
  readonly notifierChecks: () => Promise<readonly Check[]>;
  /** How flags stand for this installation. */
  readonly flags: () => Promise<readonly FlagStanding[]>;
  /** Errors of the program, by state and type. */
  readonly errorCounts: () => Promise<readonly ErrorCount[]>;
  /** Where the configuration came from; null when there is none. */
  readonly configPath: string | null;
  readonly nodeVersion: string;
  /** Environment variables that enabled sources and analyzers need, and whether each is set. */
  readonly keys: readonly { readonly variable: string; readonly neededBy: string; readonly set: boolean }[];
  /** Categories of the configuration that the offline analyzer cannot choose; none when absent. */
  readonly unknownCategories?: readonly string[];
  /** What is to be said of the counting of usage; null when there is nothing. */
  readonly usage?: () => Promise<Finding | null>;
  /** How far this machine's clock is ahead of the servers that answered, in milliseconds; null before any did. */
  clockSkewMs(): number | null;
}

export type Finding = Omit<Check, 'name'>;

const minFreeBytes = 500 * 1024 * 1024;
const maxSkewMs = 5 * 60_000;
const trialTimeoutMs = 30_000;

/**
 * Examines everything that a run needs, one line each, in the order in which a person would mend it.
 *
 * @param quick asks no service, and does not read the whole store
 */
export async function examine(
  parts: DoctorParts,
  watch?: Watch<Check>,
  { quick = false } = {},
): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const signal = watch?.signal ?? new AbortController().signal;
  const add = async (name: string, look: () => Promise<Finding> | Finding) => {
    const check = { name, ...(await safely(look)) };
    checks.push(check);
    watch?.onProgress?.(check);
  };
  await add('node', () => checkNode(parts.nodeVersion));
  await add('configuration', () => checkConfig(parts));
  if (!quick) await add('store', () => checkStore(parts.store));
  await add('snapshots', () => checkSnapshots(parts));
  await add('log', () => checkLog(parts));
  await add('disk', () => checkDisk(parts.store.path));
  await add('growth', () => checkDiskGrowth(parts));
  await add('flags', () => checkFlags(parts));
  for (const key of parts.keys) await add(`key ${key.variable}`, () => checkKey(key));
  const { unknownCategories = [] } = parts;
  if (unknownCategories.length > 0) await add('taxonomy', () => tellUnknown(unknownCategories));
  const records = await readRecords(parts);
  for (const source of parts.sources.filter(({ enabled }) => enabled)) {
    const record = records.get(source.name);
    if (!quick) {
      await add(`source ${source.name}`, () =>
        checkSource(source, parts.trial, record, parts.clock.now(), signal),
      );
    }
    const silence = record === undefined ? null : findSilence(record, parts.clock.now());
    if (silence !== null) await add(`yield of ${source.name}`, () => tellSilence(source, silence));
  }
  for (const { name, ...check } of quick ? [] : await parts.notifierChecks()) await add(name, () => check);
  const usage = await parts.usage?.().catch(() => null);
  if (usage) await add('usage', () => usage);
  await addDeadLetters(parts.store, add);
  await addUnresolved(parts, add);
  await add('clock', () => checkClock(parts));
  return checks;
}

async function safely(look: () => Promise<Finding> | Finding): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const { message, fix } = summarizeError(error);
    return { state: 'failed', finding: message, fix };
  }
}

function ok(finding: string): Finding {
  return { state: 'ok', finding, fix: null };
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return ok(`Node ${version}`);
  return { state: 'failed', finding: `Node ${version} is too old`, fix: 'Install Node 22.12 or newer.' };
}

function checkConfig({ configPath, sources }: DoctorParts): Finding {
  if (configPath === null) {
    return { state: 'failed', finding: 'there is none', fix: 'Run "signal-harvester init" to write one.' };
  }
  const enabled = sources.filter((source) => source.enabled).length;
  if (enabled > 0) return ok(`${configPath}: ${enabled} of ${sources.length} sources enabled`);
  return {
    state: 'failed',
    finding: `${configPath} has no enabled source`,
    fix: 'Add one under "sources:".',
  };
}

/** What is not as it would be by itself is named: a feature that is off is looked for elsewhere. */
async function checkFlags({ flags }: DoctorParts): Promise<Finding> {
  const all = await flags();
  const moved = all.filter(({ from }) => from !== 'default');
  if (moved.length === 0) return ok(`${all.length}, all as by default`);
  return ok(moved.map((flag) => `${flag.name} is ${describeStanding(flag)}`).join('; '));
}

async function checkStore(store: Store): Promise<Finding> {
  const problems = await store.check();
  const { bytes, posts, signals } = await store.size();
  if (problems.length === 0) {
    return ok(`${store.path}: sound, ${posts} posts, ${signals} signals, ${formatBytes(bytes)}`);
  }
  return {
    state: 'failed',
    finding: `${store.path}: ${problems[0]}${problems.length > 1 ? ` and ${problems.length - 1} more` : ''}`,
    fix: 'See all with "signal-harvester db check"; copy the file before anything else.',
  };
}

async function checkDisk(path: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (free >= minFreeBytes) return ok(`${formatBytes(free)} free`);
  return {
    state: 'warning',
    finding: `only ${formatBytes(free)} free beside the store`,
    fix: 'Free some space, or move the store (store.path) to another disk.',
  };
}

function checkKey({ variable, neededBy, set }: DoctorParts['keys'][number]): Finding {
  if (set) return ok(`set, for ${neededBy}`);
  return {
    state: 'failed',
    finding: `not set, and ${neededBy} needs it`,
    fix: `Set ${variable} in the environment, or disable ${neededBy}.`,
  };
}

function tellUnknown(categories: readonly string[]): Finding {
  return {
    state: 'warning',
    finding: `the offline analyzer never chooses ${categories.join(', ')}: it was not trained on it, and there are no examples`,
    fix: 'Give the category "examples" (short phrases that people write), or let a model analyze.',
  };
}

/** What the store knows of the sources; a store that cannot tell has a line of its own. */
async function readRecords({ store, clock }: DoctorParts): Promise<ReadonlyMap<string, SourceRecord>> {
  const records = await store.sources(clock.now()).catch(() => []);
  return new Map(records.map((record) => [record.name, record]));
}

function tellSilence({ name }: ConfiguredSource, silence: Silence): Finding {
  return {
    state: 'warning',
    finding: describeSilence(silence),
    fix: `Look at what it returns with "signal-harvester sources test ${name}": a changed address or query, or an exclude, looks like this.`,
  };
}

async function checkSource(
  source: ConfiguredSource,
  trial: DoctorParts['trial'],
  record: SourceRecord | undefined,
  now: number,
  signal: AbortSignal,
): Promise<Finding> {
  // Who asked for a pause is not asked meanwhile.
  if (record !== undefined && record.limitedUntil !== null) {
    return {
      state: 'warning',
      finding: `${describeLimit(record.limitedUntil, now)}, so it was not tried`,
      fix: 'Nothing to mend: the first run after that goes on from where it stopped.',
    };
  }
  const { kept, dropped, error } = await trial(
    source.name,
    AbortSignal.any([signal, AbortSignal.timeout(trialTimeoutMs)]),
  );
  const found = kept.length + dropped.length;
  if (error !== null) return { state: 'failed', finding: error.message, fix: error.fix };
  if (found > 0) return ok(`${source.target}: ${found} posts on the first page`);
  return {
    state: 'warning',
    finding: `${source.target}: answers, but has no posts`,
    fix: 'Check what it listens to; a query that finds nothing looks like this.',
  };
}

/** Only where there are any: who notifies nobody needs no line. */
async function addDeadLetters(
  store: Store,
  add: (name: string, look: () => Finding) => Promise<void>,
): Promise<void> {
  // A store that cannot tell has a line of its own.
  const { dead } = await store.countDeliveries().catch(() => ({ dead: 0 }));
  if (dead === 0) return;
  await add('deliveries', () => ({
    state: 'warning',
    finding: `${dead} ${dead === 1 ? 'message was' : 'messages were'} given up`,
    fix: 'See why with "signal-harvester notify --list --state dead"; send them with "signal-harvester notify --retry".',
  }));
}

async function checkClock({ clock, clockSkewMs, store }: DoctorParts): Promise<Finding> {
  const skewMs = clockSkewMs();
  if (skewMs !== null && Math.abs(skewMs) > maxSkewMs) {
    const direction = skewMs > 0 ? 'ahead of' : 'behind';
    return {
      state: 'failed',
      finding: `${Math.round(Math.abs(skewMs) / 60_000)} minutes ${direction} the servers that answered`,
      fix: 'Let the system set its clock (NTP): ages, scores and cursors depend on it.',
    };
  }
  const [newest] = await store.runs(1);
  if (newest !== undefined && newest.startedAt > clock.now() + maxSkewMs) {
    return {
      state: 'failed',
      finding: 'the clock is behind the last run in the store',
      fix: 'Let the system set its clock (NTP): ages, scores and cursors depend on it.',
    };
  }
  return ok(skewMs === null ? 'plausible; no server answered to compare with' : 'agrees with the servers');
}
