import type { BreadcrumbKind, ErrorOrigin } from '../domain/error-group.ts';
import type { RunProgress } from '../domain/run.ts';
import type { Harvester, Watch } from './harvester.ts';

/** What remembers steps and writes unexpected errors down. */
export interface Recorder {
  crumb(kind: BreadcrumbKind, text: string): void;
  capture(error: unknown, origin: ErrorOrigin): void;
}

type Operation = (...args: never[]) => Promise<unknown>;

/** Asked every few seconds by screens and instruments that follow something: they would push out everything else. */
const silent = new Set([
  'logs.tail',
  'signals.newSince',
  'runs.list',
  'upkeep.totals',
  'upkeep.readiness',
  'errors.counts',
  'keys.verifiers',
  'keys.markUsed',
  'audit.add',
  'close',
]);

/**
 * The same application with a breadcrumb for every operation, by its name, and
 * for every stage of a run; an operation that fails as nobody expected is
 * captured before its caller hears of it.
 */
export function withBreadcrumbs(harvester: Harvester, recorder: Recorder): Harvester {
  const follow = (path: string, operation: Operation): Operation =>
    (async (...args: never[]) => {
      if (!silent.has(path)) recorder.crumb('operation', path);
      try {
        return await operation(...(path === 'run' ? followRun(args, recorder) : args));
      } catch (error) {
        recorder.capture(error, 'operation');
        throw error;
      }
    }) as Operation;
  const followed = Object.entries(harvester).map(([subject, member]) => {
    if (typeof member === 'function') return [subject, follow(subject, member as Operation)];
    const operations = Object.entries(member).map(([name, operation]) => [
      name,
      typeof operation === 'function' ? follow(`${subject}.${name}`, operation as Operation) : operation,
    ]);
    return [subject, Object.fromEntries(operations)];
  });
  // Member for member the same, each with the arguments and the answer that it had.
  return Object.fromEntries(followed) as Harvester;
}

/** The arguments of a run, with a watch that notes each stage when its work begins. */
function followRun(args: readonly never[], recorder: Recorder): never[] {
  const [request, watch = {}] = args as unknown as [unknown, Watch<RunProgress>?];
  const begun = new Set<string>();
  const onProgress = (run: RunProgress) => {
    for (const { name, total } of run.stages) {
      if (total === 0 || begun.has(name)) continue;
      begun.add(name);
      recorder.crumb('stage', name);
    }
    watch.onProgress?.(run);
  };
  return [request, { ...watch, onProgress }] as never[];
}
