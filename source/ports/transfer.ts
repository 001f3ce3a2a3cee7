import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Post } from '../domain/post.ts';
import type { SignalDocument } from '../domain/signal-document.ts';

/** What of a signal a person decides, as an import compares it. */
export type DecidedField = 'status' | 'assignee' | 'tags' | 'correction' | 'notes';

/** A signal whose decisions here are not those of the file. */
export interface DifferingSignal {
  readonly id: number;
  readonly fields: readonly DecidedField[];
}

/** What became of documents. Each is counted once: added, joined, differing or known. */
export interface TransferCounts {
  /** Signals that were not here. */
  readonly added: number;
  /** Signals of which some posts were here: the others joined them. */
  readonly joined: number;
  /** Signals that were here, decided otherwise. */
  readonly differing: readonly DifferingSignal[];
  /** Signals that were here as they are in the file. */
  readonly known: number;
  /** Posts that were not here. */
  readonly posts: number;
}

export interface TransferContext {
  /** Decisions of the file replace those of the store, as entries of the journal. */
  readonly overwrite: boolean;
  /** Find out, and leave everything as it is. */
  readonly dryRun: boolean;
  /** Milliseconds, UTC. */
  readonly at: number;
  readonly actor: string;
  /** That of grouping: what comes later finds these signals. */
  readonly fingerprint: (post: Post) => Fingerprint;
}

/** Signals as documents, out and in. */
export interface TransferStore {
  /** In the order of the ids; ids that are gone or merged away are left out. All posts, however many. */
  documents(ids: readonly number[]): Promise<readonly SignalDocument[]>;
  /**
   * One transaction. A signal is known by its posts (source, externalId): with
   * none of them here it is added as it is, under its own number where that is
   * free. Doing it twice changes nothing the second time.
   */
  importDocuments(documents: readonly SignalDocument[], context: TransferContext): Promise<TransferCounts>;
}
