import { analyzeBatch, type ChainWatch } from './analyze.ts';
import { createGroupPlanner } from './group.ts';
import type { HarvestParts, HarvestRequest } from './harvest-request.ts';
import { IdSet } from './id-set.ts';
import type { ProgressBoard } from './progress.ts';
import { scoreBatch } from './score.ts';
import { timeBatch } from './stage-timing.ts';

/** A transaction of this many posts keeps readers and the progress display alive. */
const groupBatch = 400;

/**
 * Works off what lacks a group, an analysis or a score, one batch at a time.
 * Woken by every page, so that signals appear while sources are still talking.
 */
export class Drain {
  readonly #parts: HarvestParts;
  readonly #request: HarvestRequest;
  readonly #board: ProgressBoard;
  readonly #planner;
  readonly #scored = new IdSet();
  #working: Promise<void> | null = null;
  #again = false;

  constructor(parts: HarvestParts, request: HarvestRequest, board: ProgressBoard) {
    this.#parts = parts;
    this.#request = request;
    this.#board = board;
    this.#planner = createGroupPlanner(parts.grouping, {
      nearDuplicates: parts.flags.isOn('near-duplicates'),
    });
  }

  /** Never rejects: an error comes out of `finish`. */
  wake(): void {
    if (this.#working !== null) {
      this.#again = true;
      return;
    }
    this.#working = this.#work();
    this.#working.catch(() => undefined);
  }

  /** Waits until nothing is left to do. */
  async finish(): Promise<void> {
    await this.#working;
    await this.#work();
  }

  async #work(): Promise<void> {
    do {
      this.#again = false;
      while (await this.#step()) {
        // Kysely on SQLite resolves without leaving the event loop's turn; cancelling and reporting need one.
        await new Promise(setImmediate);
        this.#request.signal.throwIfAborted();
      }
    } while (this.#again);
    this.#working = null;
  }

  /** One batch of each stage; false when none had anything to do. */
  async #step(): Promise<boolean> {
    const { store, timings } = this.#parts;
    const { stages, signal } = this.#request;
    let worked = false;
    if (stages.includes('group')) {
      const placements = await timeBatch(
        timings,
        'group',
        () => store.group(groupBatch, this.#planner),
        ({ length }) => length > 0,
      );
      this.#countPlacements(placements);
      worked ||= placements.length > 0;
    }
    if (stages.includes('analyze')) {
      const board = this.#board;
      const onWarning = (warning: string) => board.warn(warning);
      const watch: ChainWatch = {
        signal,
        onWarning,
        onLoss: (words, posts) => board.countLoss(words, posts),
        onUse: (use) => board.addModelUse(use),
        onFailure: (name, failure) => board.failAnalyzer(name, failure),
      };
      const { asked, answeredBy } = await timeBatch(
        timings,
        'analyze',
        () => analyzeBatch(this.#parts, watch),
        (batch) => batch.asked > 0,
      );
      const answered = answeredBy.length;
      board.addAnalyses(answeredBy);
      this.#board.addWork('analyze', answered, 0);
      if (stages.includes('score')) this.#board.addWork('score', 0, answered);
      const left = asked - answered;
      if (left > 0)
        onWarning(`${left} ${left === 1 ? 'signal' : 'signals'} got no analysis; the next run tries again`);
      worked ||= answered > 0;
    }
    if (stages.includes('score')) {
      const scored = await timeBatch(
        timings,
        'score',
        () => scoreBatch(this.#parts, this.#parts.scoring),
        (signals) => signals.length > 0,
      );
      // An echo makes a score due again: no more work than the signal was, to whoever reads the counts.
      const first = scored.filter((id) => this.#scored.add(id));
      this.#board.addWork('score', first.length, 0);
      worked ||= scored.length > 0;
    }
    return worked;
  }

  #countPlacements(placements: readonly { post: { source: string }; opens: boolean }[]): void {
    const opened = placements.filter(({ opens }) => opens).length;
    this.#board.addWork('group', placements.length, 0);
    if (this.#request.stages.includes('analyze')) this.#board.addWork('analyze', 0, opened);
    this.#board.addSignals(opened);
    for (const [source, echoes] of Map.groupBy(
      placements.filter(({ opens }) => !opens),
      ({ post }) => post.source,
    )) {
      this.#board.addEchoes(source, echoes.length);
    }
  }
}
