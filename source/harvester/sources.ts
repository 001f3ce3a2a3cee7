import type { Exclude } from '../domain/exclude.ts';
import { describeSilence, findSilence, usualPerDay } from '../domain/silence.ts';
import { type SpendCaps, SpendMeter } from '../domain/spend.ts';
import { UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { SourceRecord } from '../ports/desk-store.ts';
import type { Source } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import type { AdHocSource, Harvester, RunRequest, SourceHealth, SourceTrial } from './harvester.ts';
import { trySource } from './trial.ts';

/** A source as the configuration has it, not yet opened. */
export interface ConfiguredSource {
  readonly name: string;
  readonly kind: string;
  readonly enabled: boolean;
  readonly target: string;
  open(): Source;
}

/** What is needed to choose and to ask sources. */
export interface SourceParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly sources: readonly ConfiguredSource[];
  openAdHoc(source: AdHocSource): Source;
  excludeFor(source: string): Exclude;
  readonly spendCaps: SpendCaps;
}

/** The sources of the configuration: how they are, and a trial of one. */
export function createSources(parts: SourceParts): Harvester['sources'] {
  const { store, clock } = parts;
  return {
    list: async () => {
      const now = clock.now();
      const known = await knownSources(store, now);
      return parts.sources.map((source) => describeHealth(source, known.get(source.name), now));
    },
    test: async (name, watch) => tryConfigured(parts, name, watch?.signal ?? new AbortController().signal),
  };
}

/** What the store knows of sources, by name. */
export async function knownSources(store: Store, now: number): Promise<ReadonlyMap<string, SourceRecord>> {
  return new Map((await store.sources(now)).map((record) => [record.name, record]));
}

function describeHealth(
  { name, kind, enabled, target }: ConfiguredSource,
  record: SourceRecord | undefined,
  now: number,
): SourceHealth {
  const silence = record === undefined || !enabled ? null : findSilence(record, now);
  return {
    name,
    kind,
    enabled,
    target,
    posts: record?.posts ?? 0,
    lastSuccessAt: record?.lastSuccessAt ?? null,
    lastErrorAt: record?.lastErrorAt ?? null,
    lastError: record?.lastError ?? null,
    quota: record?.quota ?? null,
    limitedUntil: record?.limitedUntil ?? null,
    lastPostAt: record?.lastPostAt ?? null,
    usualPerDay: record === undefined ? null : usualPerDay(record),
    silence: silence === null ? null : describeSilence(silence),
    monthUsd: record?.monthUsd ?? 0,
  };
}

export function chooseSources(
  parts: SourceParts,
  { sources: names, adHoc = [] }: RunRequest,
): readonly Source[] {
  const unknown = names?.filter((name) => !parts.sources.some((source) => source.name === name)) ?? [];
  if (unknown.length > 0) throw unknownSource(parts, unknown);
  const chosen = parts.sources.filter(({ name, enabled }) =>
    names === undefined ? enabled : names.includes(name),
  );
  return [...chosen.map((source) => source.open()), ...adHoc.map((source) => parts.openAdHoc(source))];
}

/** One page of one source, within the caps; nothing is written but what it cost. */
export async function tryConfigured(
  parts: SourceParts,
  name: string,
  signal: AbortSignal,
): Promise<SourceTrial> {
  const { store, clock } = parts;
  const [source] = chooseSources(parts, { sources: [name] });
  if (source === undefined) throw unknownSource(parts, [name]);
  return trySource(source, {
    exclude: parts.excludeFor(name),
    clock,
    signal,
    spend: new SpendMeter(parts.spendCaps, await store.spent(clock.now())),
    charge: (reads, costUsd) => store.chargeReads(name, source.kind, { reads, costUsd }, clock.now()),
  });
}

function unknownSource(parts: SourceParts, names: readonly string[]): UserError {
  return new UserError('unknown-source', `There is no source named ${names.join(', ')}.`, {
    fix: `The configuration has: ${parts.sources.map(({ name }) => name).join(', ') || 'no sources yet'}.`,
  });
}
