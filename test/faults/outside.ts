import { createHash } from 'node:crypto';
import { type FakeHit, fakeAlgolia } from '../sources/fake-algolia.ts';
import { type FakeStory, fakeLobsters } from '../sources/fake-lobsters.ts';
import { type FakeStatus, fakeMastodon, mastodonId } from '../sources/fake-mastodon.ts';
import { type FakeRedditPost, fakeReddit } from '../sources/fake-reddit.ts';
import { type FakeQuestion, fakeStackexchange } from '../sources/fake-stackexchange.ts';
import type { Handler } from '../sources/loopback.ts';
import { randomFrom } from './random.ts';

/** One thing that is written about, the same wherever it is written. */
export interface Story {
  readonly number: number;
  readonly title: string;
  readonly link: string;
}

/** A service that posts come from, and what it is read with. */
export interface OutsideService {
  readonly kind: string;
  readonly handler: Handler;
  /** Options of a source of this kind, when the service is at `url`. */
  options(url: string): Record<string, unknown>;
  /** Writes about a story, at a time in ms UTC; the id that the post will have. */
  publish(story: Story, at: number): string;
}

/** What those services want. */
export const outsideSecrets = { REDDIT_CLIENT_ID: 'id', REDDIT_CLIENT_SECRET: 'secret' };

/** A story whose words no other has, so that only its own posts are told as saying the same. */
export function storyOf(number: number): Story {
  const random = randomFrom(number + 1);
  const words = Array.from({ length: 9 }, () => Math.floor(random() * 1e9).toString(36));
  return { number, title: `Acme story${number} ${words.join(' ')}`, link: `https://acme.example/${number}` };
}

/** One service for each way of walking a list: slices of time, oldest first, newest first, by page number, a feed. */
export function outsideServices(now: () => number): readonly OutsideService[] {
  return [feed(), hackernews(), stackexchange(), mastodon(now), reddit(now), lobsters()];
}

function feed(): OutsideService {
  const items: string[] = [];
  return {
    kind: 'rss',
    handler: (request, response) => {
      const body = `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Acme</title>${items.toReversed().join('\n')}</channel></rss>`;
      const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
      response.setHeader('etag', etag);
      if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
      response.setHeader('content-type', 'application/rss+xml; charset=utf-8').end(body);
    },
    options: (url) => ({ url: `${url}/feed.xml` }),
    publish: ({ title }, at) => {
      const id = `item-${items.length}`;
      // A link that several entries of a feed have in common would count as a page of many.
      const link = `https://acme.example/feed/${id}`;
      const date = new Date(at).toUTCString();
      items.push(
        `<item><guid isPermaLink="false">${id}</guid><title>${title}</title><link>${link}</link><description>It is slow</description><pubDate>${date}</pubDate></item>`,
      );
      return id;
    },
  };
}

function hackernews(): OutsideService {
  const hits: FakeHit[] = [];
  return {
    kind: 'hackernews',
    handler: fakeAlgolia(hits, 40),
    options: (baseUrl) => ({ query: 'acme', baseUrl }),
    publish: ({ title, link }, at) => {
      const id = String(hits.length + 1);
      const fields = {
        author: 'ann',
        title,
        url: link,
        story_text: 'It is slow',
        points: 3,
        num_comments: 2,
      };
      hits.push({ objectID: id, created_at_i: Math.floor(at / 1_000), _tags: ['story'], ...fields });
      return id;
    },
  };
}

function stackexchange(): OutsideService {
  const questions: FakeQuestion[] = [];
  return {
    kind: 'stackexchange',
    // A new one each time: its day has 300 requests, and a soak more.
    handler: (request, response) => fakeStackexchange(questions)(request, response),
    options: (baseUrl) => ({ query: 'acme', baseUrl }),
    publish: ({ title }, at) => {
      const id = questions.length + 1;
      questions.push({
        question_id: id,
        link: `https://stackoverflow.com/questions/${id}/acme`,
        title,
        body: '<p>It is slow</p>',
        owner: { user_id: 1, display_name: 'ann' },
        tags: ['acme'],
        creation_date: Math.floor(at / 1_000),
        score: 3,
        answer_count: 2,
      });
      return String(id);
    },
  };
}

function mastodon(now: () => number): OutsideService {
  const statuses: FakeStatus[] = [];
  return {
    kind: 'mastodon',
    handler: fakeMastodon({ statuses, clock: { now, sleep: async () => undefined } }),
    options: (instance) => ({ instance, tags: ['acme'] }),
    publish: ({ title, link }, at) => {
      const uri = `https://other.example/users/bob/statuses/${statuses.length + 1}`;
      statuses.push({
        id: mastodonId(at, statuses.length % 65_536),
        uri,
        url: uri,
        created_at: new Date(at).toISOString(),
        language: 'en',
        content: `<p>${title}</p>`,
        spoiler_text: '',
        in_reply_to_id: null,
        reblog: null,
        account: { acct: 'bob@other.example', url: 'https://other.example/@bob' },
        card: { url: link },
        tags: [{ name: 'acme' }],
        media_attachments: [],
        favourites_count: 4,
        reblogs_count: 3,
        replies_count: 2,
        quotes_count: 1,
      });
      return uri;
    },
  };
}

function reddit(now: () => number): OutsideService {
  const posts: FakeRedditPost[] = [];
  return {
    kind: 'reddit',
    handler: fakeReddit({ posts, clock: { now, sleep: async () => undefined } }),
    options: (baseUrl) => ({ subreddits: ['acme'], baseUrl }),
    publish: ({ title, link }, at) => {
      const id = (posts.length + 1).toString(36);
      posts.push({
        name: `t3_${id}`,
        subreddit: 'acme',
        title,
        selftext: 'It is slow',
        author: 'ann',
        created_utc: Math.floor(at / 1_000),
        permalink: `/r/acme/comments/${id}/acme/`,
        url: link,
        is_self: false,
        score: 7,
        num_comments: 3,
      });
      return `t3_${id}`;
    },
  };
}

function lobsters(): OutsideService {
  const stories: FakeStory[] = [];
  return {
    kind: 'lobsters',
    handler: fakeLobsters(stories),
    options: (baseUrl) => ({ baseUrl }),
    publish: ({ title, link }, at) => {
      const id = `s${stories.length + 1}`;
      stories.push({
        short_id: id,
        short_id_url: `https://lobste.rs/s/${id}`,
        created_at: new Date(at).toISOString().replace('Z', '+00:00'),
        title,
        url: link,
        score: 12,
        flags: 0,
        comment_count: 3,
        description: '',
        description_plain: 'It is slow',
        comments_url: `https://lobste.rs/s/${id}/acme`,
        submitter_user: 'ann',
        user_is_author: false,
        tags: ['devops'],
      });
      return id;
    },
  };
}
