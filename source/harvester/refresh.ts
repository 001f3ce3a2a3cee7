import { rankForSalience } from '../domain/score.ts';
import { SpendMeter } from '../domain/spend.ts';
import { refreshSource } from '../pipeline/refresh.ts';
import type { Relevance } from '../pipeline/relevance.ts';
import { type ScoreRules, scoreBatch } from '../pipeline/score.ts';
import type { Harvester } from './harvester.ts';
import type { SourceParts } from './sources.ts';

export interface RefreshParts extends SourceParts {
  readonly scoring: ScoreRules;
  /** As the flags have it when counts are asked for. */
  relevanceNow(): Promise<Relevance>;
}

/** Asks anew for the counts of the posts that matter most, and scores what changed. */
export function createRefresh(parts: RefreshParts): Harvester['refresh'] {
  const { store, clock, scoring } = parts;
  return async ({ minSalience, limit }, watch) => {
    const now = clock.now();
    const minRank = rankForSalience(Math.max(minSalience, 0.01), now, scoring.settings);
    const bySource = Map.groupBy(await store.salientPosts(minRank, limit), ({ source }) => source);
    const spend = new SpendMeter(parts.spendCaps, await store.spent(now));
    const signal = watch?.signal ?? new AbortController().signal;
    const report = { asked: 0, changed: 0, costUsd: 0, notes: [] as string[], failures: [] as string[] };
    for (const source of parts.sources.filter(({ enabled, name }) => enabled && bySource.has(name))) {
      const ids = (bySource.get(source.name) ?? []).map(({ externalId }) => externalId);
      const onNotice = (notice: string) => watch?.onProgress?.(`${source.name}: ${notice}`);
      const refreshed = await refreshSource(source.open(), ids, { store, clock, spend, signal, onNotice });
      report.asked += refreshed.asked;
      report.changed += refreshed.changed;
      report.costUsd += refreshed.costUsd;
      if (refreshed.note !== null) report.notes.push(refreshed.note);
      if (refreshed.failure !== null) report.failures.push(refreshed.failure);
    }
    const relevance = await parts.relevanceNow();
    while ((await scoreBatch({ store, clock, relevance }, scoring)).length > 0)
      await new Promise(setImmediate);
    return report;
  };
}
