import type { ServerSettings } from '../config/schema.ts';
import type { RunProgress } from '../domain/run.ts';
import type { Recorder } from '../harvester/breadcrumbs.ts';
import type { Harvester, RunRequest } from '../harvester/harvester.ts';
import type { Logger } from '../log.ts';
import type { EventRing } from './event-ring.ts';

/** Runs, as the server and the schedule share them: one at a time. */
export interface RunDesk {
  /**
   * Starts a run and resolves with how it stands at its beginning.
   *
   * @throws UserError `run-in-progress`, `unknown-source`
   */
  start(request: RunRequest, reason: string): Promise<RunProgress>;
  /** Starts a run soon, when none is in progress: posts were pushed into these sources. */
  startSoon(sources: readonly string[]): void;
  /** False when no run with that id is in progress here. */
  cancel(id: number): boolean;
  current(): RunProgress | null;
}

/** What the server is made of. */
export interface HttpParts {
  readonly harvester: Harvester;
  readonly settings: ServerSettings;
  readonly runs: RunDesk;
  readonly events: EventRing;
  readonly logger: Logger;
  /** What remembers requests and writes down what nobody expected. */
  readonly recorder?: Recorder;
  readonly version: string;
  readonly topic: string;
  /** Ids of the taxonomy. */
  readonly categories: readonly string[];
  now(): number;
  /** Takes known secrets out of a text. */
  scrub(text: string): string;
  /** Why the schedule is behind, in words; null while it is not. */
  overdue(): Promise<string | null>;
}
