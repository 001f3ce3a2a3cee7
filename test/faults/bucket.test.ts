import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../source/errors.ts';
import { openStore } from '../../source/store/store.ts';
import { serveS3 } from '../snapshots/fake-s3.ts';
import { temporaryArchive } from '../snapshots/temporary-archive.ts';
import { temporaryFolder } from '../store/temporary-store.ts';
import { type Fault, openFaultProxy } from './fault-proxy.ts';

const secrets = { AWS_ACCESS_KEY_ID: 'good', AWS_SECRET_ACCESS_KEY: 'secret' };

/** Those that reach what the bucket keeps; the others are a lost connection to it, and cost only time. */
const faults: readonly Fault[] = ['lost', 'corrupt', 'foreign-page', 'too-short', 'cut-chunked'];

/** Does it until it works; what was in the way is told in words each time. */
async function patiently<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof UserError) || attempt === 4) throw error;
    }
  }
}

test('a snapshot gets into a bucket and back whole, whatever befalls some requests', async () => {
  const fake = await serveS3();
  const proxy = await openFaultProxy(fake.endpoint, { stallMs: 200, delayMs: 10 });
  onTestFinished(() => proxy.close());
  const settings = {
    bucket: 'backups',
    prefix: '',
    region: 'us-east-1',
    endpoint: proxy.url,
    forcePathStyle: true,
  };
  const { archive } = await temporaryArchive(20, { s3: { settings, secrets } });
  const { remote } = archive;
  if (remote === null) throw new Error('no bucket');
  const copies = temporaryFolder();
  for (const [at, fault] of faults.entries()) {
    fake.objects.clear();
    proxy.next.push(fault, null, null, fault);
    const made = await archive.create({ reason: 'asked' });
    proxy.next.length = 0;
    let { snapshot } = made;
    if (typeof made.upload?.problem === 'string') {
      expect([fault, made.upload.problem]).toEqual([fault, expect.stringMatching(/\.$/)]);
      expect((await remote.list()).filter(({ complete }) => complete)).toEqual([]);
      fake.objects.clear();
      await archive.remove(snapshot.id);
      ({ snapshot } = await archive.create({ reason: 'asked' }));
    }
    expect(await remote.list()).toMatchObject([{ id: snapshot.id, complete: true }]);

    proxy.next.push(fault, null, null, fault);
    const to = join(copies, `${at}.sqlite`);
    await patiently(() => remote.restore(snapshot.id, { to, keepBefore: true }));
    proxy.next.length = 0;
    const store = await openStore(to);
    expect([fault, (await store.size()).posts]).toEqual([fault, 20]);
    await store.close();
    await archive.remove(snapshot.id);
  }
}, 60_000);
