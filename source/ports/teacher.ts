import type { Label } from '../domain/label.ts';

/** Where an analyzer that learns finds what it was told. */
export interface Teacher {
  /**
   * The labels to learn from, newest first: the same list (`===`) for as long
   * as nothing has changed. Cheap enough to be asked for every batch.
   */
  labels(): Promise<readonly Label[]>;
}
