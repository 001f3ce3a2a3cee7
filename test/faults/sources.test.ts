import { describe, expect, onTestFinished, test } from 'vitest';
import type { PostDraft } from '../../source/domain/post.ts';
import { UserError } from '../../source/errors.ts';
import type { Page, Source } from '../../source/ports/source.ts';
import { openSource } from '../../source/sources/open.ts';
import { channelId, fakeYoutube } from '../sources/fake-youtube.ts';
import { leapingClock, never, serve, testClient } from '../sources/loopback.ts';
import { type Fault, faults, openFaultProxy } from './fault-proxy.ts';
import { type OutsideService, outsideSecrets, outsideServices, storyOf } from './outside.ts';

const now = Date.UTC(2026, 0, 15, 12);
/** Enough for several requests of each kind. */
const written = 120;
const kinds = outsideServices(() => now).map(({ kind }) => kind);

/** What a fault is when the client does not try again: a person reads these. Absent where it may do no harm. */
const words: Readonly<Record<Fault, RegExp>> = {
  drop: /broke the connection off/,
  lost: /broke the connection off/,
  delay: /never/,
  stall: /did not answer within 0\.3 s/,
  drip: /did not answer within 0\.3 s/,
  corrupt: /sent a compressed answer that is damaged/,
  'server-error': /has a problem of its own \(HTTP 503/,
  'foreign-page': /shape that is not known|did not answer with search results|is a web page, not a feed/,
  'rate-limit': /asks for fewer requests|asks not to be called/,
  'too-long': /broke the connection off/,
  // The rest of the body is lost where the length ends: what is left is no answer of the service.
  'too-short': /shape that is not known|did not answer with search results|damaged/,
  reset: /broke the connection off/,
  'cut-chunked': /broke the connection off/,
};

interface Scene {
  readonly service: OutsideService;
  readonly next: (Fault | null)[];
  requests(): number;
  open(retries: number, timeoutMs?: number): Source;
  readonly ids: readonly string[];
}

async function sceneOf(kind: string): Promise<Scene> {
  const service = outsideServices(() => now).find((each) => each.kind === kind);
  if (!service) throw new Error(`no service ${kind}`);
  const ids = Array.from({ length: written }, (_, at) =>
    service.publish(storyOf(at), now - (at + 1) * 3_600_000),
  );
  const { url } = await serve(service.handler);
  const proxy = await openFaultProxy(url, { stallMs: 2_000, delayMs: 20 });
  onTestFinished(() => proxy.close());
  const open = (retries: number, timeoutMs = 10_000) => {
    const clock = leapingClock(now);
    const http = testClient({ retries, timeoutMs }, clock);
    const tools = { http, clock, folder: '/', secrets: outsideSecrets };
    return openSource({ name: kind, kind, ...service.options(proxy.url) }, tools);
  };
  return { service, next: proxy.next, requests: () => proxy.requests, open, ids };
}

/** Reads until a run ends well, each from where the last one was stored; what went wrong on the way. */
async function readPatiently(
  open: () => Source,
): Promise<{ posts: Map<string, PostDraft>; told: unknown[] }> {
  const posts = new Map<string, PostDraft>();
  const told: unknown[] = [];
  let cursor: Page['cursor'] | null = null;
  for (let run = 0; run < 8; run += 1) {
    const before = told.length;
    try {
      for await (const page of open().fetch({ cursor, signal: never })) {
        cursor = JSON.parse(JSON.stringify(page.cursor));
        // As the store does: a post that is known keeps its words.
        for (const post of page.posts) if (!posts.has(post.externalId)) posts.set(post.externalId, post);
        told.push(...page.warnings);
      }
    } catch (error) {
      told.push(error);
    }
    if (told.length === before) return { posts, told };
  }
  throw new Error(`no run ended well: ${told.join('; ')}`);
}

const wordsOf = (each: unknown) => (each instanceof UserError ? each.message : String(each));

describe.each(kinds)('%s behind a network that fails', (kind) => {
  test('reads the same posts, whatever befalls any of its requests, and says in words what did', async () => {
    const scene = await sceneOf(kind);
    const reference = await readPatiently(() => scene.open(0));
    expect([...reference.posts.keys()].sort()).toEqual([...scene.ids].sort());
    expect(reference.told).toEqual([]);
    const needed = Math.min(3, scene.requests());
    for (const fault of faults) {
      // Slow faults cost their time: once each is enough.
      const isSlow = fault === 'stall' || fault === 'drip';
      const places = isSlow ? [needed - 1] : [0, 1, 2].slice(0, needed);
      for (const place of places) {
        scene.next.push(...Array<null>(place).fill(null), fault);
        const { posts, told } = await readPatiently(() => (isSlow ? scene.open(0, 300) : scene.open(0)));
        scene.next.length = 0;
        expect([fault, place, Object.fromEntries(posts)]).toEqual([
          fault,
          place,
          Object.fromEntries(reference.posts),
        ]);
        for (const each of told)
          expect([fault, wordsOf(each)]).toEqual([fault, expect.stringMatching(words[fault])]);
        // A pause that an API asks for is waited out, which is no failure.
        if (fault !== 'delay' && !(fault === 'rate-limit' && kind !== 'rss' && kind !== 'hackernews'))
          expect([fault, place, told.length]).toEqual([fault, place, 1]);
      }
    }
  });

  test('passes over what the client may try again, so that the run does not fail', async () => {
    const scene = await sceneOf(kind);
    const passing: readonly Fault[] = [
      'drop',
      'lost',
      'corrupt',
      'server-error',
      'rate-limit',
      'too-long',
      'reset',
      'cut-chunked',
    ];
    scene.next.push(...passing.flatMap((fault) => [fault, null]));
    const { posts, told } = await readPatiently(() => scene.open(2));
    expect(told).toEqual([]);
    expect([...posts.keys()].sort()).toEqual([...scene.ids].sort());
  });
});

test.each(['reddit', 'youtube'])(
  '%s: a feed that breaks off is refused, for its end would be passed over',
  async (kind) => {
    const at = (number: number) => now - (number + 1) * 60_000;
    const feed = Array.from({ length: 10 }, (_, number) => ({
      id: `video-${number}`,
      title: storyOf(number).title,
      publishedAt: new Date(at(number)).toISOString(),
    }));
    const reddit = outsideServices(() => now).find((each) => each.kind === 'reddit');
    for (let number = 0; number < 10; number += 1) reddit?.publish(storyOf(number), at(number));
    const handler = kind === 'youtube' ? fakeYoutube({ feed }) : reddit?.handler;
    const { url } = await serve((request, response) => handler?.(request, response));
    const proxy = await openFaultProxy(url);
    onTestFinished(() => proxy.close());
    const clock = leapingClock(now);
    const tools = { http: testClient({ retries: 0 }, clock), clock, folder: '/', secrets: {} };
    const options = kind === 'youtube' ? { channels: [channelId] } : { subreddits: ['acme'], mode: 'rss' };
    const open = () => openSource({ name: kind, kind, baseUrl: proxy.url, ...options }, tools);
    proxy.next.push('too-short');
    const { posts, told } = await readPatiently(open);
    expect(posts.size).toBe(10);
    expect(told).toMatchObject([
      { code: 'bad-answer', message: expect.stringContaining('broke its feed off') },
    ]);
  },
);
