import { cleanDraft } from '../domain/clean.ts';
import type { CleanPost } from '../domain/post.ts';
import type { Clock } from '../ports/clock.ts';
import type { Source } from '../ports/source.ts';
import type { PageCounts, PipelineStore } from '../ports/store.ts';

const maxWarnings = 20;

export interface FetchWatch {
  readonly signal: AbortSignal;
  onPage(page: { readonly fetched: number; readonly counts: PageCounts }): void;
  onWarning(warning: string): void;
  onNotice(notice: string | null): void;
}

/**
 * Reads one source to its end (or to `maxPosts`), storing page by page. What
 * is stored stays stored, whatever happens to the next page.
 */
export async function fetchSource(
  source: Source,
  { store, clock, maxPosts }: { store: PipelineStore; clock: Clock; maxPosts: number },
  watch: FetchWatch,
): Promise<void> {
  const warn = boundedWarnings(watch.onWarning);
  const cursor = await store.cursor(source.name);
  let fetched = 0;
  for await (const page of source.fetch({ cursor, signal: watch.signal, onNotice: watch.onNotice })) {
    watch.onNotice(null);
    const now = clock.now();
    const posts: CleanPost[] = [];
    for (const warning of page.warnings) warn(warning);
    for (const draft of page.posts) {
      const cleaned = cleanDraft(draft, now);
      for (const warning of cleaned.warnings) warn(warning);
      if (cleaned.post !== null) posts.push(cleaned.post);
    }
    // Feeds begin with the newest; stored oldest first, an original leads its reposts rather than the reverse.
    posts.sort((a, b) => a.createdAt - b.createdAt);
    const stored = { source: source.name, kind: source.kind, posts, cursor: page.cursor, fetchedAt: now };
    watch.onPage({ fetched: page.posts.length, counts: await store.savePage(stored) });
    fetched += page.posts.length;
    if (fetched >= maxPosts) {
      watch.onWarning(`stopped at ${fetched} posts (run.maxPostsPerSource); the next run goes on from there`);
      break;
    }
    watch.signal.throwIfAborted();
  }
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
