import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveS3 } from '../snapshots/fake-s3.ts';
import { makeWorkplace } from './program.ts';

const env = { AWS_ACCESS_KEY_ID: 'good', AWS_SECRET_ACCESS_KEY: 'secret' };

async function placeWith(endpoint: string) {
  const place = makeWorkplace({
    'config.yaml': `store: { path: data/signals.sqlite }
sources: []
snapshots: { s3: { bucket: backups, endpoint: "${endpoint}", forcePathStyle: true } }
`,
    'posts.ndjson': '{"id":"one","text":"login fails for everybody","createdAt":"2026-01-02T03:04:05Z"}',
  });
  expect((await place.run(['import', 'posts.ndjson'])).code).toBe(0);
  return place;
}

describe('snapshot with a bucket', () => {
  it('uploads, lists, restores and removes', async () => {
    const fake = await serveS3();
    const place = await placeWith(fake.endpoint);
    const made = await place.run(['snapshot', 'create'], { env });
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining('uploaded to s3://backups')]);
    const id = made.stdout.slice(0, 24);
    const listed = await place.run(['snapshot', 'list', '--s3'], { env });
    expect(listed.stdout).toMatch(new RegExp(`^${id}\\t0m\\t[\\d.]+ KiB\\t7\\tcomplete\\n$`));

    const planned = await place.run(['snapshot', 'restore', 'newest', '--from-s3'], { env });
    expect([planned.code, planned.stdout]).toEqual([2, expect.stringContaining('KiB to download')]);
    const restored = await place.run(['snapshot', 'restore', 'newest', '--from-s3', '--force'], { env });
    expect([restored.code, restored.stdout]).toEqual([0, expect.stringContaining(`Restored ${id}`)]);
    expect(readdirSync(join(place.folder, 'data/signals-snapshots'))).toHaveLength(2);

    const last = await place.run(['snapshot', 'remove', id, '--s3', '--force'], { env });
    expect([last.code, last.stderr]).toEqual([2, expect.stringContaining('newest snapshot in s3://backups')]);
    await place.run(['snapshot', 'create'], { env });
    const refused = await place.run(['snapshot', 'remove', id, '--s3'], { env });
    expect([refused.code, refused.stdout]).toEqual([2, expect.stringContaining('from the bucket')]);
    expect((await place.run(['snapshot', 'remove', id, '--s3', '--force'], { env })).code).toBe(0);
    const left = await place.run(['snapshot', 'list', '--s3', '--json'], { env });
    expect((JSON.parse(left.stdout) as { snapshots: [] }).snapshots).toHaveLength(1);
  });

  it('keeps the snapshot, says why it was not uploaded, and ends with 3', async () => {
    const fake = await serveS3();
    const place = await placeWith(fake.endpoint);
    const made = await place.run(['snapshot', 'create']);
    expect([made.code, made.stdout]).toEqual([3, expect.stringContaining('verified')]);
    expect(made.stderr).toContain('It was not uploaded to s3://backups: The bucket cannot be used without');
    expect((await place.run(['snapshot', 'list'])).stdout).toContain('verified');
    fake.refuse = () => ({ status: 403, code: 'AccessDenied' });
    expect((await place.run(['snapshot', 'list', '--s3'], { env })).code).toBe(4);
  });

  it('says how to turn it on when there is none', async () => {
    const place = makeWorkplace({ 'config.yaml': 'sources: []\nstore: { path: data/s.sqlite }\n' });
    const listed = await place.run(['snapshot', 'list', '--s3']);
    expect([listed.code, listed.stderr]).toEqual([2, expect.stringContaining('snapshots.s3.bucket')]);
  });
});
