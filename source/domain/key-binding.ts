import type { Place } from './key-places.ts';

/** `j`, `G`, `space`, `enter`, `esc`, `up`, `ctrl-d`, `alt-x` … or any typed character. */
export type KeyName = string;

/** A key, what it does and how it is explained: one value, so that they cannot drift apart. */
export interface Binding {
  readonly keys: readonly KeyName[];
  readonly action: string;
  /** One line for the overlay and the README. */
  readonly help: string;
  /** One or two words for the footer; absent when the footer does not show it. */
  readonly hint?: string;
  /** The keys as the footer names them, when not by the first ("j/k"). */
  readonly label?: string;
  readonly places: readonly Place[];
  /** Where the footer shows it; all of `places` when absent. */
  readonly hintPlaces?: readonly Place[];
}
