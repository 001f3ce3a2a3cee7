import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Secrets } from '../../source/config/secrets.ts';
import type { S3Place } from '../../source/snapshots/s3-bucket.ts';
import { openStore } from '../../source/store/store.ts';
import { temporaryFolder } from '../store/temporary-store.ts';
import { type FakeS3, serveS3 } from './fake-s3.ts';
import { temporaryArchive } from './temporary-archive.ts';

const keys: Secrets = { AWS_ACCESS_KEY_ID: 'good', AWS_SECRET_ACCESS_KEY: 'secret' };

function placeAt(endpoint: string, change: Partial<S3Place['settings']> = {}, secrets = keys): S3Place {
  const settings = {
    ...{ bucket: 'backups', prefix: 'here/too', region: 'us-east-1', endpoint, forcePathStyle: true },
    ...change,
  };
  return { settings, secrets };
}

async function archiveIn(fake: FakeS3, change: Partial<S3Place['settings']> = {}, secrets = keys) {
  const made = await temporaryArchive(20, { s3: placeAt(fake.endpoint, change, secrets) });
  const { remote } = made.archive;
  if (remote === null) throw new Error('no bucket');
  return { ...made, remote };
}

async function postsOf(path: string): Promise<number> {
  const store = await openStore(path);
  const { posts } = await store.size();
  await store.close();
  return posts;
}

