import { describe, expect, it } from 'vitest';
import { exportFormats } from '../../source/harvester/export-formats.ts';
import { imported, transferScene } from '../harvester/transfer-scene.ts';
import { createJudge, type Document, type Operation } from './fuzzing.ts';
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

  it('is what the OpenAPI document says, in every format and when nothing matches', async () => {
    const served = await serve({ posts: 5 });
    const document = (await served.ask('GET', '/openapi.json')).body as Document;
    const judge = createJudge(document);
    const token = await served.key(['read']);
    for (const format of exportFormats) {
      for (const search of ['source:one', 'nobodysaysthis']) {
        const answer = await fetch(`${served.url}/v1/export?format=${format}&search=${search}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const type = answer.headers.get('content-type') ?? '';
        const got = { status: answer.status, type, text: await answer.text() };
        expect(judge(document.paths['/v1/export']?.get as Operation, got)).toBe(null);
      }
    }
  });

  it('is finished while the server ends', async () => {
    const served = await serve({ posts: 700 });
    const token = await served.key(['read']);
    const { transfer } = served.harvester;
    const read = transfer.page;
    const reading = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    // The store takes its time.
    Object.assign(transfer, {
      page: async (request: Parameters<typeof read>[0]) => {
        reading.resolve();
        await goOn.promise;
        return read(request);
      },
    });
    const answer = served.ask('GET', '/v1/export?format=json', { token });
    await reading.promise;
    const ending = served.server.close(20_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    goOn.resolve();
    const [{ body }] = await Promise.all([answer, ending]);
    expect(body.length).toBe((await served.store.size()).signals);
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
    for (const format of exportFormats) {
      const path = `/v1/export?format=${format}&search=`;
      expect((await served.ask('GET', `${path}(`, { token })).status).toBe(400);
      expect((await served.ask('GET', `${path}source:nowhere`, { token })).status).toBe(400);
    }
    expect((await served.ask('GET', '/v1/export?format=exe', { token })).status).toBe(400);
    expect((await served.ask('GET', '/v1/export?limit=1', { token })).text.trim().split('\n')).toHaveLength(
      1,
    );
    expect((await served.ask('GET', '/v1/export', { token: null })).status).toBe(401);
  });
});
