import { say } from './failing.ts';
import type { Handler } from './loopback.ts';

export interface FakeForumPost {
  readonly id: number;
  readonly topic_id: number;
  readonly post_number: number;
  readonly created_at: string;
  readonly blurb: string | null;
  readonly [field: string]: unknown;
}

/**
 * `/search.json` of a Discourse forum: `after:` and `before:` are days, the
 * newest matching post of each topic and no other, newest first, pages to 10,
 * `more_full_page_results` true or null; `/site/basic-info.json` beside it;
 * and `/posts/<id>.json`, whose likes are an action that is listed only when
 * somebody took it, and which tells nothing of the topic's size.
 */
export function fakeDiscourse(posts: readonly FakeForumPost[], { pageSize = 50 } = {}): Handler {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    const reply = (status: number, body: unknown) => say(status, body)(request, response);
    if (url.pathname === '/site/basic-info.json') return reply(200, { title: 'Acme forum', logo_url: '' });
    const id = /^\/posts\/(\d+)\.json$/.exec(url.pathname)?.[1];
    const shown = id === undefined ? undefined : posts.find((post) => String(post.id) === id);
    if (shown?.members_only === true)
      return reply(403, { errors: ['not permitted'], error_type: 'invalid_access' });
    if (shown) return reply(200, shownOf(shown));
    if (url.pathname !== '/search.json')
      return reply(404, { errors: ['not found'], error_type: 'not_found' });
    const page = Number(url.searchParams.get('page') ?? 1);
    const invalid = (what: string) => reply(400, { errors: [what], error_type: 'invalid_parameters' });
    if (page > 10) return invalid('page parameter must not be greater than 10');
    const terms = (url.searchParams.get('q') ?? '').split(' ');
    const filter = (name: string) =>
      terms.find((term) => term.startsWith(`${name}:`))?.slice(name.length + 1);
    const words = terms.filter((term) => term !== '' && !term.includes(':') && !term.startsWith('#'));
    if (words.some((word) => word.length < 3)) return invalid('You supplied invalid parameters: q');
    if (filter('order') !== 'latest') return invalid('this fake knows order:latest only');
    const found = posts
      .filter(({ created_at: at }) => at > (filter('after') ?? '') && at < (filter('before') ?? '9'))
      .filter((post) => words.every((word) => JSON.stringify(post).includes(word)))
      .sort((left, right) => right.created_at.localeCompare(left.created_at));
    const newest = found.filter(
      (post, at) => found.findIndex((other) => other.topic_id === post.topic_id) === at,
    );
    const listed = newest.slice((page - 1) * pageSize, page * pageSize);
    const topics = [...new Set(listed.map((post) => post.topic_id))].map((id) => ({
      id,
      title: `Acme <b> topic ${id}`,
      fancy_title: `Acme &lt;b&gt; topic ${id}`,
      slug: `acme-topic-${id}`,
      posts_count: 4,
    }));
    reply(200, {
      posts: listed.map((post) => ({ name: 'Ann', username: 'ann', like_count: 3, ...post })),
      ...(topics.length > 0 ? { topics } : {}),
      users: [],
      categories: [],
      tags: [],
      groups: [],
      grouped_search_result: {
        more_posts: null,
        more_full_page_results: newest.length > page * pageSize ? true : null,
        term: url.searchParams.get('q'),
        error: null,
      },
    });
  };
}

function shownOf({ blurb, like_count: likes = 3, ...post }: FakeForumPost): unknown {
  return {
    username: 'ann',
    cooked: `<p>${blurb}</p>`,
    reply_count: 7,
    score: 90.5,
    user_deleted: false,
    actions_summary: likes === 0 ? [] : [{ id: 2, count: likes }, { id: 6 }],
    ...post,
  };
}
