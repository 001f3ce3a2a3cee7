import type { Analyzer } from '../../ports/analyzer.ts';
import type { OfflineOptions } from './offline.ts';

/** The offline analyzer, with its word lists and weights read by the first batch: most commands analyze nothing. */
export function openOfflineAnalyzer({ batchSize = 400, ...options }: OfflineOptions): Analyzer {
  let opened: Promise<Analyzer> | null = null;
  return {
    name: 'offline',
    batchSize,
    async analyze(batch, batchOptions) {
      opened ??= import('./offline.ts').then((module) =>
        module.createOfflineAnalyzer({ batchSize, ...options }),
      );
      return (await opened).analyze(batch, batchOptions);
    },
  };
}
