import type { Actor } from '../../domain/access.ts';
import type { ErrorGroup } from '../../domain/error-group.ts';
import type { ErrorSummary } from '../../domain/failure.ts';
import { summarizeError } from '../../errors.ts';
import type { Harvester } from '../../harvester/harvester.ts';
import { type ListCursor, moveTo } from './list-cursor.ts';
import type { Say } from './messages.ts';
import { Observed } from './observed.ts';

export interface ErrorDeskState {
  readonly phase: 'unread' | 'loading' | 'ready' | 'failed';
  readonly error: ErrorSummary | null;
  /** Last seen first, resolved ones too. */
  readonly groups: readonly ErrorGroup[];
  readonly cursor: ListCursor;
}

const mostGroups = 500;
const by: Actor = { actor: 'analyst', via: 'program' };

/** The errors of the program, and what the person says of them. */
export class ErrorDesk extends Observed<ErrorDeskState> {
  readonly #errors: Harvester['errors'];
  readonly #say: Say;
  #height = 10;
  #resolved: number | null = null;

  constructor({ errors }: Pick<Harvester, 'errors'>, say: Say) {
    super({ phase: 'unread', error: null, groups: [], cursor: { index: 0, top: 0 } });
    this.#errors = errors;
    this.#say = say;
  }

  get height(): number {
    return this.#height;
  }

  get group(): ErrorGroup | null {
    const { groups, cursor } = this.read();
    return groups[cursor.index] ?? null;
  }

  get unresolved(): number {
    return this.read().groups.filter(({ state }) => state !== 'resolved').length;
  }

  resize(height: number): void {
    this.#height = Math.max(1, height);
    this.move(0);
  }

  move(step: number): void {
    const { cursor: old, groups } = this.read();
    const cursor = moveTo(old, old.index + step, groups.length, this.#height);
    if (cursor !== old) this.set({ cursor });
  }

  /** Reads the groups; the cursor stays on its own. */
  async visit(): Promise<void> {
    if (this.read().phase === 'unread') this.set({ phase: 'loading' });
    const id = this.group?.id;
    try {
      const groups = await this.#errors.list({ limit: mostGroups });
      this.set({ phase: 'ready', error: null, groups });
      const found = groups.findIndex((group) => group.id === id);
      const { cursor } = this.read();
      this.move((found < 0 ? cursor.index : found) - cursor.index);
    } catch (error) {
      this.set({ phase: 'failed', error: summarizeError(error) });
    }
  }

  async resolve(): Promise<void> {
    const { group } = this;
    if (group === null) return this.#say('there is no error to resolve');
    if (group.state === 'resolved') return this.#say('it is resolved already; u opens it again');
    await this.#change(() => this.#errors.resolve(group.id, by));
    this.#resolved = group.id;
    this.#say(`error ${group.id} is resolved`, { tone: 'good', undo: true });
  }

  /** Takes the last resolve back, or opens the one under the cursor. */
  async reopen(): Promise<void> {
    const id = this.#resolved ?? (this.group?.state === 'open' ? null : (this.group?.id ?? null));
    this.#resolved = null;
    if (id === null) return this.#say('nothing to open again: this error is open');
    await this.#change(() => this.#errors.reopen(id, by));
    this.#say(`error ${id} is open again`);
  }

  async #change(act: () => Promise<ErrorGroup>): Promise<void> {
    try {
      const changed = await act();
      const groups = this.read().groups.map((group) => (group.id === changed.id ? changed : group));
      this.set({ groups });
    } catch (error) {
      this.#say(summarizeError(error).message, { tone: 'bad' });
      throw error;
    }
  }
}
