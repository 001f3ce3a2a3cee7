/** Most that metered reads may cost, in US dollars; null is no limit. */
export interface SpendCaps {
  readonly perRunUsd: number | null;
  readonly perDayUsd: number | null;
  readonly perMonthUsd: number | null;
}

/** What one model was asked, and what it cost, over some time. */
export interface ModelSpend {
  /** Service and model: `openai/gpt-5-mini`. */
  readonly model: string;
  readonly requests: number;
  readonly inputTokens: number;
  /** Of the input tokens, those that the service had cached. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** Signals whose answer was kept from before and cost nothing; not counted over days. */
  readonly reused: number;
}

/** The sums by model, in the order in which each came first. */
export function addModelSpend(spends: readonly ModelSpend[]): readonly ModelSpend[] {
  const totals = new Map<string, ModelSpend>();
  for (const spend of spends) {
    const before = totals.get(spend.model);
    totals.set(
      spend.model,
      before === undefined
        ? spend
        : {
            model: spend.model,
            requests: before.requests + spend.requests,
            inputTokens: before.inputTokens + spend.inputTokens,
            cachedTokens: before.cachedTokens + spend.cachedTokens,
            outputTokens: before.outputTokens + spend.outputTokens,
            costUsd: before.costUsd + spend.costUsd,
            reused: before.reused + spend.reused,
          },
    );
  }
  return [...totals.values()];
}

/** What metered reads have cost before this run, in US dollars. */
export interface Spent {
  readonly todayUsd: number;
  readonly monthUsd: number;
}

/**
 * The purse of one run, shared by its sources. A source asks before it reads
 * and is promised no more than every cap allows; what it does not use goes back.
 * So no cap is ever passed, whoever reads at the same time.
 */
export class SpendMeter {
  #leftUsd: number;
  readonly #tightest: string;

  constructor(caps: SpendCaps, spent: Spent) {
    const limits = [
      { words: `the cap of a run (${dollars(caps.perRunUsd)})`, leftUsd: caps.perRunUsd },
      {
        words: `the cap of a day (${dollars(caps.perDayUsd)})`,
        leftUsd: less(caps.perDayUsd, spent.todayUsd),
      },
      {
        words: `the cap of a month (${dollars(caps.perMonthUsd)})`,
        leftUsd: less(caps.perMonthUsd, spent.monthUsd),
      },
    ].map(({ words, leftUsd }) => ({ words, leftUsd: leftUsd ?? Number.POSITIVE_INFINITY }));
    const [tightest] = limits.toSorted((a, b) => a.leftUsd - b.leftUsd);
    this.#leftUsd = tightest?.leftUsd ?? Number.POSITIVE_INFINITY;
    this.#tightest = tightest?.words ?? 'the cap';
  }

  /** Items, 0 to `wanted`, that may be read at `priceUsd` each; they are set aside until `settle`. */
  reserve(wanted: number, priceUsd: number): number {
    if (priceUsd <= 0) return wanted;
    // A cap of exactly n reads allows n of them, whatever binary fractions make of the division.
    const affordable = Math.floor(this.#leftUsd / priceUsd + 1e-9);
    const granted = Math.max(0, Math.min(wanted, affordable));
    this.#leftUsd -= granted * priceUsd;
    return granted;
  }

  /** Gives back what was set aside and not charged. */
  settle(reserved: number, charged: number, priceUsd: number): void {
    this.settleUsd(reserved * priceUsd, charged * priceUsd);
  }

  /** Sets money aside; false when a cap does not allow it. */
  reserveUsd(usd: number): boolean {
    if (usd > this.#leftUsd + 1e-9) return false;
    this.#leftUsd -= usd;
    return true;
  }

  settleUsd(reservedUsd: number, chargedUsd: number): void {
    this.#leftUsd += reservedUsd - chargedUsd;
  }

  /** What the tightest cap still allows, in US dollars; null without a cap. */
  get leftUsd(): number | null {
    return Number.isFinite(this.#leftUsd) ? this.#leftUsd : null;
  }

  /** "the cap of a day ($2.00)": what refuses the next read. */
  get limit(): string {
    return this.#tightest;
  }
}

function less(cap: number | null, spentUsd: number): number | null {
  return cap === null ? null : Math.max(0, cap - spentUsd);
}

function dollars(usd: number | null): string {
  return usd === null ? 'none' : `$${usd.toFixed(2)}`;
}
