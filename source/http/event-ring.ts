import { randomBytes } from 'node:crypto';

export interface ServerEvent {
  /** Of this process and growing: `k3x9-42`. */
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

type Listener = (event: ServerEvent) => void;

const kept = 1000;

/**
 * What happens, for whoever listens. The newest thousand events are kept in
 * memory, so that a client that was cut off can go on where it was; after a
 * restart of the program, or a longer pause, it is told to read everything anew.
 */
export class EventRing {
  readonly #boot = randomBytes(4).toString('hex');
  readonly #events: ServerEvent[] = [];
  readonly #listeners = new Set<Listener>();
  #count = 0;

  publish(type: string, data: unknown): void {
    this.#count += 1;
    const event = { id: `${this.#boot}-${this.#count}`, type, data };
    this.#events.push(event);
    if (this.#events.length > kept) this.#events.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** What came after an event; null when that cannot be told any more. */
  after(id: string): readonly ServerEvent[] | null {
    if (id === `${this.#boot}-0`) return this.#count <= kept ? [...this.#events] : null;
    const index = this.#events.findIndex((event) => event.id === id);
    return index < 0 ? null : this.#events.slice(index + 1);
  }

  /** The id to resume from when nothing has been seen yet. */
  get now(): string {
    return `${this.#boot}-${this.#count}`;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
