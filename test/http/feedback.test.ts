import { expect, test } from 'vitest';
import { serve } from './served.ts';

test('whoever may read may speak; only an administrator reads, exports and removes what was said', async () => {
  const { ask, key, harvester } = await serve({ posts: 3 });
  const [reader, admin] = [await key(['read'], 'grafana'), await key(['admin'], 'boss')];
  const bundle = await ask('GET', '/v1/feedback/diagnostics', { token: reader });
  expect(bundle).toMatchObject({ status: 200, body: { store: { posts: 3 }, terminal: null } });
  const body = { text: '=cmd() it helps', mood: 'good', diagnostics: bundle.body };
  const sent = await ask('POST', '/v1/feedback', { token: reader, body });
  expect(sent).toMatchObject({
    status: 201,
    body: { id: 1, mood: 'good', via: 'api', actor: 'grafana', screen: null, diagnostics: bundle.body },
  });
  await ask('POST', '/v1/feedback', {
    token: reader,
    body: { text: 'short', screen: 'board', version: '9' },
  });
  for (const path of ['/v1/feedback', '/v1/feedback/1', '/v1/feedback.csv'])
    expect((await ask('GET', path, { token: reader })).status).toBe(403);
  const page = await ask('GET', '/v1/feedback?limit=1', { token: admin });
  expect(page.body).toMatchObject({ feedback: [{ id: 2, screen: 'board', version: '9' }], next: 2 });
  const rest = await ask('GET', '/v1/feedback?limit=1&before=2', { token: admin });
  expect(rest.body).toMatchObject({ feedback: [{ id: 1 }], next: null });
  const csv = await ask('GET', '/v1/feedback.csv', { token: admin });
  expect(csv.headers.get('content-type')).toContain('text/csv');
  expect(csv.text.split('\r\n')[2]).toContain(",good,'=cmd() it helps,");
  expect(await ask('DELETE', '/v1/feedback/1', { token: admin })).toMatchObject({
    status: 200,
    body: { id: 1 },
  });
  expect((await ask('GET', '/v1/feedback/1', { token: admin })).body.type).toContain('no-such-feedback');
  const trail = await harvester.audit.list({ limit: 10 });
  const about = trail.filter(({ action }) => action.startsWith('feedback.'));
  expect(about.map(({ action, actor, target }) => [action, actor, target])).toEqual([
    ['feedback.remove', 'boss', '1'],
    ['feedback.send', 'grafana', '2'],
    ['feedback.send', 'grafana', '1'],
  ]);
  expect(JSON.stringify(about)).not.toContain('helps');
});

test('feedback without words, with an unknown mood or with diagnostics of another form is refused', async () => {
  const { ask, key } = await serve({ posts: 0 });
  const token = await key(['read']);
  for (const body of [
    { text: '' },
    { text: 'x', mood: 'angry' },
    { text: 'x'.repeat(5_001) },
    { text: 'x', diagnostics: { post: 'text' } },
  ])
    expect((await ask('POST', '/v1/feedback', { token, body })).status).toBe(400);
  expect((await ask('POST', '/v1/feedback', { token, body: { text: ' \u200b' } })).status).toBe(422);
});
