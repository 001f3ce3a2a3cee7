import type { SignalRow } from '../../domain/signal.ts';
import type { SignalPage, SignalPlace } from '../../harvester/harvester.ts';

/** Rows kept at most on each side of the cursor, give or take a page. */
export const rowsEitherSide = 200;
export const rowsPerPage = 100;

interface Chunk {
  readonly rows: readonly SignalRow[];
  readonly first: SignalPlace;
  readonly last: SignalPlace;
}

/**
 * The part of a list that is in memory: consecutive pages of it. The store has
 * the rest; a million signals cost as much here as five hundred.
 */
export class SignalWindow {
  static readonly empty = new SignalWindow([], false, false);

  readonly rows: readonly SignalRow[];
  readonly #chunks: readonly Chunk[];
  readonly moreBefore: boolean;
  readonly moreAfter: boolean;

  private constructor(chunks: readonly Chunk[], moreBefore: boolean, moreAfter: boolean) {
    this.#chunks = chunks;
    this.rows = chunks.flatMap((chunk) => chunk.rows);
    this.moreBefore = moreBefore;
    this.moreAfter = moreAfter;
  }

  /** Of pages that follow each other. */
  static of(pages: readonly SignalPage[], moreBefore: boolean, moreAfter: boolean): SignalWindow {
    return new SignalWindow(pages.flatMap(chunkOf), moreBefore, moreAfter);
  }

  get first(): SignalPlace | null {
    return this.#chunks[0]?.first ?? null;
  }

  get last(): SignalPlace | null {
    return this.#chunks.at(-1)?.last ?? null;
  }

  /** The place of the page that holds a row: where reading again starts from. */
  placeBefore(index: number): SignalPlace | null {
    let seen = 0;
    for (const chunk of this.#chunks) {
      seen += chunk.rows.length;
      if (index < seen) return chunk.first;
    }
    return this.first;
  }

  indexOf(id: number): number {
    return this.rows.findIndex((row) => row.id === id);
  }

  /** With a page after the last row, without pages far before `index`. `dropped` rows left at the front. */
  extendDown(page: SignalPage, index: number): { readonly window: SignalWindow; readonly dropped: number } {
    const chunks = [...this.#chunks, ...without(page, this.rows).flatMap(chunkOf)];
    let dropped = 0;
    for (
      let front = chunks[0];
      front && index - dropped - front.rows.length > rowsEitherSide;
      front = chunks[0]
    ) {
      dropped += front.rows.length;
      chunks.shift();
    }
    return { window: new SignalWindow(chunks, this.moreBefore || dropped > 0, page.hasMore), dropped };
  }

  /** With a page before the first row, without pages far after `index`. `added` rows came in at the front. */
  extendUp(page: SignalPage, index: number): { readonly window: SignalWindow; readonly added: number } {
    const front = without(page, this.rows).flatMap(chunkOf);
    const chunks = [...front, ...this.#chunks];
    const added = front.reduce((sum, chunk) => sum + chunk.rows.length, 0);
    let below = added + this.rows.length - (index + added);
    let dropped = false;
    for (let back = chunks.at(-1); back && below - back.rows.length > rowsEitherSide; back = chunks.at(-1)) {
      below -= back.rows.length;
      chunks.pop();
      dropped = true;
    }
    return { window: new SignalWindow(chunks, page.hasMore, this.moreAfter || dropped), added };
  }

  /** With some rows changed; the same window when it holds none of them. */
  patch(ids: ReadonlySet<number>, change: (row: SignalRow) => Partial<SignalRow>): SignalWindow {
    if (!this.rows.some(({ id }) => ids.has(id))) return this;
    const chunks = this.#chunks.map((chunk) =>
      chunk.rows.some(({ id }) => ids.has(id))
        ? { ...chunk, rows: chunk.rows.map((row) => (ids.has(row.id) ? { ...row, ...change(row) } : row)) }
        : chunk,
    );
    return new SignalWindow(chunks, this.moreBefore, this.moreAfter);
  }
}

function chunkOf(page: SignalPage): Chunk[] {
  const { rows } = page;
  // Of a page that found nothing yet only the place is known from which to go on.
  const first = page.first ?? page.last;
  const last = page.last ?? page.first;
  return first === null || last === null ? [] : [{ rows, first, last }];
}

/** A signal whose rank changed between two pages may come twice; the row on screen stays. */
function without(page: SignalPage, known: readonly SignalRow[]): SignalPage[] {
  const ids = new Set(known.map((row) => row.id));
  return [{ ...page, rows: page.rows.filter((row) => !ids.has(row.id)) }];
}
