import { say } from './failing.ts';
import type { Handler } from './loopback.ts';

/** A post or a comment, in few words; the fake makes the view of it. */
export interface FakeItem {
  readonly id: number;
  readonly type: 'post' | 'comment';
  readonly published: string;
  readonly text: string;
  readonly [field: string]: unknown;
}

const creator = { id: 1, name: 'ann', display_name: 'Ann', actor_id: 'https://lemmy.example/u/ann' };
const community = { id: 2, name: 'cloud', title: 'Cloud' };

function viewOf({ id, type, published, text, ...rest }: FakeItem): unknown {
  const common = {
    id: id + 70_000,
    ap_id: `https://other.example/${type}/${id}`,
    published,
    removed: false,
    deleted: false,
    local: false,
    ...rest,
  };
  if (type === 'post') {
    return {
      post: { name: `Acme ${id}`, body: text, ...common },
      creator,
      community,
      counts: { post_id: id, score: 5, upvotes: 6, downvotes: 1, comments: 2, published },
    };
  }
  return {
    comment: { content: text, path: `0.${id}`, ...common },
    creator,
    post: { id: 9, name: 'Acme is down', ap_id: 'https://other.example/post/9' },
    community,
    counts: { comment_id: id, score: -3, child_count: 4, published },
  };
}

/**
 * `/api/v3/search` of Lemmy 0.19: one kind of thing a request, newest first,
 * at most fifty on a page, pages from 1, no total; errors as `{"error": …}`.
 */
export function fakeLemmy(items: readonly FakeItem[], { maxLimit = 50 } = {}): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const ask = (name: string) => url.searchParams.get(name);
    if (url.pathname !== '/api/v3/search') return say(404, '')(request, response);
    const type = { Posts: 'post', Comments: 'comment' }[ask('type_') ?? ''];
    const limit = Number(ask('limit') ?? 10);
    const page = Number(ask('page') ?? 1);
    if (type === undefined || limit > 50 || page < 1 || ask('sort') !== 'New') {
      return say(400, { error: 'couldnt_get_posts' })(request, response);
    }
    // Without a listing type, an instance shows what its admins chose: local posts, on this one.
    const known = ask('listing_type') === 'All' ? items : [];
    const size = Math.min(limit, maxLimit);
    const found = known
      .filter(
        (item) => item.type === type && item.text.toLowerCase().includes((ask('q') ?? '').toLowerCase()),
      )
      .sort((left, right) => right.published.localeCompare(left.published))
      .slice((page - 1) * size, page * size)
      .map(viewOf);
    const lists = { comments: [] as unknown[], posts: [] as unknown[], communities: [], users: [] };
    if (type === 'post') lists.posts = found;
    else lists.comments = found;
    say(200, { type_: ask('type_'), ...lists })(request, response);
  };
}
