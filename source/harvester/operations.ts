import type { Harvester } from './harvester.ts';

/** `run`, `signals.page`, …: every method of the application by its path. */
export type OperationPath = {
  [Subject in keyof Harvester]: Harvester[Subject] extends (...args: never[]) => unknown
    ? Subject
    : `${Subject}.${keyof Harvester[Subject] & string}`;
}[keyof Harvester];

/** What crosses a thread boundary; true marks those that take a watch as last argument. */
export const operations: Readonly<Record<OperationPath, boolean>> = {
  run: true,
  'runs.list': false,
  'signals.page': false,
  'signals.count': false,
  'signals.complete': false,
  'signals.around': false,
  'signals.newSince': false,
  'signals.get': false,
  'views.list': false,
  'views.save': false,
  'views.rename': false,
  'views.remove': false,
  'views.reorder': false,
  'triage.apply': false,
  'triage.undo': false,
  'triage.redo': false,
  'sources.list': false,
  'sources.test': true,
  'analysis.estimate': false,
  'analysis.reanalyze': true,
  'analysis.books': false,
  estimate: false,
  refresh: true,
  'scoring.settings': false,
  'scoring.preview': false,
  'scoring.save': false,
  'scoring.adopt': false,
  'labels.list': false,
  'labels.import': false,
  'labels.remove': false,
  'learning.status': false,
  'learning.reset': false,
  'learning.refresh': false,
  'learning.explain': false,
  'evaluation.estimate': false,
  'evaluation.run': true,
  'store.status': false,
  'store.check': false,
  'snapshots.list': false,
  'snapshots.get': false,
  'snapshots.create': true,
  'snapshots.verify': true,
  'snapshots.diff': true,
  'snapshots.restore': true,
  'snapshots.remove': false,
  'snapshots.tag': false,
  'retention.policy': false,
  'retention.plan': false,
  'retention.apply': true,
  'retention.planSignals': false,
  'retention.applySignals': true,
  doctor: true,
  close: false,
};

export function isWatched(path: string): boolean {
  return (operations as Readonly<Record<string, boolean>>)[path] === true;
}
