import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import { openSource, sourceKinds, sourceSchema } from '../../source/sources/open.ts';
import { probeSource } from '../../source/sources/probe.ts';
import { leapingClock, never, serve, serveBody, testClient } from './loopback.ts';

const tools = () => ({
  http: testClient({ retries: 0 }),
  clock: leapingClock(),
  folder: tmpdir(),
  secrets: {},
});

describe('the schema of a source', () => {
  test('fills in defaults', () => {
    expect(sourceSchema.parse({ name: 'hn', kind: 'hackernews', query: 'acme' })).toEqual({
      name: 'hn',
      kind: 'hackernews',
      enabled: true,
      weight: 1,
      exclude: { words: [], patterns: [], authors: [], domains: [], languages: [] },
      query: 'acme',
      tags: ['story', 'comment'],
      baseUrl: 'https://hn.algolia.com',
      backfillDays: 7,
    });
  });

  test.each([
    ['a mistyped option', { name: 'a', kind: 'rss', url: 'https://x.example/', urll: 1 }, 'urll'],
    ['an option of another kind', { name: 'a', kind: 'rss', url: 'https://x.example/', query: 'x' }, 'query'],
    ['a missing option', { name: 'a', kind: 'rss' }, 'url'],
    ['an address that is not of the web', { name: 'a', kind: 'rss', url: 'ftp://x.example/' }, 'url'],
    ['a kind that does not exist', { name: 'a', kind: 'rsss' }, 'kind'],
    ['a name with spaces', { name: 'a b', kind: 'file', path: '-' }, 'name'],
    [
      'an unknown field in a mapping',
      { name: 'a', kind: 'file', path: 'x', columns: { txt: 'y' } },
      'columns',
    ],
  ])('finds %s', (_name, source, where) => {
    const parsed = sourceSchema.safeParse(source);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(where);
  });

  test('every option of every kind is described', () => {
    for (const { kind, options } of sourceKinds) {
      for (const [name, option] of Object.entries(options.shape)) {
        expect((option as z.ZodType).description, `${kind}.${name}`).toMatch(/\w{3}/);
      }
    }
  });
});

describe('opening', () => {
  test('an unknown kind and a wrong option are errors in words', () => {
    const base = { name: 'a', enabled: true, weight: 1 };
    expect(() => openSource({ ...base, kind: 'fax' }, tools())).toThrow(
      expect.objectContaining({ code: 'unknown-kind' }),
    );
    expect(() => openSource({ ...base, kind: 'rss', url: 5 }, tools())).toThrow(
      expect.objectContaining({ code: 'bad-source' }),
    );
  });
});

describe('probing', () => {
  test('tells how many posts came and shows three of them, cleaned, on one line each', async () => {
    const titles = ['One\u001b[31m red', 'Two', 'Three', 'Four'].map(
      (title) => `<item><title>${title}</title></item>`,
    );
    const { url } = await serveBody(`<rss version="2.0"><channel>${titles.join('')}</channel></rss>`);
    expect(await probeSource({ name: 'a', kind: 'rss', url }, tools(), never)).toEqual({
      ok: true,
      found: 4,
      examples: ['One red', 'Two', 'Three'],
      warnings: [],
      error: null,
    });
  });

  test('a failure is part of the report, with its fix', async () => {
    const { url } = await serve((_request, response) => response.writeHead(404).end());
    expect(await probeSource({ name: 'a', kind: 'rss', url }, tools(), never)).toMatchObject({
      ok: false,
      found: 0,
      error: { code: 'http-status', fix: expect.any(String) },
    });
    expect(await probeSource({ name: 'a', kind: 'fax' }, tools(), never)).toMatchObject({
      ok: false,
      error: { code: 'unknown-kind' },
    });
  });

  test('an empty source is fine, and standard input is not read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'probe-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'x.ndjson'), '');
    const report = { ok: true, found: 0, examples: [], warnings: [], error: null };
    expect(
      await probeSource({ name: 'a', kind: 'file', path: join(folder, 'x.ndjson') }, tools(), never),
    ).toEqual(report);
    expect(await probeSource({ name: 'a', kind: 'file', path: '-' }, tools(), never)).toEqual(report);
  });

  test('only an abort rejects', async () => {
    const { url } = await serve(() => {});
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('left with Esc')), 30);
    await expect(probeSource({ name: 'a', kind: 'rss', url }, tools(), stop.signal)).rejects.toThrow(
      'left with Esc',
    );
  });
});
