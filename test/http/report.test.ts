import { describe, expect, test } from 'vitest';
import { serve } from './served.ts';

const span = 'since=2026-11-20&until=2026-11-22&timeZone=UTC';

describe('GET /v1/report', () => {
  test('answers JSON, HTML or Markdown, by its format or by what the client accepts', async () => {
    const { ask } = await serve();
    const types = async (query: string, accept?: string) => {
      const headers = accept === undefined ? {} : { Accept: accept };
      return (await ask('GET', `/v1/report?${span}${query}`, { headers })).headers.get('content-type');
    };
    expect(await types('')).toContain('application/json');
    expect(await types('', '*/*')).toContain('application/json');
    expect(await types('', 'text/html,application/xhtml+xml,*/*;q=0.8')).toContain('text/html');
    expect(await types('&format=md', 'text/html')).toContain('text/markdown');
    const page = await ask('GET', `/v1/report?${span}&format=html`);
    expect(page.text).toMatch(/^<!DOCTYPE html>/);
    expect((await ask('GET', `/v1/report?${span}&format=md`)).text).toMatch(/^# /);
  });

  test('lets a browser draw the page with its own style and nothing else', async () => {
    const { ask } = await serve();
    const policy = (await ask('GET', `/v1/report?${span}&format=html`)).headers.get(
      'content-security-policy',
    );
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; .*frame-ancestors 'none'$/);
  });

  test('is about the signals of a view or a search, and says which', async () => {
    const { ask, harvester } = await serve();
    await harvester.views.save({ name: 'Outages', query: 'category:outage' });
    const all = (await ask('GET', `/v1/report?${span}`)).body;
    const viewed = (await ask('GET', `/v1/report?${span}&view=Outages`)).body;
    const searched = (await ask('GET', `/v1/report?${span}&search=category:outage`)).body;
    expect([viewed.view, viewed.search]).toEqual(['Outages', 'category:outage']);
    expect(searched).toEqual({ ...viewed, view: null });
    expect(viewed.insight.signals.total).toBeLessThan(all.insight.signals.total);
    expect(viewed.insight.signals.total).toBeGreaterThan(0);
  });

  test('refuses what it cannot answer, and who may not read', async () => {
    const { ask } = await serve();
    expect((await ask('GET', `/v1/report?${span}`, { token: 'sh_nobody' })).status).toBe(401);
    for (const [query, status] of [
      ['since=2026-11-22&until=2026-11-20', 400],
      [`${span}&view=nobody`, 400],
      [`${span}&view=Open&search=x`, 400],
      [`${span}&search=category:`, 400],
      [`${span}&format=pdf`, 400],
    ] as const) {
      expect([query, (await ask('GET', `/v1/report?${query}`)).status]).toEqual([query, status]);
    }
  });
});
