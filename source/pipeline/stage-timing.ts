import type { StageName } from '../domain/run.ts';
import { heaviest, type TimingSet, timingsSince } from '../domain/timings.ts';
import type { Timings } from '../ports/timings.ts';

/** Queries of a run that are kept with it: there is one such list for every run that ever was. */
const queriesKept = 8;

/** Times one batch of a stage. `worked` says of its result whether there was one: a look that finds nothing to do is no batch. */
export async function timeBatch<Result>(
  timings: Timings | undefined,
  stage: StageName,
  act: () => Promise<Result>,
  worked: (result: Result) => boolean = () => true,
): Promise<Result> {
  const from = performance.now();
  const result = await act();
  if (worked(result)) timings?.record('stages', stage, performance.now() - from);
  return result;
}

/** Begins to follow a run; the function says what the thread has done since. */
export function followTimings(timings: Timings | undefined): () => TimingSet | undefined {
  const before = timings?.read();
  return () => {
    if (timings === undefined || before === undefined) return undefined;
    const { stages, queries } = timingsSince(timings.read(), before);
    return { stages, queries: heaviest(queries, queriesKept) };
  };
}
