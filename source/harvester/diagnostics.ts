import type { Diagnostics, RedactedConfig, TerminalFacts } from '../domain/feedback.ts';
import type { RunProgress } from '../domain/run.ts';
import type { Store } from '../ports/store.ts';
import type { Check, Watch } from './harvester.ts';

/** What only the composition knows. */
export interface DiagnosticSetup {
  readonly version: string;
  /** "linux x64". */
  readonly platform: string;
  readonly nodeVersion: string;
  /** The configuration with nothing in it that somebody chose to call something. */
  settings(): RedactedConfig;
}

export interface DiagnosticParts {
  readonly store: Pick<Store, 'size' | 'runs' | 'migrations'>;
  /** What doctor finds without asking a service and without reading the whole store. */
  quickChecks(watch?: Watch<Check>): Promise<readonly Check[]>;
}

/**
 * Everything in it is a number, or a word out of a list of the program's own:
 * an allow-list, because whatever is passed through may one day hold a name.
 */
export async function diagnose(
  { store, quickChecks }: DiagnosticParts,
  { version, platform, nodeVersion, settings }: DiagnosticSetup,
  terminal: TerminalFacts | null,
): Promise<Diagnostics> {
  const [size, migrations, [run], checks] = await Promise.all([
    store.size(),
    store.migrations(),
    store.runs(1),
    quickChecks(),
  ]);
  const { posts, signals, bytes } = size;
  return {
    version: asWord(version),
    platform: asWord(platform),
    node: asWord(nodeVersion),
    terminal,
    ...settings(),
    store: { posts, signals, bytes, schema: migrations.applied.at(-1) ?? 'none' },
    lastRun: run === undefined ? null : runOf(run),
    checks: countChecks(checks),
  };
}

function runOf(run: RunProgress): NonNullable<Diagnostics['lastRun']> {
  const { state, startedAt, elapsedMs, warnings, stages, sources, analyzers } = run;
  return {
    state,
    startedAt,
    elapsedMs: Math.max(0, Math.round(elapsedMs)),
    warnings: warnings.length,
    stages: stages.map(({ name, done, total }) => ({ name, done, total })),
    sources: sources.map((source) => ({
      kind: asWord(source.kind),
      state: source.state,
      added: source.added,
      error: source.error === null ? null : asWord(source.error.code),
    })),
    analyzers: analyzers.map(({ name, analyzed, error }) => ({
      name: asWord(name),
      analyzed,
      error: error === null ? null : asWord(error.code),
    })),
  };
}

/** "source hn" is counted as "source": behind the first word stands a name. */
function countChecks(checks: readonly Check[]): Diagnostics['checks'] {
  const groups = Map.groupBy(checks, ({ name, state }) => `${name.split(' ')[0] ?? ''}/${state}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [{ check: asWord(first.name.split(' ')[0] ?? ''), state: first.state, count: group.length }];
  });
}

function asWord(text: string): string {
  return /^[\w.:+ -]{1,60}$/.test(text) ? text : 'other';
}
