import { describe, expect, test } from 'vitest';
import { UserError } from '../../source/errors.ts';
import { draftForumPost, readReplyCounts, readTopics } from '../../source/sources/discourse-post.ts';
import { readBrokenJsonFeed } from '../../source/sources/feed-json.ts';
import { explainFailure } from '../../source/sources/http-error.ts';
import { draftLemmyComment, draftLemmyPost } from '../../source/sources/lemmy-item.ts';
import { draftStatus, earlierId, idAtTime, isLaterId } from '../../source/sources/mastodon-status.ts';
import { findKind } from '../../source/sources/open.ts';
import { draftRedditPost, redditCounts } from '../../source/sources/reddit-post.ts';

const at = '2026-11-20T10:00:00Z';
const atMs = Date.parse(at);

describe('a service that leaves out all that it may', () => {
  test('Lemmy: a post without author, body, link and counts; a comment without its post', () => {
    const post = { ap_id: 'https://l.example/post/1', name: ' A  title ', published: at };
    expect(draftLemmyPost({ post })).toMatchObject({
      at: atMs / 1000,
      draft: {
        title: 'A title',
        text: '',
        author: null,
        link: 'https://l.example/post/1',
        engagement: { likes: 0, replies: 0 },
      },
    });
    expect(draftLemmyPost({ post: { ...post, name: ' ' } })).toBeNull();
    expect(draftLemmyPost({ post: { ...post, published: 'some day' } })).toBeNull();
    expect(draftLemmyPost({ post: { ...post, deleted: true } })).toBe('gone');
    expect(draftLemmyPost({ post: 'none' })).toBeNull();

    const comment = { ap_id: 'https://l.example/comment/1', content: 'me too\r\n', published: at };
    expect(draftLemmyComment({ comment })).toMatchObject({
      draft: { text: 'me too', author: null, parentUrl: null, parentText: null, engagement: { likes: 0 } },
    });
    const whole = {
      comment,
      creator: { name: 'ann' },
      post: { ap_id: 'https://l.example/post/1', name: 'A title' },
      counts: { score: 3, child_count: 2 },
    };
    expect(draftLemmyComment(whole)).toMatchObject({
      draft: { author: 'ann', parentText: 'A title', engagement: { likes: 3, replies: 2 } },
    });
    expect(draftLemmyComment({ comment: { ...comment, removed: true } })).toBe('gone');
    expect(draftLemmyComment({ comment: { ...comment, content: ' ' } })).toBeNull();
    expect(draftLemmyComment({})).toBeNull();
  });

  test('Discourse: a first post of an unknown topic, and a reply that shows nothing', () => {
    const post = { id: 7, topic_id: 3, post_number: 1, username: 'ann', created_at: at, like_count: 2 };
    const none = new Map();
    expect(draftForumPost({ ...post, blurb: 'words' }, none, 'https://d.example')).toMatchObject({
      draft: { url: 'https://d.example/t/-/3/1', title: null, text: 'words', engagement: { replies: 0 } },
    });
    expect(draftForumPost(post, none, 'https://d.example')).toBeNull();
    expect(draftForumPost({ ...post, created_at: 'never' }, none, 'https://d.example')).toBeNull();
    const topics = readTopics([{ id: 3, title: 'A topic', slug: 'a-topic', posts_count: 5 }, 'no topic']);
    expect(draftForumPost(post, topics, 'https://d.example')).toMatchObject({
      draft: { title: 'A topic', text: '', engagement: { replies: 4 } },
    });
    const reply = { ...post, post_number: 2, blurb: 'me too' };
    expect(draftForumPost(reply, topics, 'https://d.example')).toMatchObject({
      draft: { title: null, parentText: 'A topic', parentUrl: 'https://d.example/t/a-topic/3' },
    });
    expect(draftForumPost({ ...reply, blurb: '' }, topics, 'https://d.example')).toBeNull();
    expect(readReplyCounts({ id: 7, post_number: 2, actions_summary: [] }, '7')).toMatchObject({ likes: 0 });
    expect(readReplyCounts({ id: 7, post_number: 1, actions_summary: [] }, '7')).toBeNull();
    expect(readReplyCounts('nothing', '7')).toBeNull();
  });

  test('Reddit: a post without address and date, one of which nothing is left, and what is none', () => {
    const post = (data: object) => ({ kind: 't3', data: { name: 't3_abc', ...data } });
    expect(draftRedditPost(post({ selftext: 'words', author: '[deleted]' }))).toMatchObject({
      url: 'https://www.reddit.com/comments/abc/',
      title: null,
      author: null,
      createdAt: null,
      link: null,
    });
    expect(draftRedditPost(post({ title: '[removed]', selftext: ' [deleted] ' }))).toBeNull();
    expect(draftRedditPost(post({ title: 'x', url: 'http://[' }))).toMatchObject({ link: null });
    expect(draftRedditPost({ kind: 't1' })).toBeNull();
    expect(redditCounts({ kind: 't1' })).toEqual([]);
    expect(redditCounts(post({ score: 4, num_comments: 2 }))).toEqual([
      { externalId: 't3_abc', engagement: { likes: 4, reposts: 0, replies: 2, quotes: 0 } },
    ]);
  });

  test('Mastodon: a status of pictures alone, of accounts near and far, with a date that is yet to come', () => {
    const status = (fields: object) =>
      draftStatus(
        { id: '1', uri: 'https://m.example/1', url: null, created_at: at, account: {}, ...fields },
        'https://m.example',
      );
    const picture = { media_attachments: [{ description: 'a red error' }, { description: null }] };
    expect(status(picture)).toMatchObject({ text: 'a red error', url: 'https://m.example/1', author: null });
    expect(status({})).toBeNull();
    expect(status({ content: '<p>hi</p>', account: { acct: 'ann' } })).toMatchObject({
      author: 'ann@m.example',
    });
    expect(status({ content: 'hi', account: { acct: 'ann@far.example' } })).toMatchObject({
      author: 'ann@far.example',
    });
    expect(status({ content: 'hi', id: idAtTime(atMs - 1000) })).toMatchObject({ createdAt: atMs - 1000 });
    expect(status({ content: 'hi', uri: 'tag:m.example,2026:1' })).toMatchObject({ url: null });
    expect([earlierId('not a number', 5), earlierId('5', 1000)]).toEqual(['not a number', '0']);
    expect([isLaterId('10', '9'), isLaterId('a', 'b'), isLaterId('b', 'a')]).toEqual([true, false, true]);
  });
});

