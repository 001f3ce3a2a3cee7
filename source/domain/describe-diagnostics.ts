import type { Diagnostics } from './feedback.ts';
import { formatBytes } from './format-bytes.ts';

/** The bundle as lines that a person can read before they agree: everything that is in it, and nothing else. */
export function describeDiagnostics(bundle: Diagnostics): readonly string[] {
  const { version, platform, node, terminal, settings, store, lastRun } = bundle;
  const pairs = Object.entries(settings);
  return [
    `Program: version ${version}, Node ${node}, ${platform}`,
    `Terminal: ${terminal === null ? 'none' : `${terminal.columns}x${terminal.rows}, ${terminal.kind}`}`,
    `Store: ${store.posts} posts, ${store.signals} signals, ${formatBytes(store.bytes)}, schema ${store.schema}`,
    ...(lastRun === null ? ['Last run: none yet'] : describeRun(lastRun)),
    pairs.length === 0 ? 'Settings: all as they come' : 'Settings that differ from how they come:',
    ...pairs.map(([name, value]) => `  ${name} = ${value === null ? 'null' : String(value)}`),
    ...describePlaces('Sources', bundle.sources),
    ...describePlaces('Notifiers', bundle.notifiers),
    'Checks:',
    ...bundle.checks.map(
      ({ check, state, count }) => `  ${check}: ${state}${count > 1 ? ` (${count})` : ''}`,
    ),
  ];
}

function describeRun(run: NonNullable<Diagnostics['lastRun']>): readonly string[] {
  const at = `${new Date(run.startedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [
    `Last run: ${run.state}, at ${at}, ${(run.elapsedMs / 1000).toFixed(1)} s, ${run.warnings} warnings`,
    ...run.stages.map(({ name, done, total }) => `  stage ${name}: ${done} of ${total}`),
    ...run.sources.map(
      ({ kind, state, added, error }) => `  source of kind ${kind}: ${state}, ${added} new${codeOf(error)}`,
    ),
    ...run.analyzers.map(
      ({ name, analyzed, error }) => `  analyzer ${name}: ${analyzed} analyzed${codeOf(error)}`,
    ),
  ];
}

function codeOf(error: string | null): string {
  return error === null ? '' : `, error ${error}`;
}

function describePlaces(title: string, places: Diagnostics['sources']): readonly string[] {
  if (places.length === 0) return [`${title}: none`];
  const lines = places.map(({ kind, enabled, options }) => {
    const set = options.length === 0 ? 'no options' : `options ${options.join(', ')}`;
    return `  ${kind}${enabled ? '' : ' (off)'}: ${set}`;
  });
  const alike = [...Map.groupBy(lines, (line) => line)];
  return [
    `${title}:`,
    ...alike.map(([line, { length }]) => (length > 1 ? `${line} (${length} of them)` : line)),
  ];
}
