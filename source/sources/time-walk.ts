import type { PostDraft } from '../domain/post.ts';
import type { Lane } from './lanes.ts';

/** A draft with the second in which it was written, by which lists are ordered. */
export interface TimedDraft {
  readonly at: number;
  readonly draft: PostDraft;
}

/** One answer of a list that is ordered by time, oldest first. */
export interface OldestFirstAnswer {
  readonly items: readonly TimedDraft[];
  readonly hasMore: boolean;
  readonly warnings: readonly string[];
}

export interface OldestFirstList {
  /** Items written in second `from` or later, oldest first; `page` counts from 1. */
  read(from: number, page: number): Promise<OldestFirstAnswer>;
  /** Pages that the service shows of one request. */
  readonly maxPages: number;
}

/** Posts and where their lane stands once they are stored. */
export interface LanePage {
  readonly posts: readonly PostDraft[];
  readonly lane: Lane;
  readonly warnings: readonly string[];
}

/**
 * Reads a list from `start` to its end, asking each time for what was written
 * since the last item. No page number is relied on, so neither a cap on the
 * results of a query nor items that vanish between two requests lose anything;
 * the items of the last second come twice and are told apart by their ids.
 * Only a second that fills a whole answer is read by pages, up to `maxPages`;
 * what it holds beyond them is told in a warning.
 *
 * The lane ends at the newest item and not at the time of this machine, whose
 * clock may be wrong.
 */
export async function* walkOldestFirst(list: OldestFirstList, start: Lane): AsyncIterable<LanePage> {
  let { until: from, page } = start;
  let seen = new Set<string>();
  for (;;) {
    const answer = await list.read(from, page);
    const fresh = answer.items.filter(({ draft }) => !seen.has(draft.externalId));
    const warnings = [...answer.warnings];
    const newest = Math.max(from, ...answer.items.map(({ at }) => at));
    for (const { draft } of fresh) seen.add(draft.externalId);
    if (newest > from) {
      const ids = answer.items.map(({ draft }) => draft.externalId);
      seen = new Set(page > 1 ? [...seen, ...ids] : ids);
      from = newest;
      page = 1;
    } else if (answer.hasMore && page < list.maxPages) page += 1;
    else if (answer.hasMore) {
      const second = new Date(from * 1000).toISOString();
      warnings.push(`more was written at ${second} than the service shows: the rest cannot be read`);
      from += 1;
      page = 1;
    }
    const complete = !answer.hasMore;
    const lane = { until: from, page: complete ? 1 : page, complete };
    if (complete || fresh.length > 0 || warnings.length > 0) {
      yield { posts: fresh.map(({ draft }) => draft), lane, warnings };
    }
    if (complete) return;
  }
}

/** The items that can be read, and a warning that counts the others. */
export function readItems(
  candidates: readonly unknown[],
  read: (candidate: unknown) => TimedDraft | null,
): { readonly items: TimedDraft[]; readonly warnings: string[] } {
  const items = candidates.map(read).filter((item) => item !== null);
  const broken = candidates.length - items.length;
  const have = broken === 1 ? 'post has' : 'posts have';
  return { items, warnings: broken > 0 ? [`${broken} ${have} no id, no date or no text: left out`] : [] };
}
