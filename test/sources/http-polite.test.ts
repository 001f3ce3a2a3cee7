import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs } from '../../source/sources/http-retry.ts';
import { leapingClock, never, serve, testClient } from './loopback.ts';

const get = { signal: never };

describe('retries', () => {
  test.each([408, 425, 429, 500, 502, 503, 504])('a %i that passes is tried again', async (status) => {
    const { url, requests } = await serve((_request, response) =>
      response.writeHead(requests.length < 3 ? status : 200).end('ok'),
    );
    const notices: string[] = [];
    const answer = await testClient().get(url, { ...get, onNotice: (notice) => notices.push(notice) });
    expect(answer.body.toString()).toBe('ok');
    expect(requests).toHaveLength(3);
    expect(notices).toHaveLength(2);
    expect(notices[0]).toMatch(/^trying again in 1 s: /);
  });

  test.each([400, 401, 403, 404, 410, 501, 505])('a %i is final at once', async (status) => {
    const { url, requests } = await serve((_request, response) => response.writeHead(status).end());
    await expect(testClient().get(url, get)).rejects.toMatchObject({
      code: 'http-status',
      message: expect.stringContaining(`HTTP ${status}`),
    });
    expect(requests).toHaveLength(1);
  });

  test('a 500 that stays is an error after the configured tries', async () => {
    const { url, requests } = await serve((_request, response) => response.writeHead(500).end());
    await expect(testClient({ retries: 3 }).get(url, get)).rejects.toMatchObject({
      code: 'http-status',
      message: expect.stringContaining('has a problem of its own'),
    });
    expect(requests).toHaveLength(4);
  });

  test('the waits double, are random in full, and are bounded', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const wait = backoffMs(attempt, () => random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** attempt));
      }),
    );
    expect([0, 1, 2].map((attempt) => backoffMs(attempt, () => 1))).toEqual([500, 1_000, 2_000]);
    expect([0, 0.25].map((random) => backoffMs(2, () => random))).toEqual([0, 500]);
  });
});

describe('Retry-After', () => {
  test('a short one is waited for, and said', async () => {
    const clock = leapingClock();
    const { url, requests } = await serve((_request, response) =>
      response.writeHead(requests.length < 2 ? 429 : 200, { 'retry-after': '30' }).end('ok'),
    );
    const notices: string[] = [];
    await testClient({}, clock).get(url, { ...get, onNotice: (notice) => notices.push(notice) });
    expect(clock.slept).toEqual([30_000]);
    expect(notices[0]).toContain('30 s');
  });

  test('a long one ends the request with the time at which it is over, and nobody asks before', async () => {
    const clock = leapingClock(Date.UTC(2026, 0, 15, 12));
    const { url, requests } = await serve((_request, response) =>
      response.writeHead(429, { 'retry-after': '600' }).end(),
    );
    const client = testClient({ maxWaitMs: 60_000 }, clock);
    const refusal = { code: 'rate-limited', message: expect.stringContaining('before 2026-01-15 12:10 UTC') };
    await expect(client.get(url, get)).rejects.toMatchObject(refusal);
    await expect(client.get(`${url}/other`, get)).rejects.toMatchObject(refusal);
    expect(requests).toHaveLength(1);
    await clock.sleep(600_000);
    await expect(client.get(url, get)).rejects.toMatchObject({ code: 'rate-limited' });
    expect(requests).toHaveLength(2);
  });
});

describe('one host at a time', () => {
  test('no more requests than allowed are under way', async () => {
    let active = 0;
    let most = 0;
    const { url } = await serve((_request, response) => {
      active += 1;
      most = Math.max(most, active);
      setTimeout(() => {
        active -= 1;
        response.end('ok');
      }, 15);
    });
    const client = testClient({ perHostConcurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, (_, at) => client.get(`${url}/${at}`, get)));
    expect(most).toBe(3);
  });

  test('requests to one host keep their distance, those to another do not wait for it', async () => {
    const clock = leapingClock();
    const one = await serve((_request, response) => response.end('ok'));
    const other = await serve((_request, response) => response.end('ok'));
    const client = testClient({ perHostDelayMs: 250, perHostConcurrency: 1 }, clock);
    await client.get(one.url, get);
    await client.get(other.url, get);
    expect(clock.slept).toEqual([]);
    await client.get(one.url, get);
    expect(clock.slept).toEqual([250]);
  });
});
