import { describe, expect, it } from 'vitest';
import { exportFormats } from '../../source/harvester/export-formats.ts';
import { imported, transferScene } from '../harvester/transfer-scene.ts';
import { serve } from './served.ts';

describe('GET /v1/export', () => {
  it('sends what matches in every format, as a file to be saved', async () => {
    const served = await serve({ posts: 20 });
    const token = await served.key(['read']);
    for (const format of exportFormats) {
      const answer = await fetch(`${served.url}/v1/export?format=${format}&search=source:one`, {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([format, answer.status]).toEqual([format, 200]);
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="signals.${format}"`);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
  });

  it('sends what another store takes in', async () => {
    const served = await serve({ posts: 20 });
    const { text } = await served.ask('GET', '/v1/export?format=csv', { token: await served.key(['read']) });
    const tally = await imported(await transferScene(), Buffer.from(text));
    expect(tally.added).toBe((await served.store.size()).signals);
  });

  it('refuses a search that cannot be read, an unknown format and a key that may not read', async () => {
    const served = await serve({ posts: 3 });
    const token = await served.key(['read']);
    expect((await served.ask('GET', '/v1/export?search=(', { token })).status).toBe(400);
    expect((await served.ask('GET', '/v1/export?format=exe', { token })).status).toBe(400);
    expect((await served.ask('GET', '/v1/export?search=(', { token })).status).toBe(400);
    expect((await served.ask('GET', '/v1/export?limit=1', { token })).text.trim().split('\n')).toHaveLength(
      1,
    );
    expect((await served.ask('GET', '/v1/export', { token: null })).status).toBe(401);
  });
});
