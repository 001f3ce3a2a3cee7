import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../store/temporary-store.ts';
import { createJudge, type Document, fuzz, type Operation } from './fuzzing.ts';
import { serve, serverDefaults } from './served.ts';

const generous = {
  limits: { ...serverDefaults.limits, requestsPerMinute: 1_000_000, failedKeysPerMinute: 100_000 },
};

describe('the OpenAPI document', () => {
  test('is 3.1 and clean for a public linter', async () => {
    const { ask } = await serve();
    const { text, body } = await ask('GET', '/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const path = join(temporaryFolder(), 'openapi.json');
    writeFileSync(path, text);
    const redocly = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [redocly, 'lint', path, '--format', 'json', '--extends', 'recommended-strict'],
      { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
    );
    expect(JSON.parse(stdout).totals).toMatchObject({ errors: 0, warnings: 0 });
  }, 120_000);

  test('has every route of the issue, and each says what key it needs', async () => {
    const { ask } = await serve();
    const document = (await ask('GET', '/openapi.json')).body as Document;
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations).toEqual(
      expect.arrayContaining([
        'GET /health',
        'GET /ready',
        'GET /metrics',
        'GET /v1/signals',
        'GET /v1/signals/{id}',
        'PATCH /v1/signals/{id}',
        'POST /v1/signals/bulk',
        'GET /v1/top',
        'GET /v1/stats',
        'GET /v1/insight',
        'GET /v1/report',
        'POST /v1/posts',
        'POST /v1/runs',
        'GET /v1/runs',
        'GET /v1/runs/{id}',
        'POST /v1/runs/{id}/cancel',
        'GET /v1/events',
        'GET /v1/sources',
        'GET /v1/timings',
        'GET /v1/keys',
        'POST /v1/keys',
        'GET /v1/audit',
        'GET /v1/feed.atom',
      ]),
    );
  });

  test('is what the server does: two thousand requests, right ones and broken ones', async () => {
    const { ask, key, url } = await serve({ settings: generous, ticking: true });
    const document = (await ask('GET', '/openapi.json')).body as Document;
    const token = await key(['admin'], 'fuzz');
    const report = await fuzz({ url, token, document, requests: 2000, seed: 7 });
    expect(report.faults).toEqual([]);
    expect(report.requests).toBe(2000);
    // Requests that are all refused, or all taken, would prove little.
    expect(report.byStatus[200] ?? 0).toBeGreaterThan(300);
    expect(report.byStatus[400] ?? 0).toBeGreaterThan(200);
    expect((await ask('GET', '/ready')).status).toBe(200);
  }, 120_000);

  test('refuses an answer that it does not allow: the judge can fail', async () => {
    const { ask } = await serve();
    const document = (await ask('GET', '/openapi.json')).body as Document;
    const judge = createJudge(document);
    const operation = document.paths['/v1/top']?.get as Operation;
    const top = await ask('GET', '/v1/top?limit=1');
    const type = 'application/json';
    expect(judge(operation, { status: 200, type, text: top.text })).toBe(null);
    const spoilt = JSON.stringify({ signals: [{ ...top.body.signals[0], secret: 1 }] });
    expect(judge(operation, { status: 200, type, text: spoilt })).toContain('additional');
    expect(judge(operation, { status: 500, type, text: '{}' })).toContain('500');
  });
});

describe('/docs', () => {
  test('is served from the package alone, to whoever may read', async () => {
    const { ask } = await serve();
    const page = await ask('GET', '/docs/');
    expect(page.status).toBe(200);
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => /^(?:https?:)?\/\//.test(file))).toEqual([]);
    for (const file of files)
      expect([file, (await ask('GET', new URL(file, 'http://x/docs/').pathname)).status]).toEqual([
        file,
        200,
      ]);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await ask('GET', '/docs/json')).body.openapi).toBe('3.1.0');
  });
});
