import type { Post } from '../../domain/post.ts';
import { type ListCursor, moveTo } from './list-cursor.ts';
import { Observed } from './observed.ts';

export interface SplitState {
  /** The signal whose echoes are looked through; null when it is closed. */
  readonly signalId: number | null;
  readonly posts: readonly Post[];
  readonly chosen: ReadonlySet<number>;
  readonly cursor: ListCursor;
}

const closed: SplitState = { signalId: null, posts: [], chosen: new Set(), cursor: { index: 0, top: 0 } };

/** Choosing the echoes that are about something else. */
export class SplitDesk extends Observed<SplitState> {
  #height = 10;

  constructor() {
    super(closed);
  }

  get height(): number {
    return this.#height;
  }

  resize(height: number): void {
    this.#height = Math.max(1, height);
    this.move(0);
  }

  open(signalId: number, posts: readonly Post[]): void {
    this.set({ ...closed, signalId, posts });
  }

  move(step: number): void {
    const { cursor, posts } = this.read();
    this.set({ cursor: moveTo(cursor, cursor.index + step, posts.length, this.#height) });
  }

  toggle(): void {
    const { cursor, posts, chosen } = this.read();
    const post = posts[cursor.index];
    if (post === undefined) return;
    const next = new Set(chosen);
    if (!next.delete(post.id)) next.add(post.id);
    this.set({ chosen: next });
    this.move(1);
  }

  close(): void {
    this.set(closed);
  }
}
