import type { TriageChange } from '../../domain/triage.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import type { TriageOutcome, TriageTarget } from '../../harvester/triage.ts';
import { cutText } from '../text/fit-text.ts';
import { formatCount, plural, withLocalTimes } from '../text/format.ts';
import { askWords, decidedParts, doneWords, finishes, rowChange } from './change-words.ts';
import type { Marks } from './marks.ts';
import { type Say, sayError } from './messages.ts';
import type { SignalDetailReader } from './signal-detail.ts';
import type { SignalList } from './signal-list.ts';

/** Signals that are read one by one after a decision; with more of them the list is read again. */
const fewSignals = 40;

/** Asks before something is done; nothing happens when the answer is no. */
export type Ask = (question: { readonly text: string; yes(): void }) => void;

export interface TriageDeskParts {
  readonly harvester: Harvester;
  readonly list: SignalList;
  readonly marks: Marks;
  readonly detail: SignalDetailReader;
  readonly say: Say;
  readonly ask: Ask;
  /** Decisions on at least this many signals are asked about. */
  readonly askFrom: number;
  /** Whether decided rows stay in their place until the list is read again. */
  readonly keepDecided: boolean;
  /** Something was decided, or taken back. */
  readonly decided?: () => void;
}

/** What a decision is about, and how many signals that are. */
export interface Chosen {
  readonly target: TriageTarget;
  readonly count: number;
  /** There are more than `count`. */
  readonly capped: boolean;
  /** Whether they were marked; otherwise it is the one under the cursor. */
  readonly marked: boolean;
}

/**
 * Decisions on the row under the cursor or on what is marked. Rows are changed
 * and the cursor goes on at once; the store follows in the order of the keys,
 * and a decision that it refuses is taken off the screen again, with the reason.
 */
export class TriageDesk {
  readonly #parts: TriageDeskParts;
  #queue: Promise<void> = Promise.resolve();
  #last: TriageChange | null = null;

  constructor(parts: TriageDeskParts) {
    this.#parts = parts;
  }

  /** What the next decision is about; null when there is nothing. */
  chosen(alone: boolean): Chosen | null {
    const { list, marks } = this.#parts;
    const { all } = marks.read();
    if (!alone && all !== null) return { target: { query: all.query }, ...all.count, marked: true };
    const ids = alone ? [] : list.markedIds();
    if (ids.length > 0) return { target: { ids }, count: ids.length, capped: false, marked: true };
    const { row } = list;
    return row === null ? null : { target: { ids: [row.id] }, count: 1, capped: false, marked: false };
  }

