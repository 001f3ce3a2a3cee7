import { createReadStream } from 'node:fs';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotReason } from '../domain/snapshot.ts';
import type { SnapshotWatch } from '../ports/snapshots.ts';
import type { StoreFiles } from '../ports/store-files.ts';
import { compressorFor, storeExtension } from './compression.ts';
import { csvOf, ndjsonOf } from './exports.ts';
import { type Digest, sha256Of, writeCompressed } from './hashed-files.ts';
import {
  damaged,
  formatManifest,
  formatMarks,
  type Manifest,
  manifestName,
  manifestSumName,
  marksName,
} from './manifest.ts';

export interface NewSnapshot {
  readonly id: string;
  readonly createdAt: number;
  readonly sequence: number;
  readonly parent: string | null;
  readonly reason: SnapshotReason;
  readonly tags: readonly string[];
  readonly programVersion: string;
}

/** Writes everything of a snapshot into the hidden folder `partial`, each file on the disk before the next. */
export async function writeSnapshot(
  partial: string,
  files: StoreFiles,
  snapshot: NewSnapshot,
  { signal, onProgress }: SnapshotWatch,
): Promise<Manifest> {
  const plainStore = join(partial, 'store.sqlite');
  onProgress?.({ step: 'copying the store', done: 0, total: null });
  await files.copyTo(plainStore);
  signal?.throwIfAborted();
  const { size } = await stat(plainStore);
  const written: Record<string, Digest> = {};
  const image = files.openImage(plainStore);
  let facts: Pick<Manifest, 'rows' | 'migrations' | 'schemaVersion'>;
  try {
    const problems = image.problems();
    if (problems[0] !== undefined)
      throw damaged(`the store is damaged (${problems[0]}), so no snapshot was made of it`);
    const { migrations } = image;
    facts = { rows: image.rows(), migrations: [...migrations], schemaVersion: migrations.at(-1) ?? null };
    const signals = facts.rows.signals ?? 0;
    for (const [name, content] of [
      [`signals.ndjson${storeExtension}`, ndjsonOf(image)],
      ['signals.csv.gz', csvOf(image)],
    ] as const) {
      onProgress?.({ step: `writing ${name}`, done: 0, total: signals });
      written[name] = (
        await writeCompressed(join(partial, name), content, compressorFor(name), { signal })
      ).file;
    }
    const schema = `${JSON.stringify({ migrations, tables: image.tables() }, null, 2)}\n`;
    written['schema.json'] = await writeWhole(partial, 'schema.json', schema);
  } finally {
    image.close();
  }
  const name = `store.sqlite${storeExtension}`;
  const onBytes = (done: number) => onProgress?.({ step: 'compressing the store', done, total: size });
  const { content, file } = await writeCompressed(
    join(partial, name),
    createReadStream(plainStore),
    compressorFor(name),
    {
      signal,
      onBytes,
    },
  );
  written[name] = file;
  await rm(plainStore);
  const { id, createdAt, sequence, parent, reason, programVersion } = snapshot;
  const manifest: Manifest = {
    format: 1,
    ...{ id, createdAt, sequence, reason, parent, programVersion },
    ...facts,
    store: { name, ...content },
    files: written,
  };
  const { text, sum } = formatManifest(manifest);
  await writeWhole(partial, manifestName, text);
  await writeWhole(partial, manifestSumName, sum);
  return manifest;
}

/** The last file of a snapshot: it was verified. */
export async function writeFirstMarks(
  partial: string,
  tags: readonly string[],
  verifiedAt: number,
): Promise<void> {
  await writeWhole(partial, marksName, formatMarks({ tags: [...tags], verifiedAt, failedAt: null }));
}

async function writeWhole(folder: string, name: string, text: string): Promise<Digest> {
  await writeFile(join(folder, name), text, { mode: 0o600, flush: true, flag: 'wx' });
  return { bytes: Buffer.byteLength(text), sha256: sha256Of(text) };
}
