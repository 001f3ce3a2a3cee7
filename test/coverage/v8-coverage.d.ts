/** `@bcoe/v8-coverage` carries no types of its own. */
declare module '@bcoe/v8-coverage' {
  import type { Profiler } from 'node:inspector';

  export type ScriptCov = Profiler.ScriptCoverage;
  export interface ProcessCov {
    readonly result: ScriptCov[];
  }
  export function mergeProcessCovs(covs: readonly ProcessCov[]): ProcessCov;
}
