import type { Watch } from '../../harvester/harvester.ts';
import type { App } from './app.ts';
import type { SnapshotReport } from './snapshot-desk.ts';

interface Progress {
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
}

/**
 * Does what takes its time, reads the snapshots again, and tells how it failed
 * or that it was cancelled. Null when there is no result.
 */
export async function runJob<Result>(
  app: App,
  title: string,
  failed: string,
  act: (watch: Watch<Progress>) => Promise<Result>,
  options: { readonly exclusive?: boolean } = {},
): Promise<Result | null> {
  app.snapshots.tell(null);
  app.update({ message: null });
  const outcome = await app.jobs.run(title, act, options);
  await app.snapshots.visit();
  if (outcome.kind === 'done') return outcome.result;
  if (outcome.kind === 'cancelled') app.say(`cancelled: ${title}`);
  else {
    const { message, fix } = outcome.error;
    tellReport(app, { title: failed, lines: [message, ...(fix === null ? [] : [fix])], tone: 'bad' });
  }
  return null;
}

/** In full on the screen, and in one line for whoever is on another. */
export function tellReport(app: App, report: SnapshotReport): void {
  app.snapshots.tell(report);
  app.say([report.title, ...report.lines.slice(0, 1)].join(': '), { tone: report.tone });
}
