import type { Span } from '../domain/insight.ts';

const dayMs = 86_400_000;
const shortestPieceMs = 3_600_000;
/** What one statement should take, about: others of the thread come in between. */
const pieceTakesMs = 40;

/** How long an answer may still take, and whether anything had to be left out for it. */
export class Patience {
  /** True once something was left out. */
  isOver = false;
  readonly #endsAt: number;

  constructor(lastsMs: number) {
    this.#endsAt = performance.now() + lastsMs;
  }

  get leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /**
   * Visits a span in pieces, newest first, each of about the same work; stops
   * when patience is over. Returns what was visited.
   */
  async inPieces(span: Span, visit: (piece: Span) => Promise<void>): Promise<Span> {
    let { until } = span;
    let size = dayMs;
    while (until > span.since) {
      if (this.leftMs === 0) {
        this.isOver = true;
        return { since: until, until: span.until };
      }
      const since = Math.max(span.since, until - size);
      const began = performance.now();
      await visit({ since, until });
      const tookMs = performance.now() - began;
      if (tookMs < pieceTakesMs / 2) size *= 4;
      else if (tookMs > pieceTakesMs * 2) size = Math.max(shortestPieceMs, size / 4);
      until = since;
    }
    return span;
  }
}
