import { describe, expect, test } from 'vitest';
import { fingerprintPost } from '../../source/domain/fingerprint.ts';
import { temporaryStore } from '../store/temporary-store.ts';
import { serve } from './served.ts';

describe('GET /v1/signals', () => {
  test('pages through everything once, by the Link header', async () => {
    const { ask, harvester } = await serve();
    const ids: number[] = [];
    let path: string | null = '/v1/signals?limit=7&order=newest';
    for (let page = 0; path !== null && page < 30; page += 1) {
      const { status, body, headers } = await ask('GET', path);
      expect(status).toBe(200);
      ids.push(...body.signals.map((signal: { id: number }) => signal.id));
      path = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? null;
      expect(path === null).toBe(body.next === null);
    }
    const all = await harvester.signals.page({ order: 'newest', limit: 500 });
    expect(ids).toEqual(all.rows.map(({ id }) => id));
  });

  test('names the pages beside one with its filters, and one cursor at most', async () => {
    const { ask } = await serve();
    const bare = await ask('GET', '/v1/signals');
    expect(bare.headers.get('link')).toBe(
      `</v1/signals>; rel="first", </v1/signals?cursor=${bare.body.next}>; rel="next"`,
    );
    const filters = '/v1/signals?order=newest&limit=25&status=inbox%2Cescalated';
    const page = await ask('GET', filters);
    const next = `${filters}&cursor=${page.body.next}`;
    expect(page.headers.get('link')).toBe(`<${filters}>; rel="first", <${next}>; rel="next"`);
    const second = await ask('GET', next);
    expect(second.headers.get('link')).toBe(
      `<${filters}>; rel="first", <${filters}&cursor=${second.body.next}>; rel="next"`,
    );
    const last = await ask('GET', `${filters}&cursor=${second.body.next}`);
    expect(last.headers.get('link')).toBe(`<${filters}>; rel="first"`);
  });

  test('answers every kind of signal with the same fields in the same order', async () => {
    const { ask } = await serve({ posts: 8 });
    const { body: before } = await ask('GET', '/v1/signals');
    const [one, two, three, four] = before.signals.map(({ id }: { id: number }) => id);
    await ask('PATCH', `/v1/signals/${one}`, { body: { addTags: ['"quoted"', 'ünï'], assignee: 'ann' } });
    await ask('PATCH', `/v1/signals/${two}`, { body: { snooze: { until: 'echoes', more: 3 } } });
    await ask('PATCH', `/v1/signals/${three}`, { body: { status: 'resolved' } });
    await ask('PATCH', `/v1/signals/${four}`, { body: { category: 'security', urgency: 5 } });
    const { body } = await ask('GET', '/v1/signals');
    const order =
      'id,createdAt,lastSeenAt,echoes,category,rank,source,kind,author,title,text,url,sentiment,urgency,assignee,status,tags,snooze,regressed,salience';
    expect(body.signals).toHaveLength(before.signals.length);
    for (const signal of body.signals) {
      expect(Object.keys(signal).join()).toBe(order);
      const detail = await ask('GET', `/v1/signals/${signal.id}`);
      expect(detail.body).toMatchObject(signal);
    }
    const found = (id: number) => body.signals.find((signal: { id: number }) => signal.id === id);
    expect(found(one)).toMatchObject({ tags: ['"quoted"', 'ünï'], assignee: 'ann' });
    expect(found(two).snooze).toMatchObject({ until: 'echoes' });
    expect(found(three)).toMatchObject({ status: 'resolved', regressed: false });
    expect(found(four)).toMatchObject({ category: 'security', urgency: 5 });
  });

  test('answers the fields that were asked for and no others', async () => {
    const { ask } = await serve();
    const { body } = await ask('GET', '/v1/signals?limit=2&fields=id,text');
    expect(body.signals.map((signal: object) => Object.keys(signal))).toEqual([
      ['id', 'text'],
      ['id', 'text'],
    ]);
  });

  test('filters as the application does', async () => {
    const { ask, harvester } = await serve();
    const { body } = await ask(
      'GET',
      '/v1/signals?category=outage&status=inbox,escalated&limit=500&minSalience=1',
    );
    const same = await harvester.signals.page({
      categories: ['outage'],
      statuses: ['inbox', 'escalated'],
      minSalience: 1,
      limit: 500,
    });
    expect(body.signals).toEqual(same.rows);
    expect(body.signals.length).toBeGreaterThan(5);
  });

  test('says 304 until something changes, and for no longer than a minute', async () => {
    const { ask, clock } = await serve();
    const first = await ask('GET', '/v1/signals');
    const etag = first.headers.get('etag') ?? '';
    clock.at += 1000;
    const again = await ask('GET', '/v1/signals', { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
    const { id } = first.body.signals[0];
    await ask('PATCH', `/v1/signals/${id}`, { body: { assignee: 'ann' } });
    const changed = await ask('GET', '/v1/signals', { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    clock.at += 61_000;
    const later = await ask('GET', '/v1/signals', {
      headers: { 'if-none-match': changed.headers.get('etag') ?? '' },
    });
    expect(later.status).toBe(200);
  });

  test('makes nothing anew for a client that has it, also when another program wrote', async () => {
    const { ask, store } = await serve({ posts: 5 });
    const other = await temporaryStore(store.path);
    const first = await ask('GET', '/v1/signals');
    const known = { headers: { 'if-none-match': first.headers.get('etag') ?? '' } };
    expect((await ask('GET', '/v1/signals', known)).status).toBe(304);
    // The page is made anew, and is the same.
    await other.saveView({ name: 'mine', query: 'acme' }, 1);
    expect((await ask('GET', '/v1/signals', known)).status).toBe(304);
    const [{ id }] = first.body.signals;
    const context = { at: 1, actor: 'ben', fingerprint: fingerprintPost };
    await other.decide({ action: 'assign', assignee: 'ben' }, [id], context);
    const changed = await ask('GET', '/v1/signals', known);
    expect(changed.status).toBe(200);
    expect(changed.body.signals.find((each: { id: number }) => each.id === id).assignee).toBe('ben');
  });

  test('shows who was told of a change that change, however many ask at the same time', async () => {
    const { ask } = await serve({ posts: 5 });
    const first = await ask('GET', '/v1/signals');
    const { id } = first.body.signals[0];
    let etag = first.headers.get('etag') ?? '';
    for (let turn = 0; turn < 10; turn += 1) {
      const crowd = Array.from({ length: 8 }, () =>
        ask('GET', '/v1/signals', { headers: { 'if-none-match': etag } }),
      );
      await ask('PATCH', `/v1/signals/${id}`, { body: { assignee: `ann${turn}` } });
      const after = await ask('GET', '/v1/signals', { headers: { 'if-none-match': etag } });
      expect(after.status).toBe(200);
      expect(after.body.signals.find((each: { id: number }) => each.id === id).assignee).toBe(`ann${turn}`);
      etag = after.headers.get('etag') ?? '';
      await Promise.all(crowd);
    }
  });

  test('refuses what it does not know, and names it', async () => {
    const { ask } = await serve();
    const unknown = await ask('GET', '/v1/signals?limt=5');
    expect(unknown).toMatchObject({
      status: 400,
      body: { type: 'urn:signal-harvester:problem:invalid-request' },
    });
    expect(JSON.stringify(unknown.body.errors)).toContain('limt');
    expect((await ask('GET', '/v1/signals?limit=0')).body.errors).toMatchObject([
      { in: 'query', field: 'limit' },
    ]);
    for (const cursor of ['abc', 'W10', Buffer.from('["newest",1,1]').toString('base64url')]) {
      expect((await ask('GET', `/v1/signals?cursor=${cursor}`)).body.type).toBe(
        'urn:signal-harvester:problem:bad-cursor',
      );
    }
    expect((await ask('GET', '/v1/signals?since=2026-02-31T00:00:00Z')).status).toBeLessThan(500);
  });
});

describe('deciding over HTTP', () => {
  test('is journalled in the name of the key, and audited with before and after', async () => {
    const { ask, key } = await serve();
    const token = await key(['triage'], 'ann');
    const [{ id }] = (await ask('GET', '/v1/top?limit=1')).body.signals;
    const patched = await ask('PATCH', `/v1/signals/${id}`, {
      token,
      body: { status: 'escalated', assignee: 'bea', addTags: ['login'], note: 'look at this', urgency: 5 },
      headers: { 'x-request-id': 'request-42' },
    });
    expect(patched).toMatchObject({
      status: 200,
      body: { signal: { status: 'escalated', assignee: 'bea', urgency: 5 } },
    });
    expect(patched.body.signal.journal.map((entry: { actor: string }) => entry.actor)).toEqual(
      Array.from({ length: 5 }, () => 'ann'),
    );
    expect(patched.body.signal.notes[0]).toMatchObject({ author: 'ann', text: 'look at this' });
    const [entry] = (await ask('GET', '/v1/audit?action=signals.patch')).body.entries;
    expect(entry).toMatchObject({
      actor: 'ann',
      via: 'api',
      target: String(id),
      requestId: 'request-42',
      before: { status: 'inbox', assignee: null },
      after: { status: 'escalated', assignee: 'bea', notes: 1 },
    });
  });

  test('about many says first how many match, then does it in one entry that can be taken back', async () => {
    const { ask, harvester } = await serve();
    const body = { query: { category: 'outage' }, change: { action: 'status', status: 'dismissed' } };
    const { matches } = (await ask('POST', '/v1/signals/bulk', { body: { ...body, dryRun: true } })).body;
    expect(matches).toEqual(await harvester.signals.count({ categories: ['outage'] }));
    expect((await harvester.signals.count({ statuses: ['dismissed'] })).count).toBe(0);
    const done = await ask('POST', '/v1/signals/bulk', { body });
    expect(done.body.outcome.changed).toHaveLength(matches.count);
    const undone = await ask('POST', '/v1/triage/undo');
    expect(undone.body.outcome.changed).toHaveLength(matches.count);
    expect((await harvester.signals.count({ statuses: ['dismissed'] })).count).toBe(0);
  });

  test('about more than a thousand is a job that can be followed', async () => {
    const { ask, harvester } = await serve({ posts: 1600 });
    const body = { query: {}, change: { action: 'assign', assignee: 'ann' } };
    const started = await ask('POST', '/v1/signals/bulk', { body });
    expect(started.status).toBe(202);
    const path = started.headers.get('location') ?? '';
    let job = started.body;
    for (let turn = 0; turn < 200 && job.state === 'running'; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      job = (await ask('GET', path)).body;
    }
    const { count } = await harvester.signals.count({});
    expect(job).toMatchObject({ state: 'done', done: count, total: count, changed: count });
  });

  test('about what is not there changes nothing', async () => {
    const { ask } = await serve();
    expect((await ask('PATCH', '/v1/signals/999999', { body: { assignee: 'ann' } })).status).toBe(404);
    expect((await ask('PATCH', '/v1/signals/1', { body: {} })).status).toBe(400);
    expect((await ask('PATCH', '/v1/signals/1', { body: { colour: 'red' } })).status).toBe(400);
    expect(
      (await ask('POST', '/v1/signals/bulk', { body: { change: { action: 'note', text: 'x' } } })).status,
    ).toBe(400);
  });
});

describe('GET /v1/feed.atom', () => {
  test('is XML whatever the posts say', async () => {
    const { ask, store } = await serve({ posts: 0 });
    const hostile = '</content><script>alert(1)</script> & "quoted" \u0001 ]]> \ud83d\ude00';
    const { harvestScripted, listSource } = await import('../pipeline/scripted.ts');
    const { draftPost } = await import('../../source/domain/post.ts');
    await harvestScripted(store, [
      listSource('one', [draftPost({ externalId: '1', text: hostile, title: '<b>&', author: "o'x" })]),
    ]);
    const { status, headers, text } = await ask('GET', '/v1/feed.atom');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/atom+xml; charset=utf-8']);
    expect(text).toContain('&lt;/content&gt;&lt;script&gt;');
    expect(text).not.toContain('<script>');
    expect(text).toContain('<title>&lt;b&gt;&amp;</title>');
    expect([...text.matchAll(/<entry>/g)]).toHaveLength(1);
  });
});

describe('searches and views', () => {
  test('list what the language says, page by page, also in an order of its own', async () => {
    const { ask, harvester } = await serve();
    const search = 'category:outage sort:oldest';
    const all = await harvester.signals.page({ search, limit: 500 });
    const path = `/v1/signals?search=${encodeURIComponent(search)}&limit=3`;
    const first = (await ask('GET', path)).body;
    const second = (await ask('GET', `${path}&cursor=${first.next}`)).body;
    expect([...first.signals, ...second.signals].map((signal: { id: number }) => signal.id)).toEqual(
      all.rows.slice(0, 6).map(({ id }) => id),
    );
    expect((await ask('GET', `/v1/signals?cursor=${first.next}`)).body.type).toContain('bad-cursor');
  });

  test('that cannot be read are refused with the place of the mistake', async () => {
    const { ask } = await serve({ posts: 0 });
    const { status, body } = await ask('GET', '/v1/signals?search=catgory%3Abug');
    expect([status, body.type]).toEqual([400, 'urn:signal-harvester:problem:bad-search']);
    expect(body.detail).toContain('catgory');
  });

  test('can be saved, listed, used and removed', async () => {
    const { ask, harvester } = await serve();
    expect((await ask('PUT', '/v1/views/My%20outages', { body: { query: 'category:outage' } })).status).toBe(
      200,
    );
    const { views } = (await ask('GET', '/v1/views')).body;
    expect(views.map((view: { name: string }) => view.name)).toContain('My outages');
    const { signals } = (await ask('GET', '/v1/signals?view=My%20outages&limit=500')).body;
    expect(signals).toEqual((await harvester.signals.page({ search: 'category:outage', limit: 500 })).rows);
    expect((await ask('GET', '/v1/feed.atom?view=My%20outages')).text.match(/<entry>/g)?.length).toBe(
      Math.min(50, signals.length),
    );
    expect((await ask('GET', '/v1/signals?view=None')).body.type).toContain('no-such-view');
    expect((await ask('GET', '/v1/signals?view=Inbox&search=x')).status).toBe(400);
    expect((await ask('DELETE', '/v1/views/My%20outages')).status).toBe(200);
    expect((await ask('DELETE', '/v1/views/My%20outages')).status).toBe(404);
  });

  test('are counted over time, and the counts are those of the searches in the answer', async () => {
    const { ask, harvester } = await serve();
    const path = '/v1/insight?since=30d&view=Inbox&bucket=day&timeZone=Asia/Tokyo';
    const { status, body } = await ask('GET', path);
    expect(status).toBe(200);
    expect(body.signals.total).toBeGreaterThan(0);
    for (const { total, search } of body.categories) {
      expect((await harvester.signals.count({ search })).count).toBe(total);
    }
    expect((await ask('GET', '/v1/insight?since=5d&until=6d')).body.type).toContain('bad-span');
    expect((await ask('GET', '/v1/insight?timeZone=Moon/Base')).status).toBe(400);
  });
});
