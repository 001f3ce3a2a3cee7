import { readDocument, type SignalDocument } from '../domain/signal-document.ts';
import { createGroupPlanner, type GroupSettings } from '../pipeline/group.ts';
import type { Clock } from '../ports/clock.ts';
import type { SignalPlace } from '../ports/desk-store.ts';
import type { Store } from '../ports/store.ts';
import type { TransferCounts } from '../ports/transfer.ts';
import type { SignalLists, SignalPageRequest } from './signal-lists.ts';

export interface ExportedSignal {
  readonly document: SignalDocument;
  /** 0–100 at the time of reading; null until scored. No part of the document: it changes by the minute. */
  readonly salience: number | null;
}

export interface TransferPage {
  readonly signals: readonly ExportedSignal[];
  readonly last: SignalPlace | null;
  readonly hasMore: boolean;
  /** The words of the search are common: only their newest matches are found. */
  readonly capped: boolean;
}

/** One line of a file: what stands there, parsed but not checked. */
export interface TransferLine {
  readonly line: number;
  readonly value: unknown;
}

export interface TransferOptions {
  /** Decisions of the file replace those here. */
  readonly overwrite: boolean;
  /** Say what would happen, and change nothing. */
  readonly dryRun: boolean;
}

export interface LineRemark {
  readonly line: number;
  readonly text: string;
}

export interface TransferReport extends TransferCounts {
  /** Lines that were left out, and why. */
  readonly problems: readonly LineRemark[];
  /** What was changed of the others on the way in. */
  readonly warnings: readonly LineRemark[];
}

/** Signals as documents: out of this store, and into it. */
export interface Transfer {
  /** A page of a list as documents. Rejects as `signals.page` does. */
  page(request: SignalPageRequest): Promise<TransferPage>;
  /** Takes in some documents (a few hundred at a time), all in one transaction or none. */
  take(lines: readonly TransferLine[], options: TransferOptions): Promise<TransferReport>;
}

interface TransferParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly grouping: GroupSettings;
  readonly lists: Pick<SignalLists, 'page'>;
  /** Who decides in this program. */
  readonly actor: string;
}

/** Posts that are read at once: a signal may have thousands. */
const postsPerRead = 2_000;

export function createTransfer({ store, clock, grouping, lists, actor }: TransferParts): Transfer {
  const { fingerprint } = createGroupPlanner(grouping);
  return {
    page: async (request) => {
      const { rows, last, hasMore, capped } = await lists.page(request);
      const salience = new Map(rows.map((row) => [row.id, row.salience]));
      const signals: ExportedSignal[] = [];
      for (const ids of inStretches(rows)) {
        for (const document of await store.documents(ids))
          signals.push({ document, salience: salience.get(document.id) ?? null });
      }
      return { signals, last, hasMore, capped };
    },
    take: async (lines, options) => {
      const at = clock.now();
      const problems: LineRemark[] = [];
      const warnings: LineRemark[] = [];
      const documents: SignalDocument[] = [];
      for (const { line, value } of lines) {
        const read = readDocument(value, at);
        if ('problem' in read) problems.push({ line, text: read.problem });
        else {
          documents.push(read.document);
          warnings.push(...read.warnings.map((text) => ({ line, text })));
        }
      }
      const counts = await store.importDocuments(documents, { ...options, at, actor, fingerprint });
      return { ...counts, problems, warnings };
    },
  };
}

function* inStretches(rows: readonly { id: number; echoes: number }[]): Generator<readonly number[]> {
  let ids: number[] = [];
  let posts = 0;
  for (const { id, echoes } of rows) {
    if (ids.length > 0 && posts + echoes + 1 > postsPerRead) {
      yield ids;
      ids = [];
      posts = 0;
    }
    ids.push(id);
    posts += echoes + 1;
  }
  if (ids.length > 0) yield ids;
}
