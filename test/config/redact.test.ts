import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingsJsonSchema } from '../../source/config/json-schema.ts';
import { redactConfig } from '../../source/config/redact.ts';
import { configSchema } from '../../source/config/schema.ts';
import { diagnosticsSchema } from '../../source/domain/feedback.ts';
import { sourceSchema } from '../../source/sources/open.ts';

const schema = configSchema(sourceSchema);
const shape = settingsJsonSchema(sourceSchema);
const usual = schema.parse({});
const redact = (config: object) => redactConfig(schema.parse(config), usual, shape);

const allowed = diagnosticsSchema.pick({ settings: true, sources: true, notifiers: true });

describe('the configuration in diagnostics', () => {
  test('is empty where everything is as it comes', () => {
    expect(redact({})).toEqual({ settings: {}, sources: [], notifiers: [] });
  });

  test('keeps numbers, switches and words of the schema, and counts the rest', () => {
    const shown = redact({
      topic: 'acme',
      run: { concurrency: 3 },
      tui: { theme: 'high-contrast' },
      analyzers: ['openai', 'offline'],
      views: [{ name: 'mine', query: 'category:bug' }],
      sources: [{ name: 'blog', kind: 'rss', url: 'https://acme.example/feed', enabled: false }],
      notifiers: [{ name: 'team', kind: 'webhook', url: 'https://in.acme.example/' }],
    });
    expect(shown).toEqual({
      settings: {
        topic: '(set)',
        views: '(1 entries)',
        'run.concurrency': 3,
        analyzers: 'openai offline',
        'tui.theme': 'high-contrast',
      },
      sources: [{ kind: 'rss', enabled: false, options: ['url'] }],
      notifiers: [{ kind: 'webhook', enabled: true, options: ['timeoutMs', 'url'] }],
    });
    expect(allowed.parse(shown)).toEqual(shown);
  });

  test('holds nothing that somebody wrote, whatever it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{8,20}$/), (name) => {
        const planted = `planted${name}`;
        const shown = redact({
          topic: planted,
          analyst: planted,
          store: { name: planted, path: `/home/${planted}/s.sqlite` },
          log: { path: planted },
          snapshots: { path: planted, copyTo: `/mnt/${planted}` },
          exclude: { authors: [planted] },
          views: [{ name: planted, query: planted }],
          taxonomy: [
            { id: planted, description: planted },
            { id: 'other', description: planted },
          ],
          score: { categories: { [planted]: 3 } },
          keys: { dismiss: ['D'] },
          server: { host: `${planted}.example`, corsOrigins: [`https://${planted}.example`] },
          sources: [
            { name: planted, kind: 'rss', url: `https://user:${planted}@${planted}.example/?q=${planted}` },
          ],
          notifiers: [
            { name: planted, kind: 'slack', channel: planted },
            {
              name: `${planted}2`,
              kind: 'email',
              host: planted,
              from: `${planted}@a.b`,
              to: [`${planted}@a.b`],
            },
          ],
          rules: [{ name: planted, notifier: planted, query: planted }],
        });
        expect(JSON.stringify(shown)).not.toContain(planted);
        expect(JSON.stringify(shown)).not.toContain('example');
        allowed.parse(shown);
      }),
      { numRuns: 20 },
    );
  });
});
