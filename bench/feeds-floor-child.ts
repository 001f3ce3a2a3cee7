/**
 * The least that a reader of feeds must do: ask for each address once, so many
 * at a time, with undici, and read the answers to their end, decompressed.
 *
 * Usage: node bench/feeds-floor-child.ts URLS-FILE AT-ONCE
 */
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { Agent, request } from 'undici';

const [file = '', atOnce = '8'] = process.argv.slice(2);
const urls = readFileSync(file, 'utf8').trim().split('\n');
const dispatcher = new Agent({ connections: 2 });
const lane = async () => {
  for (let url = urls.pop(); url !== undefined; url = urls.pop()) {
    const { body } = await request(url, { dispatcher, headers: { 'accept-encoding': 'gzip' } });
    await buffer(body.pipe(createGunzip()));
  }
};
await Promise.all(Array.from({ length: Number(atOnce) }, lane));
await dispatcher.destroy();
