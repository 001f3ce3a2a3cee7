import { describe, expect, test } from 'vitest';
import type { Clock } from '../../source/ports/clock.ts';
import type { Cursor } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { fakeAlgolia } from './fake-algolia.ts';
import { fakeBluesky } from './fake-bluesky.ts';
import { fakeGithub } from './fake-github.ts';
import { fakeLobsters } from './fake-lobsters.ts';
import { fakeMastodon, mastodonId } from './fake-mastodon.ts';
import { fakeReddit } from './fake-reddit.ts';
import { fakeStackexchange } from './fake-stackexchange.ts';
import { fakeX, xId } from './fake-x.ts';
import { fetchPages, type Handler, leapingClock, serve, testClient } from './loopback.ts';

const start = Date.UTC(2026, 0, 15, 12);
const hour = 3_600_000;

/** A service to which posts can be written at a time of its own clock. */
interface World {
  readonly options: Readonly<Record<string, unknown>>;
  /** The option that holds the address. */
  readonly addressedBy?: string;
  readonly handler: Handler;
  /** Returns the external id. */
  write(serial: number, at: number): string;
}

const iso = (at: number) => new Date(at).toISOString();
const wholeIso = (at: number) => iso(at).replace(/\.\d+Z$/, 'Z');
const text = (serial: number) => `Acme report ${serial}`;

const worlds: readonly (readonly [kind: string, make: (clock: Clock) => World])[] = [
  [
    'hackernews',
    () => {
      const hits: Parameters<typeof fakeAlgolia>[0][number][] = [];
      return {
        options: { query: 'acme' },
        handler: fakeAlgolia(hits),
        write: (serial, at) => {
          hits.push({
            objectID: String(serial),
            created_at_i: at / 1000,
            _tags: ['story'],
            author: 'ann',
            title: text(serial),
            points: 1,
            num_comments: 0,
          });
          return String(serial);
        },
      };
    },
  ],
  [
    'github',
    () => {
      const issues: Parameters<typeof fakeGithub>[0][number][] = [];
      return {
        options: { query: 'acme' },
        handler: fakeGithub(issues),
        write: (serial, at) => {
          issues.push({
            id: serial,
            number: serial,
            html_url: `https://github.com/acme/cloud/issues/${serial}`,
            title: text(serial),
            body: '',
            user: { login: 'ann' },
            created_at: wholeIso(at),
            comments: 0,
          });
          return String(serial);
        },
      };
    },
  ],
  [
    'stackexchange',
    () => {
      const questions: Parameters<typeof fakeStackexchange>[0][number][] = [];
      return {
        options: { query: 'acme' },
        handler: fakeStackexchange(questions),
        write: (serial, at) => {
          questions.push({
            question_id: serial,
            link: `https://stackoverflow.com/questions/${serial}/acme`,
            title: text(serial),
            body: '<p>x</p>',
            owner: { user_id: 1, display_name: 'Ann' },
            tags: ['acme'],
            creation_date: at / 1000,
            score: 1,
            answer_count: 0,
          });
          return String(serial);
        },
      };
    },
  ],
  [
    'lobsters',
    () => {
      const stories: Parameters<typeof fakeLobsters>[0][number][] = [];
      return {
        options: {},
        handler: fakeLobsters(stories),
        write: (serial, at) => {
          stories.push({
            short_id: `s${serial}`,
            created_at: iso(at),
            title: text(serial),
            url: `https://acme.example/${serial}`,
            score: 1,
            comment_count: 0,
            comments_url: `https://lobste.rs/s/s${serial}/a`,
            submitter_user: 'ann',
            tags: ['devops'],
          });
          return `s${serial}`;
        },
      };
    },
  ],
  [
    'reddit',
    (clock) => {
      const posts: Parameters<typeof fakeReddit>[0]['posts'] = [];
      return {
        options: { subreddits: ['acme'] },
        handler: fakeReddit({ posts, clock }),
        write: (serial, at) => {
          const permalink = `/r/acme/comments/${serial}/acme/`;
          posts.push({
            name: `t3_${serial}`,
            subreddit: 'acme',
            title: text(serial),
            selftext: 'x',
            author: 'ann',
            created_utc: at / 1000,
            permalink,
            url: `https://www.reddit.com${permalink}`,
            is_self: true,
          });
          return `t3_${serial}`;
        },
      };
    },
  ],
  [
    'bluesky',
    (clock) => {
      const posts: Parameters<typeof fakeBluesky>[0]['posts'] = [];
      return {
        options: { query: 'acme', handle: 'ann.example' },
        handler: fakeBluesky({ posts, clock }),
        write: (serial, at) => {
          const uri = `at://did:plc:bob/app.bsky.feed.post/k${serial}`;
          posts.push({
            uri,
            cid: 'bafy',
            author: { did: 'did:plc:bob', handle: 'bob.example' },
            record: { $type: 'app.bsky.feed.post', text: text(serial), createdAt: iso(at) },
            indexedAt: iso(at),
          });
          return uri;
        },
      };
    },
  ],
  [
    'mastodon',
    (clock) => {
      const statuses: Parameters<typeof fakeMastodon>[0]['statuses'] = [];
      return {
        options: { tags: ['acme'] },
        addressedBy: 'instance',
        handler: fakeMastodon({ statuses, clock }),
        write: (serial, at) => {
          const uri = `https://other.example/users/bob/statuses/${serial}`;
          statuses.push({
            id: mastodonId(at),
            uri,
            url: `https://other.example/@bob/${serial}`,
            created_at: iso(at),
            content: `<p>${text(serial)}</p>`,
            spoiler_text: '',
            account: { acct: 'bob@other.example', url: 'https://other.example/@bob' },
            tags: [{ name: 'acme' }],
          });
          return uri;
        },
      };
    },
  ],
  [
    'x',
    (clock) => {
      const posts: Parameters<typeof fakeX>[0]['posts'] = [];
      return {
        options: { query: 'acme' },
        handler: fakeX({ posts, clock }),
        write: (serial, at) => {
          const id = xId(at);
          posts.push({ id, text: text(serial), author_id: '77', created_at: iso(at) });
          return id;
        },
      };
    },
  ],
];

