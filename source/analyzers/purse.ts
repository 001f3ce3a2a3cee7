import type { ModelSpend, SpendMeter } from '../domain/spend.ts';
import { UserError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { KeptAnswer, ModelLedger } from '../ports/ledger.ts';
import { type ModelUsage, noUsage } from './model-client.ts';

/** US dollars for a million tokens. */
export interface ModelPrices {
  readonly inputUsd: number;
  readonly cachedUsd: number;
  readonly outputUsd: number;
}

/** Writing into a service's cache costs this much more than reading the tokens anew (Anthropic's five-minute cache). */
const cacheWriteSurcharge = 0.25;

/** The money of one model: set aside before a request, charged by what the service counted. */
export interface ModelPurse {
  /**
   * Sets the most that a request can cost aside; the returned function charges
   * what it did cost, keeps the books together with the answers, and tells what
   * it charged. With null, the request failed and cost nothing.
   *
   * @throws UserError `spend-cap` when a cap would be passed
   */
  setAside(
    most: ModelUsage,
  ): (used: ModelUsage | null, answers: readonly KeptAnswer[]) => Promise<ModelSpend>;
}

export function createPurse(
  model: string,
  prices: ModelPrices,
  { meter, ledger, clock }: { meter: () => SpendMeter; ledger: ModelLedger; clock: Clock },
): ModelPurse {
  return {
    setAside(most) {
      const purse = meter();
      const reservedUsd = usageCostUsd(most, prices);
      if (!purse.reserveUsd(reservedUsd)) {
        throw new UserError('spend-cap', `${purse.limit} is used up, so ${model} is not asked.`, {
          fix: 'Raise models.spend, or wait for the next day or month; the offline analyzer goes on.',
        });
      }
      return async (used, answers) => {
        const costUsd = used === null ? 0 : usageCostUsd(used, prices);
        purse.settleUsd(reservedUsd, costUsd);
        const { inputTokens, cachedTokens, outputTokens } = used ?? noUsage;
        const use = { model, inputTokens, cachedTokens, outputTokens, costUsd };
        if (used !== null) await ledger.recordModelUse(use, answers, clock.now());
        return { ...use, requests: used === null ? 0 : 1, reused: 0 };
      };
    },
  };
}

export function usageCostUsd(
  { inputTokens, cachedTokens, writtenTokens = 0, outputTokens }: ModelUsage,
  prices: ModelPrices,
): number {
  const fresh = Math.max(0, inputTokens - cachedTokens) + writtenTokens * cacheWriteSurcharge;
  return (
    (fresh * prices.inputUsd + cachedTokens * prices.cachedUsd + outputTokens * prices.outputUsd) / 1_000_000
  );
}