  /** Decides on what is chosen, after a question when that is many. `alone` leaves the marks out of it. */
  decide(change: TriageChange, alone = false): void {
    const chosen = this.chosen(alone);
    if (chosen === null) return;
    const { askFrom, ask } = this.#parts;
    const { count, capped, marked } = chosen;
    const work = () => (marked ? this.#decideMany(change, chosen) : this.#decideOne(change));
    if (!capped && count < askFrom) {
      work();
      return;
    }
    const many = capped ? `more than ${formatCount(count)} signals` : plural(count, 'signal');
    const verb =
      'query' in chosen.target
        ? count === 1 && !capped
          ? 'matches'
          : 'match'
        : count === 1
          ? 'is marked'
          : 'are marked';
    ask({ text: `${many} ${verb}: ${askWords(change)}?`, yes: work });
  }

  /** Joins signals to another, after a question. */
  merge(
    ids: readonly number[],
    into: { readonly id: number; readonly title: string | null; readonly text: string },
  ): void {
    const change: TriageChange = { action: 'merge', into: into.id };
    const title = cutText(into.title ?? into.text, 32);
    const chosen = { target: { ids }, count: ids.length, capped: false, marked: true };
    this.#parts.ask({
      text: `${plural(ids.length, 'signal')} will join "${title}": merge?`,
      yes: () => this.#decideMany(change, chosen),
    });
  }

  /** Makes a signal of their own of some posts. */
  split(signalId: number, postIds: readonly number[]): void {
    const chosen = { target: { ids: [signalId] }, count: 1, capped: false, marked: true };
    this.#decideMany({ action: 'split', postIds }, chosen);
  }

  /** The last decision once more, on what is chosen now. */
  repeat(alone = false): void {
    if (this.#last === null) this.#parts.say('nothing has been decided yet that could be repeated');
    else this.decide(this.#last, alone);
  }

  undo(): void {
    this.#enqueue('not undone', async () => {
      const outcome = await this.#parts.harvester.triage.undo();
      if (outcome === null) this.#parts.say('nothing to undo');
      else await this.#showExchange(outcome, 'undone', 'no longer');
    });
  }

  redo(): void {
    this.#enqueue('not done again', async () => {
      const outcome = await this.#parts.harvester.triage.redo();
      if (outcome === null) this.#parts.say('nothing to do again');
      else await this.#showExchange(outcome, 'done again', 'again');
    });
  }

  /** Resolves when every decision so far has reached the store. */
  settled(): Promise<void> {
    return this.#queue;
  }

  #decideOne(change: TriageChange): void {
    const { list, say, harvester } = this.#parts;
    const { row } = list;
    if (row === null) return;
    const patch = rowChange(change, row);
    const done = doneWords(change);
    if (patch === null) {
      say(
        change.action === 'status' && change.status === 'inbox' ? 'already in the inbox' : `already ${done}`,
      );
      return;
    }
    this.#remember(change);
    const title = cutText(row.title ?? row.text, 48);
    list.change([row.id], () => patch);
    if (finishes(change)) void list.move(1);
    say(`${done}: ${title}`, { undo: true });
    this.#enqueue(
      'not saved',
      async () => {
        const outcome = await harvester.triage.apply(change, { ids: [row.id] });
        if (outcome.changed.length > 0) {
          // Once more: the list may have been read again before the store knew.
          list.change([row.id], () => patch);
          await this.#follow(change, [row.id]);
        } else {
          await this.#readAgain([row.id]);
          say(`left as it was, somebody else has changed it: ${title}`, { tone: 'warning' });
        }
      },
      () => list.change([row.id], () => decidedParts(row)),
    );
  }

  #decideMany(change: TriageChange, { target }: Chosen): void {
    const { list, marks, say, harvester } = this.#parts;
    this.#remember(change);
    const done = doneWords(change);
    const held = 'ids' in target ? list.rowsOf(target.ids) : [];
    list.change(
      held.map(({ id }) => id),
      (row) => rowChange(change, row) ?? {},
    );
    marks.clear();
    say('ids' in target ? `${done}: ${plural(target.ids.length, 'signal')}` : `${done} …`, {
      undo: 'ids' in target,
    });
    this.#enqueue(
      'not saved',
      async () => {
        const { changed, left } = await harvester.triage.apply(change, target);
        list.change(changed, (row) => rowChange(change, row) ?? {});
        await this.#follow(change, changed);
        const rest = left.length === 0 ? '' : `; ${formatCount(left.length)} left as they were`;
        say(
          changed.length === 0
            ? `nothing to do: all ${formatCount(left.length)} were so already`
            : `${done}: ${plural(changed.length, 'signal')}${rest}`,
          {
            undo: changed.length > 0,
          },
        );
      },
      () => {
        const before = new Map(held.map((row) => [row.id, row]));
        list.change([...before.keys()], ({ id }) => decidedParts(before.get(id) ?? (held[0] as never)));
      },
    );
  }

  #remember(change: TriageChange): void {
    if (change.action !== 'merge' && change.action !== 'split') this.#last = change;
  }

  /** What the store made of a decision beyond the rows that were changed at once. */
  async #follow(change: TriageChange, ids: readonly number[]): Promise<void> {
    const { list, keepDecided, detail } = this.#parts;
    if (change.action === 'merge' || change.action === 'split') {
      detail.forget();
      await list.refresh();
    } else if (!keepDecided && finishes(change)) {
      await list.refresh();
    } else if (change.action === 'correct' || change.action === 'snooze') {
      await this.#readAgain(ids);
    }
    if (ids.length > fewSignals) detail.forget();
    else for (const id of ids) detail.forget(id);
  }

  async #showExchange(outcome: TriageOutcome, word: string, link: string): Promise<void> {
    const { list, say, detail } = this.#parts;
    const { changed, left, action } = outcome;
    const [first] = changed;
    if (first === undefined) {
      say(`not ${word}: changed by somebody else since`, { tone: 'warning' });
      return;
    }
    if (changed.length > fewSignals || /^(?:merged|split)/.test(action)) {
      detail.forget();
      await list.refresh();
    } else await this.#readAgain(changed);
    if (changed.length === 1 && !list.goTo(first)) {
      await list.refresh();
      list.goTo(first);
    }
    const rest =
      left.length === 0 ? '' : `; ${plural(left.length, 'signal')} left, changed by somebody else since`;
    say(
      `${word}: ${plural(changed.length, 'signal')} ${changed.length === 1 ? 'is' : 'are'} ${link} ${withLocalTimes(action)}${rest}`,
      left.length === 0 ? {} : { tone: 'warning' },
    );
  }

  /** Shows rows as the store has them. */
  async #readAgain(ids: readonly number[]): Promise<void> {
    const { list, detail, harvester } = this.#parts;
    const held = list.rowsOf(ids).slice(0, fewSignals);
    for (const { id } of held) {
      detail.forget(id);
      const known = await harvester.signals.get(id);
      if (known !== null) list.change([id], () => decidedParts(known));
    }
  }

  #enqueue(what: string, work: () => Promise<void>, refused: () => void = () => {}): void {
    this.#queue = this.#queue.then(async () => {
      try {
        await work();
        this.#parts.decided?.();
      } catch (error) {
        refused();
        sayError(this.#parts.say, what, error);
      }
    });
  }
}
