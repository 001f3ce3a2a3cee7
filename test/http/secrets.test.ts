import { describe, expect, test } from 'vitest';
import { UserError } from '../../source/errors.ts';
import { failingSource } from '../pipeline/scripted.ts';
import { serve, startOfTest } from './served.ts';

const secrets = {
  X_BEARER_TOKEN: 'AAAAplanted/secret+of=x',
  SLACK_WEBHOOK_URL: 'https://hooks.example/T0/B0/plantedslack',
};

describe('no secret leaves the program', () => {
  test('wherever one is planted: addresses, headers, bodies, the errors of services', async () => {
    const failing = failingSource(
      'leaky',
      new UserError('refused', `the service said: bad token ${secrets.X_BEARER_TOKEN}`, {
        fix: `look at ${secrets.SLACK_WEBHOOK_URL}`,
      }),
    );
    const { ask, key, log, runs, server, events, harvester } = await serve({
      posts: 5,
      sources: [failing],
      secrets,
    });
    const token = await key(['admin'], 'owner');
    const by = { actor: 'cli', via: 'cli' } as const;
    const invite = async () =>
      (
        await harvester.invitations.create(
          { note: '', scopes: ['read'], flags: {}, keyLifeMs: 1e9, expiresAt: startOfTest + 1e9 },
          by,
        )
      ).code;
    const [code, used] = [await invite(), await invite()];
    const { token: redeemed } = await harvester.invitations.redeem(used, by);
    const planted = [token, redeemed, code, used, ...Object.values(secrets)];
    const answers: string[] = [];
    const told: string[] = [];
    events.listen((event) => told.push(event.type));
    const keep = async (...args: Parameters<typeof ask>) => {
      const { text, headers } = await ask(...args);
      answers.push(text, JSON.stringify([...headers]));
    };
    for (const secret of planted) {
      const encoded = encodeURIComponent(secret);
      await keep('GET', `/v1/signals?${encoded}=1`);
      await keep('GET', `/v1/signals?source=${encoded}`);
      await keep('GET', `/nothing/${encoded}`);
      await keep('GET', `/v1/keys/${encoded}`);
      await keep('GET', `/v1/jobs/${encoded}`);
      await keep('GET', '/v1/top', { token: `${secret}x` });
      await keep('GET', '/v1/top', {
        headers: { 'x-request-id': secret, 'user-agent': secret, referer: secret },
      });
      await keep('POST', '/v1/posts', { body: { source: secret, posts: [{ id: '1', text: 'x' }] } });
      await keep('DELETE', `/v1/invitations/${encoded}`);
      await keep('PUT', `/v1/flags/${encoded}`, { body: { state: secret.slice(0, 10) } });
      await keep('POST', '/v1/invitations/redeem', { body: { code: `${secret}-x` } });
      await keep('POST', '/v1/invitations', {
        body: { scopes: ['read'], note: secret, flags: { [secret]: 'on' } },
      });
      await keep('POST', '/v1/keys', { body: { name: secret, scopes: ['read'] } });
      await keep('PATCH', '/v1/signals/1', { body: { [secret]: 1 } });
      await keep('POST', '/v1/runs', { body: { sources: [secret] } });
      await keep('POST', '/v1/runs', { body: `{"${secret}` });
      await keep('PUT', '/v1/views/leaky', { body: { query: secret } });
      await keep('GET', `/v1/insight?search=${encoded}&timeZone=${encoded}`);
      await keep('GET', `/v1/report?view=${encoded}`);
      await keep('GET', `/v1/export?search=(${encoded}&format=${encoded}`);
      await keep('GET', `/v1/export?search=(${encoded}&format=csv`);
      await keep('GET', `/v1/errors/${encoded}`);
      await keep('POST', `/v1/errors/${encoded}/resolve`);
      await keep('GET', `/v1/usage?days=${encoded}`);
      await keep('GET', `/v1/feedback/${encoded}`);
      await keep('POST', '/v1/feedback', { body: { text: 'x', mood: secret } });
      await keep('POST', '/v1/feedback', { body: { text: 'x', diagnostics: { [secret]: secret } } });
      await keep('POST', '/v1/triage/undo', { body: { [secret]: secret } });
      await keep('GET', `/v1/sources?${encoded}=${encoded}`);
      await keep('GET', '/v1/events', { headers: { 'last-event-id': secret.repeat(3) } });
    }
    await runs.begin({ sources: ['leaky'] }, 'test').then(({ ended }) => ended);
    for (const path of [
      '/v1/runs',
      '/v1/errors',
      '/v1/usage',
      '/v1/insight',
      '/v1/report',
      '/v1/report?format=html',
      '/v1/report?format=md',
      '/v1/export?format=json',
      '/v1/export?format=csv',
      '/v1/feedback',
      '/v1/feedback.csv',
      '/v1/feedback/diagnostics',
      '/v1/deliveries',
      '/v1/views',
      '/v1/sources',
      '/ready',
      '/metrics',
      '/v1/audit',
      '/v1/keys',
      '/v1/invitations',
      '/v1/flags',
      '/openapi.json',
      '/v1/stats',
    ])
      await keep('GET', path, { token });
    const everything = [...answers, ...log, await server.metrics.registry.metrics()];
    const leaks = planted.flatMap((secret) =>
      everything.filter(
        (text) =>
          text.includes(secret) ||
          text.includes(encodeURIComponent(secret)) ||
          text.includes(secret.slice(13)) ||
          text.includes(Buffer.from(secret).toString('base64').slice(0, 20)),
      ),
    );
    expect(leaks).toEqual([]);
    // The test looked where something was to be found.
    expect(log.length).toBeGreaterThan(30);
    expect(answers.join('\n')).toContain('[secret]');
    expect(log.join('\n')).toContain('[secret]');
    expect(told).toContain('run.ended');
  });
});
