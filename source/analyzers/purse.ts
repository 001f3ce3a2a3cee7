import type { SpendMeter } from '../domain/spend.ts';
import { UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelLedger } from '../ports/ledger.ts';
import type { ModelUsage } from './model.ts';

/** US dollars for a million tokens. */
export interface ModelPrices {
  readonly inputUsd: number;
  readonly cachedUsd: number;
  readonly outputUsd: number;
}

/** The money of one model: set aside before a request, charged by what the service counted. */
export interface ModelPurse {
  /**
   * Sets the most that a request can cost aside; the returned function charges
   * what it did cost (null: it failed and cost nothing) and keeps the books.
   *
   * @throws UserError `spend-cap` when a cap would be passed
   */
  setAside(most: ModelUsage): (used: ModelUsage | null) => Promise<void>;
}

export function createPurse(
  model: string,
  prices: ModelPrices,
  { meter, ledger, clock }: { meter: () => SpendMeter; ledger: ModelLedger; clock: Clock },
): ModelPurse {
  return {
    setAside(most) {
      const purse = meter();
      const reservedUsd = costUsd(most, prices);
      if (!purse.reserveUsd(reservedUsd)) {
        throw new UserError('spend-cap', `${purse.limit} is used up, so ${model} is not asked.`, {
          fix: 'Raise models.spend, or wait for the next day or month; the offline analyzer goes on.',
        });
      }
      return async (used) => {
        const usd = used === null ? 0 : costUsd(used, prices);
        purse.settleUsd(reservedUsd, usd);
        if (used !== null) await ledger.recordModelUse({ model, ...used, costUsd: usd }, clock.now());
      };
    },
  };
}

export function costUsd(
  { inputTokens, cachedTokens, outputTokens }: ModelUsage,
  prices: ModelPrices,
): number {
  const fresh = Math.max(0, inputTokens - cachedTokens);
  return (
    (fresh * prices.inputUsd + cachedTokens * prices.cachedUsd + outputTokens * prices.outputUsd) / 1_000_000
  );
}
