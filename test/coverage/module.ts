import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import v8 from '@vitest/coverage-v8';
import type { CoverageProviderModule } from 'vitest/node';
import { childReports, condenseReports } from './child-reports.ts';

let folder: string | null = null;

/**
 * Vitest's own V8 coverage, and beside it what child processes and worker
 * threads have run: Node writes a report for each when NODE_V8_COVERAGE is set,
 * and passes that variable on to its children even if they get no other.
 */
const module: CoverageProviderModule = {
  async startCoverage(options) {
    const { reportsDirectory } = options as unknown as { reportsDirectory: string };
    folder = join(resolve(reportsDirectory), childReports, randomUUID());
    process.env.NODE_V8_COVERAGE = folder;
    return v8.startCoverage?.(options);
  },
  async takeCoverage(options) {
    if (folder !== null) await condenseReports(folder);
    return v8.takeCoverage?.(options);
  },
  stopCoverage: (options) => v8.stopCoverage?.(options),
  async getProvider() {
    const { ProviderWithChildren } = await import('./provider.ts');
    return new ProviderWithChildren();
  },
};

export default module;
