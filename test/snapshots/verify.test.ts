import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryArchive } from './temporary-archive.ts';

/** Turns one bit of a file, for as long as `act` takes. */
async function withFlippedBit(
  path: string,
  byte: number,
  bit: number,
  act: () => Promise<void>,
): Promise<void> {
  const whole = readFileSync(path);
  const flipped = Buffer.from(whole);
  flipped[byte] = (flipped[byte] ?? 0) ^ (1 << bit);
  writeFileSync(path, flipped);
  try {
    await act();
  } finally {
    writeFileSync(path, whole);
  }
}

describe('a verification', () => {
  test('finds one flipped bit, in any file, anywhere', async () => {
    const { archive } = await temporaryArchive(8);
    const { snapshot } = await archive.create({ reason: 'asked', tags: ['kept'] });
    const names = readdirSync(snapshot.path);
    expect(names).toHaveLength(7);
    for (const name of names) {
      const path = join(snapshot.path, name);
      const size = readFileSync(path).length;
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: size - 1 }),
          fc.integer({ min: 0, max: 7 }),
          async (byte, bit) => {
            await withFlippedBit(path, byte, bit, async () => {
              const { ok, problems } = await archive.verify(snapshot.id);
              expect([ok, problems.length > 0], `${name} byte ${byte} bit ${bit}`).toEqual([false, true]);
            });
          },
        ),
        { numRuns: 25 },
      );
    }
    expect(await archive.verify(snapshot.id)).toEqual({ id: snapshot.id, ok: true, problems: [] });
  }, 120_000);

  test('finds every bit of the manifest, its sum and the marks', async () => {
    const { archive } = await temporaryArchive(0);
    const { snapshot } = await archive.create({ reason: 'asked' });
    for (const name of ['manifest.sha256', 'marks']) {
      const path = join(snapshot.path, name);
      const size = readFileSync(path).length;
      for (let byte = 0; byte < size; byte += 1) {
        await withFlippedBit(path, byte, byte % 8, async () => {
          expect((await archive.list())[0], `${name} byte ${byte}`).toMatchObject({
            damaged: true,
            verified: false,
          });
        });
      }
    }
  });

  test('finds a file that is missing, cut, or one too many', async () => {
    const { archive } = await temporaryArchive(8);
    const { snapshot } = await archive.create({ reason: 'asked' });
    const problems = async () => (await archive.verify(snapshot.id)).problems;
    for (const name of readdirSync(snapshot.path)) {
      const path = join(snapshot.path, name);
      const whole = readFileSync(path);
      rmSync(path);
      expect((await problems()).join(), name).toContain(`${name}`);
      writeFileSync(path, whole.subarray(0, whole.length - 1));
      expect((await problems()).length, name).toBeGreaterThan(0);
      writeFileSync(path, whole);
    }
    writeFileSync(join(snapshot.path, 'notes.txt'), 'mine');
    expect(await problems()).toEqual(['notes.txt does not belong here']);
    rmSync(join(snapshot.path, 'notes.txt'));
    expect(await problems()).toEqual([]);
  });

  test('is remembered, for better and for worse', async () => {
    const { archive } = await temporaryArchive(8);
    const { snapshot } = await archive.create({ reason: 'asked' });
    const path = join(snapshot.path, 'signals.csv.gz');
    await withFlippedBit(path, 5, 1, async () => {
      expect(await archive.verify(snapshot.id)).toMatchObject({ ok: false });
    });
    // The bit is back, but nobody has looked since.
    expect(await archive.get(snapshot.id)).toMatchObject({
      verified: false,
      damaged: true,
      verifiedAt: null,
    });
    await archive.verify(snapshot.id);
    expect(await archive.get(snapshot.id)).toMatchObject({ verified: true, damaged: false, problem: null });
  });

  test('says what it is doing', async () => {
    const { archive } = await temporaryArchive(8);
    const { snapshot } = await archive.create({ reason: 'asked' });
    const steps: string[] = [];
    await archive.verify(snapshot.id, { onProgress: ({ step }) => steps.push(step) });
    expect(new Set(steps)).toEqual(
      new Set([
        'reading signals.ndjson.zst',
        'reading signals.csv.gz',
        'reading schema.json',
        'unpacking the store',
        'examining the store',
      ]),
    );
  });
});
