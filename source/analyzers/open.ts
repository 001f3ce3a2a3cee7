import { UserError } from '../errors.ts';
import type { Analyzer } from '../ports/analyzer.ts';
import { createOfflineAnalyzer } from './offline/offline.ts';

const openers = new Map<string, () => Analyzer>([['offline', () => createOfflineAnalyzer()]]);

/** The configured analyzers, in the order of the chain. Throws `UserError` for a name that does not exist. */
export function openAnalyzers(config: { readonly analyzers: readonly string[] }): readonly Analyzer[] {
  return config.analyzers.map((name) => {
    const open = openers.get(name);
    if (open !== undefined) return open();
    throw new UserError('analyzer-unknown', `There is no analyzer called "${name}".`, {
      fix: `Use one of: ${[...openers.keys()].join(', ')}.`,
    });
  });
}