describe('snapshots in a bucket', () => {
  test('are uploaded file by file with their checksums, the manifest last', async () => {
    const fake = await serveS3();
    const { archive, remote } = await archiveIn(fake);
    const { snapshot, upload } = await archive.create({ reason: 'asked' });
    expect(upload).toEqual({ where: 's3://backups/here/too', problem: null });
    const names = readdirSync(snapshot.path);
    expect(fake.objects.size).toBe(names.length);
    expect(fake.changes.at(-1)).toBe(`PUT here/too/${snapshot.id}/manifest.json`);
    expect(await remote.list()).toEqual([
      {
        id: snapshot.id,
        createdAt: snapshot.createdAt,
        bytes: snapshot.bytes,
        files: names.length,
        complete: true,
      },
    ]);
  });

  test('are restored after a verification, with what was there kept and the folder left as it was', async () => {
    const fake = await serveS3();
    const { archive, remote, path, folder } = await archiveIn(fake);
    const { snapshot } = await archive.create({ reason: 'asked' });
    await archive.remove(snapshot.id);
    const report = await remote.restore(snapshot.id, { keepBefore: true });
    expect(report).toMatchObject({ id: snapshot.id, path, rows: { posts: 20 } });
    expect(readdirSync(folder)).toEqual([report.before]);
    expect(await postsOf(path)).toBe(20);
    const copy = join(temporaryFolder(), 'copy.sqlite');
    expect(await remote.restore(snapshot.id, { to: copy, keepBefore: true })).toMatchObject({ before: null });
    expect(await postsOf(copy)).toBe(20);
  });

  test('one that was changed in the bucket is refused, and nothing of the store is touched', async () => {
    const fake = await serveS3();
    const { archive, remote, folder } = await archiveIn(fake);
    const { snapshot } = await archive.create({ reason: 'asked' });
    const key = [...fake.objects.keys()].find((each) => each.includes('store.sqlite')) ?? '';
    const body = Buffer.from(fake.objects.get(key) ?? '');
    body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
    fake.objects.set(key, body);
    await expect(remote.restore(snapshot.id, { keepBefore: true })).rejects.toMatchObject({
      code: 'snapshot-damaged',
    });
    expect(readdirSync(folder)).toEqual([snapshot.id]);
  });

  test('a name in the bucket cannot leave the folder that it is downloaded to', async () => {
    const fake = await serveS3();
    const { archive, remote, path } = await archiveIn(fake);
    const { snapshot } = await archive.create({ reason: 'asked' });
    fake.objects.set(`here/too/${snapshot.id}/../../escaped`, Buffer.from('x'));
    await remote.restore(snapshot.id, { keepBefore: false });
    expect(readdirSync(join(path, '../..'), { recursive: true }).map(String).join()).not.toContain('escaped');
  });

  test('an upload that breaks off is listed as incomplete and cannot be restored', async () => {
    const fake = await serveS3();
    const { archive, remote } = await archiveIn(fake);
    fake.refuse = (method, key) =>
      method === 'PUT' && key.endsWith('/marks') ? { status: 403, code: 'AccessDenied' } : null;
    const { snapshot, upload } = await archive.create({ reason: 'asked' });
    expect([upload?.problem, snapshot.verified]).toEqual([expect.stringContaining('may not use'), true]);
    expect(await remote.list()).toMatchObject([{ id: snapshot.id, complete: false }]);
    await expect(remote.restore(snapshot.id, { keepBefore: true })).rejects.toMatchObject({
      code: 'snapshot-damaged',
      message: expect.stringContaining('its upload did not end'),
    });
  });

  test('a removal takes the manifest first', async () => {
    const fake = await serveS3();
    const { archive, remote } = await archiveIn(fake);
    const { snapshot } = await archive.create({ reason: 'asked' });
    fake.changes.length = 0;
    expect(await remote.remove(snapshot.id)).toBe(true);
    expect(fake.changes[0]).toBe(`DELETE here/too/${snapshot.id}/manifest.json`);
    expect([fake.objects.size, await remote.remove(snapshot.id)]).toEqual([0, false]);
  });

  test('what is made before a change stays here', async () => {
    const fake = await serveS3();
    const { archive } = await archiveIn(fake);
    expect((await archive.create({ reason: 'before-migration' })).upload).toBeNull();
    expect(fake.headers).toEqual([]);
  });

  test('a service that is busy for a moment is asked again', async () => {
    const fake = await serveS3();
    const { archive } = await archiveIn(fake);
    let left = 2;
    fake.refuse = (method) => (method === 'PUT' && left-- > 0 ? { status: 503, code: 'SlowDown' } : null);
    expect((await archive.create({ reason: 'asked' })).upload?.problem).toBeNull();
  });

  test('what is kept otherwise than it was sent is found before the manifest is there', async () => {
    const fake = await serveS3();
    const { archive, remote } = await archiveIn(fake);
    fake.spoil = (body) => Buffer.concat([body.subarray(1), Buffer.from('x')]);
    const { upload } = await archive.create({ reason: 'asked' });
    expect(upload?.problem).toContain('not in the bucket as it was sent');
    expect(await remote.list()).toMatchObject([{ complete: false }]);
  });

  test.each([
    ['a key that is not known', {}, { ...keys, AWS_ACCESS_KEY_ID: 'other' }, null, /does not accept the key/],
    ['a wrong secret', {}, { ...keys, AWS_SECRET_ACCESS_KEY: 'wrong' }, null, /\(SignatureDoesNotMatch\)/],
    ['a missing key', {}, { AWS_ACCESS_KEY_ID: 'good' }, null, /without AWS_SECRET_ACCESS_KEY/],
    ['a missing bucket', { bucket: 'absent' }, keys, null, /no bucket absent/],
    [
      'nobody who listens',
      { endpoint: 'http://127.0.0.1:1' },
      keys,
      null,
      /cannot be reached \(ECONNREFUSED\)/,
    ],
    ['a refusal', {}, keys, { status: 403, code: 'AccessDenied' }, /may not use s3:\/\/backups\/here\/too/],
    [
      'a wrong signature',
      {},
      keys,
      { status: 403, code: 'SignatureDoesNotMatch' },
      /does not accept the key/,
    ],
    ['another region', {}, keys, { status: 400, code: 'AuthorizationHeaderMalformed' }, /not in the region/],
    ['a service that stays busy', {}, keys, { status: 503, code: 'SlowDown' }, /asks for a pause/],
    ['bytes that changed on the way', {}, keys, { status: 400, code: 'BadDigest' }, /not what was sent/],
    ['what is not known', {}, keys, { status: 418, code: 'Teapot' }, /refused .* \(Teapot 418\)/],
  ] as const)(
    '%s has words of its own, and the snapshot stands',
    async (_what, change, secrets, refused, words) => {
      const fake = await serveS3();
      fake.refuse = () => refused;
      const { archive } = await archiveIn(fake, change, secrets);
      const { snapshot, upload } = await archive.create({ reason: 'asked' });
      expect(upload?.problem).toMatch(words);
      expect((await archive.verify(snapshot.id)).ok).toBe(true);
    },
  );

  test('are read back whole from a service that keeps no checksums', async () => {
    const fake = await serveS3();
    fake.keepsChecksums = false;
    const { archive } = await archiveIn(fake);
    expect((await archive.create({ reason: 'asked' })).upload?.problem).toBeNull();
    fake.spoil = (body) => Buffer.concat([body.subarray(1), Buffer.from('x')]);
    expect((await archive.create({ reason: 'asked' })).upload?.problem).toContain('as it was sent');
  });

  test('every body is signed, not only the headers', async () => {
    const fake = await serveS3();
    const { archive } = await archiveIn(fake);
    await archive.create({ reason: 'asked' });
    const hashes = fake.headers.map((headers) => headers['x-amz-content-sha256']);
    expect(hashes.filter((hash) => !/^[0-9a-f]{64}$/.test(String(hash)))).toEqual([]);
  });
});