const secrets = {
  REDDIT_CLIENT_ID: 'id',
  REDDIT_CLIENT_SECRET: 'secret',
  BLUESKY_APP_PASSWORD: 'app-pass',
  X_BEARER_TOKEN: 'good',
};

describe.each(worlds)('%s', (kind, make) => {
  test.each([
    ['hours ahead of', 5 * hour],
    ['hours behind', -5 * hour],
  ])('loses nothing when our clock is %s that of the service', async (_, apart) => {
    let serviceNow = start;
    const theirs: Clock = { ...leapingClock(start), now: () => serviceNow };
    const { options, addressedBy = 'baseUrl', handler, write } = make(theirs);
    const { url } = await serve(handler);
    const written = [write(1, start - 2 * hour), write(2, start - 60_000)];
    const seen = new Set<string>();
    let cursor: Cursor | null = null;
    for (let turn = 0; turn < 6; turn += 1) {
      const clock = leapingClock(serviceNow + apart);
      const config = { name: 'one', kind, ...options, [addressedBy]: url };
      const source = openSource(config, { http: testClient({}, clock), clock, folder: '/', secrets });
      for (const page of await fetchPages(source, cursor)) {
        for (const post of page.posts) seen.add(post.externalId);
        cursor = page.cursor;
      }
      // Half an hour passes there, and somebody writes a minute before we look again.
      serviceNow += hour / 2;
      if (turn < 5) written.push(write(10 + turn, serviceNow - 60_000));
    }
    expect([...seen].sort()).toEqual([...written].sort());
  });
});
