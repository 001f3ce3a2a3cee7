import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { V8CoverageProvider } from '@vitest/coverage-v8/dist/provider.js';
import type { ReportContext } from 'vitest/node';
import { addCounts, type FileCounts } from './add-counts.ts';
import { childReports, readChildren } from './child-reports.ts';
import { convertScript } from './convert-script.ts';
import { lowestFolders } from './lowest-folders.ts';

/** Coverage of the tests' own process, with what child processes and worker threads ran added by place in the source. */
export class ProviderWithChildren extends V8CoverageProvider {
  // What Vitest tells its workers: with "v8" they would load its own module, not ours.
  override name = 'custom' as 'v8';

  override async generateCoverage(context: ReportContext) {
    const map = await super.generateCoverage(context);
    const folder = this.options.reportsDirectory;
    const known = new Set(map.files());
    for (const script of await readChildren(folder)) {
      for (const file of await convertScript(script)) {
        if (known.has(file.path))
          addCounts(map.fileCoverageFor(file.path).data as unknown as FileCounts, file);
      }
    }
    await rm(join(folder, childReports), { recursive: true, force: true });
    return map;
  }

  override async generateReports(
    ...[map, allTestsRun]: Parameters<V8CoverageProvider['generateReports']>
  ): Promise<void> {
    const files = map.files().map((path) => {
      const { lines, branches } = map.fileCoverageFor(path).toSummary();
      return { path, lines, branches };
    });
    const lowest = lowestFolders(files, this.ctx.config.root);
    if (lowest.length > 1) this.ctx.logger.log(['lowest:', ...lowest].join('\n  '));
    await super.generateReports(map, allTestsRun);
  }
}
