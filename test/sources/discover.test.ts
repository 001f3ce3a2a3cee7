import { describe, expect, test } from 'vitest';
import { discoverFeed, findFeedLinks } from '../../source/sources/discover.ts';
import { answerQuestion, sourceQuestions } from '../../source/sources/probe.ts';
import { leapingClock, never, serve, testClient } from './loopback.ts';

const feed = '<rss version="2.0"><channel><title>Acme</title><item><title>x</title></item></channel></rss>';

/** A site whose paths answer with the given bodies, and 404 elsewhere. */
function serveSite(pages: Record<string, string>) {
  return serve((request, response) => {
    const body = pages[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(body ?? 'not here');
  });
}

describe('the feed of a site', () => {
  test('an address that is a feed is itself', async () => {
    const { url } = await serveSite({ '/rss': feed });
    expect(await discoverFeed(`${url}/rss`, testClient(), never)).toBe(`${url}/rss`);
  });

  test('the feed that the page names is preferred', async () => {
    const { url } = await serveSite({
      '/': '<html><head><link rel="alternate" type="application/rss+xml" href="gone.xml"><link rel="alternate" type="application/atom+xml" href="news.xml"></head></html>',
      '/news.xml': feed,
      '/feed': feed,
    });
    expect(await discoverFeed(url, testClient(), never)).toBe(`${url}/news.xml`);
  });

  test('without one, the usual places are tried', async () => {
    const { url, requests } = await serveSite({
      '/': '<html></html>',
      '/atom.xml': feed,
      '/feed': '<html></html>',
    });
    expect(await discoverFeed(url, testClient(), never)).toBe(`${url}/atom.xml`);
    expect(requests).toEqual(['/', '/feed', '/rss', '/atom.xml']);
  });

  test('an address without a scheme is tried with https, then without', async () => {
    const { url } = await serveSite({ '/': '<html></html>', '/rss': feed });
    const host = new URL(url).host;
    expect(await discoverFeed(host, testClient(), never)).toBe(`${url}/rss`);
    expect(await discoverFeed(`${host}/rss`, testClient(), never)).toBe(`${url}/rss`);
    await expect(discoverFeed('nowhere.invalid', testClient(), never)).rejects.toMatchObject({
      code: 'unreachable-host',
    });
  });

  test('a site without a feed is told so', async () => {
    const { url } = await serveSite({ '/': '<html></html>' });
    await expect(discoverFeed(url, testClient(), never)).rejects.toMatchObject({ code: 'no-feed' });
  });

  test('an abort ends the search', async () => {
    const stop = new AbortController();
    const { url } = await serve((request, response) => {
      if (request.url === '/feed') stop.abort(new Error('enough'));
      response.end('<html></html>');
    });
    await expect(discoverFeed(url, testClient(), stop.signal)).rejects.toThrow('enough');
  });

  test.each(['', '   ', 'http://', 'not an address'])('%j is not an address', async (answer) => {
    await expect(discoverFeed(answer, testClient(), never)).rejects.toMatchObject({ code: 'bad-address' });
  });
});

test('links are found wherever they stand, resolved, without repeats and without other formats', () => {
  const html = `<base href="https://cdn.example/x/"><link rel="stylesheet" type="text/css" href="a.css">
    <link REL="Alternate Home" TYPE="application/rss+xml; charset=utf-8" HREF="feed">
    <link rel="alternate" type="application/atom+xml" href="//other.example/atom">
    <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
    <link rel="alternate" type="application/json+oembed" href="/oembed">
    <link rel="alternate" type="application/feed+json" href="/feed.json">
    <link rel="alternate" type="application/rss+xml" href="feed">
    <link rel="alternate" hreflang="de" href="/de">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">`;
  expect(findFeedLinks(html, 'https://site.example/')).toEqual([
    'https://cdn.example/x/feed',
    'https://other.example/atom',
    'https://cdn.example/feed.json',
  ]);
});

test('the wizard asks for an address and names the source after its site', async () => {
  expect(sourceQuestions().map((question) => question.kind)).toEqual(
    expect.arrayContaining(['rss', 'file', 'appstore', 'discourse', 'youtube']),
  );
  const { url } = await serveSite({ '/': '<html></html>', '/feed': feed });
  const tools = { http: testClient(), clock: leapingClock(), folder: '/', secrets: {} };
  expect(await answerQuestion('rss', url, tools, never)).toEqual({
    config: { name: '127.0.0.1', kind: 'rss', url: `${url}/feed` },
    title: 'Feed',
    target: `${new URL(url).host}/feed`,
  });
});