test('a JSON feed that breaks off gives the items before that, of the fields that the format has', () => {
  const head = '{"version":"https://jsonfeed.org/version/1.1","items":[';
  const read = (items: string, most = 9) =>
    readBrokenJsonFeed(`${head}${items}`, most)?.entries.length ?? null;
  expect(read('{"id":"1","content_text":"a \\"}\\" b","authors":[{"name":"ann"},null,3]},{"id":"2"')).toBe(1);
  expect(read('{"id":"1"},{"id":"2"},{"id":"3"}]', 2)).toBe(2);
  expect(read('{"id":"1"},{"id":oops},')).toBe(1);
  expect(read('] nothing')).toBeNull();
  expect(read('{"id":"1')).toBeNull();
  expect(readBrokenJsonFeed('<rss/>', 9)).toBeNull();
});

describe('a request that fails is told by what the network said', () => {
  const context = { host: 'a.example', timeoutMs: 1500 };
  const failed = (code: string) => explainFailure(Object.assign(new Error(code), { code }), context);

  test.each([
    ['ENOTFOUND', 'unreachable-host', 'no such host name', 'no'],
    ['ETIMEDOUT', 'timeout', 'within 1.5 s', 'once'],
    ['HPE_INVALID_CONSTANT', 'bad-answer', 'the language of the web', 'no'],
    ['Z_DATA_ERROR', 'bad-answer', 'damaged or breaks off', 'once'],
    ['CERT_HAS_EXPIRED', 'bad-certificate', 'no valid certificate', 'no'],
    ['EPROTO', 'bad-certificate', 'does not speak https', 'no'],
    ['ECONNRESET', 'connection-lost', 'broke the connection off', 'yes'],
    ['EHOSTDOWN', 'unreachable-host', 'cannot be reached (EHOSTDOWN)', 'yes'],
  ])('%s', (code, expected, words, retry) => {
    const failure = failed(code);
    expect([failure.error.code, failure.retry]).toEqual([expected, retry]);
    expect(failure.message).toContain(words);
  });

  test('what was said better stays, a bug is thrown on, and of several the first counts', () => {
    const known = new UserError('timeout', 'too slow', { fix: '' });
    expect(explainFailure(known, context)).toMatchObject({ error: known, retry: 'once' });
    expect(explainFailure(new UserError('other', 'x', { fix: '' }), context).retry).toBe('no');
    expect(() => explainFailure(new TypeError('a bug'), context)).toThrow('a bug');
    const several = new AggregateError([Object.assign(new Error(), { code: 'ECONNRESET' })]);
    expect(explainFailure(several, context).error.code).toBe('connection-lost');
    expect(explainFailure('thrown text', context).message).toContain('(unknown)');
    expect(explainFailure(new Error('x'), context).message).toContain('(Error)');
  });
});

const empty = { query: '', tags: [], tagged: [], channels: [], comments: false };

test.each<[string, object, string]>([
  ['reddit', {}, 'posts in all of Reddit'],
  ['reddit', { subreddits: ['acme', 'help'], query: 'down' }, 'posts in r/acme, r/help with down'],
  ['lobsters', { query: 'acme' }, 'stories newest with acme'],
  ['webhook', {}, 'posts pushed in'],
  ['webhook', { description: 'the shop' }, 'the shop'],
  ['x', { query: 'acme' }, 'posts of the last 7 days with acme'],
  ['bluesky', { query: 'acme' }, 'posts with acme'],
  ['youtube', { query: 'acme' }, 'videos with acme'],
  [
    'youtube',
    { channels: [`UC${'a'.repeat(22)}`, `UC${'b'.repeat(22)}`], comments: true },
    '2 channels, comments on them',
  ],
  ['discourse', { url: 'https://d.example/forum' }, 'd.example'],
  ['discourse', { url: 'https://d.example', query: 'acme' }, 'd.example with acme'],
  ['file', { path: '-' }, 'standard input'],
  ['file', { path: '/some/where/posts.csv' }, 'posts.csv'],
  ['mastodon', { instance: 'https://m.example', tags: ['acme'], query: 'acme' }, '#acme'],
  ['stackexchange', { site: 'superuser', query: 'acme', tagged: ['a', 'b'] }, 'tagged a or b'],
  ['command', { command: ['/usr/bin/fetch', '--all'] }, 'fetch --all'],
])('a source of kind %s with %j says what it listens to', (kind, options, words) => {
  const { target, options: schema } = findKind(kind);
  // What is required and not of interest here stays out.
  const settings = schema.safeParse(options).data ?? { ...empty, ...schema.partial().parse(options) };
  expect(target(settings as never)).toContain(words);
});
