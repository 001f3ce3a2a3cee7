import type { Handler } from './loopback.ts';

export interface FakeReview {
  readonly id: string;
  /** Null: the feed gives no date, as it did for years. */
  readonly updated: string | null;
  readonly [field: string]: unknown;
}

const label = (text: string) => ({ label: text });

/** One entry in the shape of the feed: XML turned into JSON. */
export function entryOf(review: FakeReview, country: string): unknown {
  const { id, updated, title = 'Broken', text = 'It crashes', rating = 2, votes = 0, ...rest } = review;
  return {
    author: { uri: label(`https://itunes.apple.com/${country}/reviews/id1`), name: label('ann'), label: '' },
    ...(updated === null ? {} : { updated: label(updated) }),
    'im:rating': label(String(rating)),
    'im:version': label('1.2.3'),
    id: label(id),
    title: label(String(title)),
    content: { label: String(text), attributes: { type: 'text' } },
    link: { attributes: { rel: 'related', href: `https://itunes.apple.com/${country}/review?id=5` } },
    'im:voteSum': label(String(votes)),
    'im:contentType': { attributes: { term: 'Application', label: 'Application' } },
    'im:voteCount': label('0'),
    ...rest,
  };
}

const app = {
  'im:name': label('Acme'),
  id: { label: 'https://apps.apple.com/us/app/acme/id555', attributes: { 'im:id': '555' } },
  title: label('Acme - Acme Inc.'),
};

/**
 * The feed of customer reviews: fifty on a page, ten pages, newest first, the
 * app itself before the first reviews, a single entry as an object, no
 * `entry` at all for none.
 */
export function fakeAppstore(
  stores: Readonly<Record<string, readonly FakeReview[]>>,
  { pageSize = 50, showApp = true }: { pageSize?: number; showApp?: boolean } = {},
): Handler {
  return (request, response) => {
    const match = /^\/([a-z]{2})\/rss\/customerreviews\/page=(\d+)\/id=555\/sortby=mostrecent\/json$/.exec(
      request.url ?? '',
    );
    const [, country = '', pageText] = match ?? [];
    const page = Number(pageText);
    if (!match || page < 1) return void response.writeHead(404).end('Not Found');
    if (page > 10) {
      return void response.writeHead(400).end('CustomerReviews RSS page depth is limited to 10');
    }
    const reviews = [...(stores[country] ?? [])]
      .sort((left, right) => (right.updated ?? '').localeCompare(left.updated ?? ''))
      .slice((page - 1) * pageSize, page * pageSize)
      .map((review) => entryOf(review, country));
    const entries = page === 1 && showApp && reviews.length > 0 ? [app, ...reviews] : reviews;
    const entry = entries.length === 0 ? {} : { entry: entries.length === 1 ? entries[0] : entries };
    response
      .setHeader('content-type', 'text/javascript; charset=utf-8')
      .end(
        JSON.stringify({ feed: { author: { name: label('iTunes Store') }, ...entry, title: label('x') } }),
      );
  };
}
