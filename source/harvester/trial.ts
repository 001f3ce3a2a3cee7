import { cleanDraft } from '../domain/clean.ts';
import type { Exclude } from '../domain/exclude.ts';
import type { QuotaLeft } from '../domain/run.ts';
import type { SpendMeter } from '../domain/spend.ts';
import { summarizeError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Source } from '../ports/source.ts';
import type { SourceTrial, TrialPost } from './harvester.ts';

/** An answer without posts may only be the first of several; more than this is a source without any. */
const maxPages = 3;
/** A trial of a paid source should cost next to nothing. */
const maxReads = 10;

export interface TrialParts {
  readonly exclude: Exclude;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly spend: SpendMeter;
  /** Keeps the books of paid reads. */
  charge(reads: number, costUsd: number): Promise<void>;
}

/** Fetches the first page that has posts and says of each whether a run would keep it. Writes nothing. */
export async function trySource(
  source: Source,
  { exclude, clock, signal, spend, charge }: TrialParts,
): Promise<SourceTrial> {
  const kept: TrialPost[] = [];
  const dropped: { post: TrialPost; reason: string }[] = [];
  const warnings: string[] = [];
  let quota: QuotaLeft | null = null;
  let pages = 0;
  let reserved = 0;
  const priceUsd = source.pricePerRead ?? 0;
  const report = (error: unknown) => ({
    kept,
    dropped,
    warnings,
    quota,
    error: error === null ? null : summarizeError(error),
  });
  try {
    const options = {
      cursor: null,
      signal,
      onQuota: (told: QuotaLeft) => {
        quota = told;
      },
      reserveReads: (wanted: number) => {
        const granted = spend.reserve(Math.min(wanted, Math.max(0, maxReads - reserved)), priceUsd);
        reserved += granted;
        return granted;
      },
    };
    for await (const page of source.fetch(options)) {
      warnings.push(...page.warnings);
      // Nothing is written but the bill: what was charged counts, whatever it was for.
      if ((page.reads ?? 0) > 0) await charge(page.reads ?? 0, (page.reads ?? 0) * priceUsd);
      for (const draft of page.posts) {
        const cleaned = cleanDraft(draft, clock.now());
        warnings.push(...cleaned.warnings);
        if (cleaned.post === null) continue;
        const { externalId, author, title, text, url, createdAt } = cleaned.post;
        const post = { externalId, author, title, text, url, createdAt };
        const reason = exclude(cleaned.post);
        if (reason === null) kept.push(post);
        else dropped.push({ post, reason });
      }
      pages += 1;
      if (page.posts.length > 0 || pages === maxPages) break;
    }
    return report(null);
  } catch (error) {
    if (signal.aborted) throw error;
    return report(error);
  }
}
