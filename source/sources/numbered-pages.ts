import type { PostDraft } from '../domain/post.ts';
import type { Lane } from './lanes.ts';
import type { LanePage } from './time-walk.ts';

/** A draft with the second in which it was written; null when the service does not say. */
export interface LooseDraft {
  readonly at: number | null;
  readonly draft: PostDraft;
  /** False for what only shows how far the list is read: the words that are looked for are not in it. */
  readonly isWanted?: boolean;
}

export interface NumberedAnswer {
  /** Newest first. */
  readonly items: readonly LooseDraft[];
  readonly hasMore: boolean;
  readonly warnings: readonly string[];
}

/** A list, newest first, that is read by page numbers and in no other way. */
export interface NumberedPages {
  /** Page `page` of the list, from 1 on. */
  read(page: number): Promise<NumberedAnswer>;
  /** Pages that the service shows, or that we are ready to read. */
  readonly maxPages: number;
  /** Seconds before the newest stored item that a run looks back, after one that came to its end. */
  readonly overlapSeconds: number;
}

/** Posts on one page of ours; one second is never cut in two, so it may be more. */
const chunkSize = 50;

/**
 * Reads the pages down to what is stored, and gives their posts oldest first:
 * a run that is cut short has stored everything up to its cursor, and nothing
 * beyond.
 *
 * New items push others to later pages, which only shows them twice. An item
 * that vanishes pulls the others forward, and one of them passes unseen over
 * the edge between two requests: so every page but the last is read once more
 * when there were several. Nothing is given before all of it is read; a
 * failure before that costs the requests and no post.
 */
export async function* walkNumberedPages(list: NumberedPages, start: Lane): AsyncIterable<LanePage> {
  const floor = start.complete ? start.until - list.overlapSeconds : start.until + 1;
  const { drafts, warnings } = await readDown(list, floor);
  const placed = place(drafts, floor)
    .filter(({ at }) => at >= floor)
    .sort((left, right) => left.at - right.at);
  let until = start.until;
  let from = 0;
  let told = warnings;
  do {
    let to = Math.min(placed.length, from + chunkSize);
    while (to < placed.length && placed[to]?.at === placed[to - 1]?.at) to += 1;
    until = Math.max(until, placed[to - 1]?.at ?? until);
    const wanted = placed.slice(from, to).filter(({ isWanted }) => isWanted);
    const posts = wanted.map(({ draft }) => draft);
    yield { posts, lane: { until, page: 1, complete: to === placed.length }, warnings: told };
    told = [];
    from = to;
  } while (from < placed.length);
}

async function readDown(list: NumberedPages, floor: number) {
  const drafts = new Map<string, LooseDraft>();
  const warnings = new Set<string>();
  const take = async (page: number) => {
    const answer = await list.read(page);
    for (const item of answer.items) {
      if (!drafts.has(item.draft.externalId)) drafts.set(item.draft.externalId, item);
    }
    for (const warning of answer.warnings) warnings.add(warning);
    return answer;
  };
  let lastFull = 0;
  for (let page = 1; ; page += 1) {
    const { items, hasMore } = await take(page);
    if (items.length > 0) lastFull = page;
    const oldest = Math.min(...items.map(({ at }) => at ?? Number.POSITIVE_INFINITY));
    if (!hasMore || oldest < floor) break;
    if (page === list.maxPages) {
      const reached = Number.isFinite(oldest) ? ` (back to ${new Date(oldest * 1000).toISOString()})` : '';
      warnings.add(`only the newest ${drafts.size} posts can be read${reached}: older ones are missing`);
      break;
    }
  }
  for (let page = lastFull - 1; page >= 1; page -= 1) await take(page);
  return { drafts: [...drafts.values()], warnings: [...warnings] };
}

/** An item without a date stands where the one below it in the list does. */
function place(drafts: readonly LooseDraft[], floor: number) {
  let below = floor;
  return drafts.toReversed().map(({ at, draft, isWanted = true }) => {
    below = at ?? below;
    return { at: below, draft, isWanted };
  });
}
