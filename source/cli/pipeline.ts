import { nearestTo } from '../domain/nearest-word.ts';
import { type RunProgress, stageNames } from '../domain/run.ts';
import { type ExitCode, exitCodes, UserError } from '../errors.ts';
import type { RunRequest } from '../harvester/harvester.ts';
import type { CommandContext, FlagSpec, Moment } from './command.ts';
import { timeOf } from './flag-value.ts';
import { RunNarrator } from './progress.ts';

/** Runs (a part of) the pipeline and tells stderr how it goes; silent under --json. */
export async function runPipeline(context: CommandContext, request: RunRequest): Promise<RunProgress> {
  const harvester = await context.open();
  if (context.json) return harvester.run(request, { signal: context.signal });
  const narrator = new RunNarrator(context, { stages: request.stages ?? stageNames, now: context.now });
  const run = await harvester.run(request, {
    signal: context.signal,
    onProgress: (progress) => narrator.onProgress(progress),
  });
  narrator.finish(run);
  return run;
}

export const sinceFlag = {
  type: 'moment',
  value: 'WHEN',
  summary: 'Read again from then on: 90m, 24h, 7d ago, or a date (2026-11-20)',
} as const satisfies FlagSpec;

/** The part of a run's request that makes it a backfill; empty without the flag. */
export function sinceOf(
  context: Pick<CommandContext, 'now'>,
  since: Moment | undefined,
): { readonly since?: number } {
  return since === undefined ? {} : { since: timeOf('since', since, context.now()) };
}

/** The names that were asked for, or undefined for all; refuses when there is nothing that could be fetched. */
export async function chooseSources(
  context: CommandContext,
  asked: readonly string[],
): Promise<readonly string[] | undefined> {
  const { config, path } = await context.loaded();
  const names = config.sources.map(({ name }) => name);
  for (const name of asked) {
    if (names.includes(name)) continue;
    const nearest = nearestTo(name, names);
    const suggestion = nearest === null ? '.' : `: did you mean "${nearest}"?`;
    throw new UserError('unknown-source', `There is no source "${name}"${suggestion}`, {
      fix: names.length === 0 ? 'Add a source to the configuration.' : `Use one of ${names.join(', ')}.`,
    });
  }
  if (asked.length > 0) return asked;
  if (config.sources.some(({ enabled }) => enabled)) return undefined;
  if (path === null) {
    throw new UserError('no-config', 'There is no configuration, so there is nothing to harvest.', {
      fix: 'Run "signal-harvester init --topic NAME" to make one, or add --demo to try the program on sample posts.',
    });
  }
  throw new UserError('no-sources', `${path} has no enabled source, so there is nothing to harvest.`, {
    fix: 'Add one under "sources:"; "signal-harvester config schema" says what it may hold.',
  });
}

export function exitCodeOf(run: RunProgress): ExitCode {
  switch (run.state) {
    case 'done':
      return exitCodes.done;
    case 'partial':
      return exitCodes.partial;
    case 'failed':
      return exitCodes.unreachable;
    case 'interrupted':
      return exitCodes.interrupted;
    case 'running':
      throw new Error('the harvester returned a run that has not ended');
  }
}
