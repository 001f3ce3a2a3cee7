import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { EventRing } from '../../source/http/event-ring.ts';
import { type Served, serve, serverDefaults } from './served.ts';

interface Received {
  readonly id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** Reads until `enough` says so, then hangs up. */
function follow(
  { url }: Served,
  token: string,
  lastId: string | null,
  enough: (events: readonly Received[]) => boolean,
): Promise<readonly Received[]> {
  return new Promise((resolve, reject) => {
    const events: Received[] = [];
    let text = '';
    const headers = {
      authorization: `Bearer ${token}`,
      ...(lastId === null ? {} : { 'last-event-id': lastId }),
    };
    const sent = request(`${url}/v1/events`, { headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(String(response.statusCode)));
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const each of parts) {
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(each)?.[1] ?? '';
          if (field('event') !== '')
            events.push({ id: field('id'), type: field('event'), data: JSON.parse(field('data')) });
        }
        if (!enough(events)) return;
        response.destroy();
        resolve(events);
      });
      response.on('error', () => undefined);
      response.on('close', () => resolve(events));
    });
    sent.on('error', () => resolve(events));
    sent.end();
  });
}

const saw = (type: string) => (events: readonly Received[]) => events.some((event) => event.type === type);

describe('GET /v1/events', () => {
  test('tells what happens, and goes on behind the event that was seen last', async () => {
    const served = await serve();
    const token = await served.key(['triage'], 'ann');
    const first = follow(served, token, null, saw('signals.changed'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await served.ask('PATCH', '/v1/signals/1', { token, body: { assignee: 'bea' } });
    const seen = await first;
    expect(seen.map(({ type }) => type)).toEqual(['ready', 'signals.changed']);
    expect(seen[1]?.data).toEqual({ ids: [1], count: 1, action: 'assigned to bea', actor: 'ann' });
    // Cut off: two more happen meanwhile.
    await served.ask('PATCH', '/v1/signals/2', { token, body: { assignee: 'bea' } });
    await served.ask('PATCH', '/v1/signals/3', { token, body: { assignee: 'bea' } });
    const missed = await follow(served, token, seen[1]?.id ?? '', (events) => events.length === 3);
    // Cut off again before these, it would still go on from there.
    expect(missed[0]?.id).toBe(seen[1]?.id);
    expect(missed.slice(1).map(({ data }) => data.ids)).toEqual([[2], [3]]);
  });

  test('ends with the key that opened it, and leaves others alone', async () => {
    const served = await serve({ posts: 5 });
    const [short, kept] = [await served.key(['read'], 'short'), await served.key(['read'], 'kept')];
    const id = (await served.harvester.keys.list()).find(({ name }) => name === 'short')?.id;
    const ended = follow(served, short, null, () => false);
    const open = follow(served, kept, null, saw('signals.changed'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await served.ask('DELETE', `/v1/keys/${id}`);
    // It resolves when the server hangs up, and else never.
    expect((await ended).map(({ type }) => type)).toEqual(['ready']);
    await served.ask('PATCH', '/v1/signals/1', { body: { assignee: 'bea' } });
    expect((await open).map(({ type }) => type)).toEqual(['ready', 'signals.changed']);
  });

  test('says when it cannot go on there', async () => {
    const served = await serve({ posts: 0 });
    const token = await served.key(['read']);
    const [first] = await follow(served, token, 'of-another-process-7', (events) => events.length > 0);
    expect(first?.type).toBe('reset');
  });

  test('tells of a run from its beginning to its end', async () => {
    const served = await serve();
    const token = await served.key(['run']);
    const following = follow(served, token, null, saw('run.ended'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { body } = await served.ask('POST', '/v1/runs', { token, body: {} });
    const events = await following;
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['run.started', 'run.ended']));
    expect(events.at(-1)?.data).toMatchObject({ id: body.id, state: 'done' });
    expect((await served.ask('GET', `/v1/runs/${body.id}`)).body.state).toBe('done');
  });

  test('opens no more streams than it may', async () => {
    const served = await serve({
      posts: 0,
      settings: { limits: { ...serverDefaults.limits, eventStreams: 1 } },
    });
    const token = await served.key(['read']);
    const held = follow(served, token, null, saw('never'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(follow(served, token, null, saw('ready'))).rejects.toThrow('503');
    await served.server.close(500);
    expect((await held).map(({ type }) => type)).toEqual(['ready']);
  });
});

test('the ring keeps the newest thousand', () => {
  const ring = new EventRing();
  const start = ring.now;
  for (let count = 0; count < 1000; count += 1) ring.publish('x', count);
  expect(ring.after(start)).toHaveLength(1000);
  const { now } = ring;
  ring.publish('x', 1000);
  expect(ring.after(start)).toBe(null);
  expect(ring.after(now)).toHaveLength(1);
});
