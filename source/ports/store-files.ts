/** A row as it is stored, by column; blobs are base64. */
export type StoredRow = Readonly<Record<string, string | number | null>>;

/** A signal and the rows of every table that belong to it, whatever tables there are. */
export interface SignalImage {
  readonly signal: StoredRow;
  /** By table; `posts` has the lead post too. */
  readonly belongings: Readonly<Record<string, readonly StoredRow[]>>;
}

/** A signal as two stores are compared by: its identity and the fields that mean something. */
export interface ComparableSignal {
  /** Source and external id of its lead post: the same in any store that holds it. */
  readonly source: string;
  readonly externalId: string;
  readonly id: number;
  readonly title: string;
  readonly fields: StoredRow;
}

export interface TableShape {
  readonly name: string;
  /** The statement that made it, as SQLite keeps it. */
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly notNull: boolean }[];
}

/**
 * One store file, opened for reading only, whatever its schema: everything is
 * found by asking the file, so that tables and columns of later schemas come along.
 * Methods block their thread. Throw UserError `store-…` when the file cannot be read.
 */
export interface StoreImage {
  /** Names of the migrations it has had, oldest first. */
  readonly migrations: readonly string[];
  /** Rows by table. */
  rows(): Readonly<Record<string, number>>;
  tables(): readonly TableShape[];
  /** Integrity and references; empty when sound. Reads every page. */
  problems(): readonly string[];
  /** In order of id, a few hundred at a time in memory. */
  signals(): Iterable<SignalImage>;
  /** In order of the bytes of source and external id. */
  comparableSignals(): Iterable<ComparableSignal>;
  close(): void;
}

/** The file side of the store: what snapshots are made from and restored to. */
export interface StoreFiles {
  readonly path: string;
  /** Whether there is anything to lose: a file with at least one post, signal or setting, or one that cannot be read. */
  hasContent(): boolean;
  /** A consistent, compact copy as one file, made while others read and write. `target` is replaced if empty, else refused. */
  copyTo(target: string): Promise<void>;
  openImage(path: string): StoreImage;
  /** Brings a store file that nobody uses to the newest schema; leaves one file without a log. Returns the migrations that ran. */
  upgrade(path: string): Promise<readonly string[]>;
  /**
   * Puts the file `replacement` (same disk, newest schema, no log) in the place
   * of the store, atomically. Refused with `store-in-use` while any other
   * connection is open. The old store is put aside under another name when
   * `keepOld` asks for it, and when it is too damaged to be opened.
   */
  exchange(
    replacement: string,
    options: { readonly keepOld: boolean },
  ): Promise<{ readonly putAside: string | null }>;
  /** Replaces all signals, and what belongs to them, with those of another store file of the same schema; one transaction. */
  takeSignalsFrom(path: string): Promise<Readonly<Record<string, number>>>;
}
