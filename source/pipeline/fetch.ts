import { cleanDraft } from '../domain/clean.ts';
import type { Exclude } from '../domain/exclude.ts';
import type { CleanPost } from '../domain/post.ts';
import type { QuotaLeft } from '../domain/run.ts';
import type { SpendMeter } from '../domain/spend.ts';
import type { Clock } from '../ports/clock.ts';
import type { PipelineStore } from '../ports/pipeline-store.ts';
import type { Page, Source } from '../ports/source.ts';
import type { Timings } from '../ports/timings.ts';
import type { PageProgress } from './progress.ts';

const maxWarnings = 20;

export interface FetchParts {
  readonly store: PipelineStore;
  readonly clock: Clock;
  readonly maxPosts: number;
  readonly exclude: Exclude;
  readonly spend: SpendMeter;
  /** Reach back to this time, whatever the cursor; milliseconds, UTC. */
  readonly since: number | undefined;
  readonly timings?: Timings | undefined;
}

export interface FetchWatch {
  readonly signal: AbortSignal;
  onPage(page: PageProgress): void;
  onWarning(warning: string): void;
  onNotice(notice: string | null): void;
  onQuota(quota: QuotaLeft): void;
}

/**
 * Reads one source to its end (or to `maxPosts`), storing page by page. What
 * is stored stays stored, whatever happens to the next page.
 */
export async function fetchSource(source: Source, parts: FetchParts, watch: FetchWatch): Promise<void> {
  const { store, clock, spend, since } = parts;
  const warn = boundedWarnings(watch.onWarning);
  const cursor = since === undefined ? await store.cursor(source.name) : null;
  const priceUsd = source.pricePerRead ?? 0;
  let reserved = 0;
  let fetched = 0;
  let pageFrom = performance.now();
  const pages = source.fetch({
    cursor,
    signal: watch.signal,
    onNotice: watch.onNotice,
    onQuota: watch.onQuota,
    ...(since !== undefined && { since }),
    reserveReads: (wanted) => {
      const granted = spend.reserve(wanted, priceUsd);
      reserved += granted;
      if (granted < wanted) watch.onWarning(`${spend.limit} leaves ${granted} of ${wanted} paid reads`);
      return granted;
    },
  });
  try {
    for await (const page of pages) {
      watch.onNotice(null);
      const now = clock.now();
      for (const warning of page.warnings) warn(warning);
      const { posts, excluded } = choosePosts(page, now, parts.exclude, warn);
      const reads = page.reads ?? 0;
      const costUsd = reads * priceUsd;
      // Charged with the page: a run that is killed has neither the posts nor the bill of the page after.
      const counts = await store.savePage({
        source: source.name,
        kind: source.kind,
        posts,
        cursor: page.cursor,
        fetchedAt: now,
        excluded,
        reads,
        costUsd,
      });
      spend.settle(reserved, reads, priceUsd);
      reserved = 0;
      parts.timings?.record('stages', 'fetch', performance.now() - pageFrom);
      pageFrom = performance.now();
      watch.onPage({ fetched: page.posts.length, ...counts, excluded, reads, costUsd });
      fetched += page.posts.length;
      if (fetched >= parts.maxPosts) {
        watch.onWarning(
          `stopped at ${fetched} posts (run.maxPostsPerSource); the next run goes on from there`,
        );
        break;
      }
      watch.signal.throwIfAborted();
    }
  } finally {
    spend.settle(reserved, 0, priceUsd);
  }
}

function choosePosts(
  page: Page,
  now: number,
  exclude: Exclude,
  warn: (warning: string) => void,
): { posts: readonly CleanPost[]; excluded: number } {
  const posts: CleanPost[] = [];
  let excluded = 0;
  for (const draft of page.posts) {
    const cleaned = cleanDraft(draft, now);
    for (const warning of cleaned.warnings) warn(warning);
    if (cleaned.post === null) continue;
    if (exclude(cleaned.post) === null) posts.push(cleaned.post);
    else excluded += 1;
  }
  // Feeds begin with the newest; stored oldest first, an original leads its reposts rather than the reverse.
  return { posts: posts.sort((a, b) => a.createdAt - b.createdAt), excluded };
}

/** A feed of ten thousand broken items is one problem, not ten thousand lines. */
function boundedWarnings(onWarning: (warning: string) => void): (warning: string) => void {
  let warnings = 0;
  return (warning) => {
    warnings += 1;
    if (warnings <= maxWarnings) onWarning(warning);
    else if (warnings === maxWarnings + 1) onWarning('further warnings of this source are not shown');
  };
}
