import type { SignalStatus } from '../../domain/signal.ts';
import type { DecidedStatus } from '../../domain/triage.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import type { TriageOutcome } from '../../harvester/triage.ts';
import { cutText } from '../text/fit-text.ts';
import { plural } from '../text/format.ts';
import { type Say, sayError } from './messages.ts';
import type { SignalDetailReader } from './signal-detail.ts';
import type { SignalList } from './signal-list.ts';

const done: Readonly<Record<SignalStatus, string>> = {
  inbox: 'back in the inbox',
  escalated: 'escalated',
  dismissed: 'dismissed',
  resolved: 'resolved',
  snoozed: 'snoozed',
};

/**
 * Decisions on the row under the cursor. The row is marked and the cursor goes
 * on at once; the store follows in the order of the keys, and a decision that
 * it refuses is taken off the screen again, with the reason.
 */
export class TriageDesk {
  readonly #harvester: Harvester;
  readonly #list: SignalList;
  readonly #detail: SignalDetailReader;
  readonly #say: Say;
  #queue: Promise<void> = Promise.resolve();

  constructor(harvester: Harvester, list: SignalList, detail: SignalDetailReader, say: Say) {
    this.#harvester = harvester;
    this.#list = list;
    this.#detail = detail;
    this.#say = say;
  }

  decide(status: DecidedStatus): void {
    const row = this.#list.row;
    if (row === null) return;
    if (row.status === status) {
      this.#say(status === 'inbox' ? 'already in the inbox' : `already ${done[status]}`);
      return;
    }
    const title = cutText(row.title ?? row.text, 48);
    this.#list.mark(row.id, status);
    void this.#list.move(1);
    this.#say(`${done[status]}: ${title}`, { undo: true });
    this.#enqueue(async () => {
      try {
        const outcome = await this.#harvester.triage.apply({ action: 'status', status }, { ids: [row.id] });
        if (outcome.changed.includes(row.id)) {
          // Once more: the list may have been read again before the store knew.
          this.#list.mark(row.id, status);
        } else {
          await this.#readAgain([row.id]);
          this.#say(`left as it was, somebody else has changed it: ${title}`, { tone: 'warning' });
        }
      } catch (error) {
        this.#list.mark(row.id, row.status);
        sayError(this.#say, 'not saved', error);
      }
      this.#detail.forget(row.id);
    });
  }

  undo(): void {
    this.#enqueue(async () => {
      try {
        const outcome = await this.#harvester.triage.undo();
        if (outcome === null) this.#say('nothing to undo');
        else await this.#showUndone(outcome);
      } catch (error) {
        sayError(this.#say, 'not undone', error);
      }
    });
  }

  /** Resolves when every decision so far has reached the store. */
  settled(): Promise<void> {
    return this.#queue;
  }

  async #showUndone(outcome: TriageOutcome): Promise<void> {
    const [first] = outcome.changed;
    if (first === undefined) {
      this.#say('not undone: changed by somebody else since', { tone: 'warning' });
      return;
    }
    await this.#readAgain(outcome.changed);
    if (!this.#list.goTo(first)) {
      await this.#list.refresh();
      this.#list.goTo(first);
    }
    this.#say(
      `undone: ${plural(outcome.changed.length, 'signal')} ${outcome.changed.length === 1 ? 'is' : 'are'} no longer ${outcome.action}`,
    );
  }

  /** Marks rows with the status that the store has. */
  async #readAgain(ids: readonly number[]): Promise<void> {
    for (const id of ids.slice(0, 50)) {
      this.#detail.forget(id);
      const detail = await this.#harvester.signals.get(id);
      if (detail !== null) this.#list.mark(id, detail.status);
    }
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work);
  }
}
