import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { SnapshotWatch } from '../ports/snapshots.ts';
import type { StoreFiles, StoreImage } from '../ports/store-files.ts';
import { decompressorFor } from './compression.ts';
import { type Digest, hashFile, unpackFile } from './hashed-files.ts';
import {
  damaged,
  type Manifest,
  manifestName,
  manifestSumName,
  marksName,
  readManifest,
  readMarks,
} from './manifest.ts';

/** Whether marks are expected: the one file that is written after the verification. */
interface Expectations {
  readonly marks: boolean;
}

/**
 * Everything that is wrong with the snapshot in `folder`, in words; empty when
 * it is sound. Reads every byte, unpacks the store into `scratch` (a folder of
 * the caller's) and has SQLite examine it. One bit is enough to be found.
 * Rejects only for what says nothing about the snapshot (no permission, no space).
 */
export async function findProblems(
  folder: string,
  id: string,
  {
    files,
    scratch,
    marks,
    ...watch
  }: SnapshotWatch & Expectations & { readonly files: StoreFiles; readonly scratch: string },
): Promise<readonly string[]> {
  const manifest = await orProblem(() => readManifest(folder));
  if (typeof manifest === 'string') return [manifest];
  const problems: string[] = [];
  if (manifest.id !== id) problems.push(`${manifestName} is that of ${manifest.id}`);
  if (marks) {
    const read = await orProblem(() => readMarks(folder));
    if (typeof read === 'string') problems.push(read);
  }
  problems.push(...(await strangers(folder, manifest)));
  for (const [name, expected] of Object.entries(manifest.files)) {
    if (name === manifest.store.name) continue;
    watch.onProgress?.({ step: `reading ${name}`, done: 0, total: expected.bytes });
    const found = await orProblem(() => hashFile(join(folder, name), watch));
    problems.push(...compare(name, expected, found));
  }
  const unpacked = join(scratch, 'store.sqlite');
  const found = await orProblem(() => unpackStore(folder, manifest, unpacked, watch));
  if (typeof found === 'string') return [...problems, found];
  watch.onProgress?.({ step: 'examining the store', done: 0, total: null });
  const image = await orProblem(async () => files.openImage(unpacked));
  if (typeof image === 'string') return [...problems, image];
  try {
    return [...problems, ...examine(image, manifest)];
  } finally {
    image.close();
  }
}

/**
 * Unpacks the store of a snapshot into a new file and compares both hashes.
 *
 * @throws UserError `snapshot-damaged`
 */
export async function unpackStore(
  folder: string,
  manifest: Manifest,
  target: string,
  { signal, onProgress }: SnapshotWatch,
): Promise<void> {
  const { name } = manifest.store;
  const expected = manifest.files[name];
  if (expected === undefined) throw damaged(`${manifestName} does not list ${name}`);
  const onBytes = (done: number) =>
    onProgress?.({ step: 'unpacking the store', done, total: expected.bytes });
  const source = join(folder, name);
  const { file, content } = await unpackFile(source, decompressorFor(name), target, { signal, onBytes });
  const problems = [
    ...compare(name, expected, file),
    ...compare(`the store inside ${name}`, manifest.store, content),
  ];
  if (problems[0] !== undefined) throw damaged(problems[0]);
}

function examine(image: StoreImage, manifest: Manifest): readonly string[] {
  const problems = [...image.problems()];
  const rows = image.rows();
  for (const table of new Set([...Object.keys(rows), ...Object.keys(manifest.rows)])) {
    const [found, expected] = [rows[table] ?? 0, manifest.rows[table] ?? 0];
    if (found !== expected) problems.push(`${table} has ${found} rows, not ${expected}`);
  }
  if (image.migrations.join() !== manifest.migrations.join())
    problems.push(`the store is not of the schema that ${manifestName} says`);
  return problems;
}

async function strangers(folder: string, manifest: Manifest): Promise<readonly string[]> {
  const known = new Set([manifestName, manifestSumName, marksName, ...Object.keys(manifest.files)]);
  const names = await readdir(folder);
  return names.filter((name) => !known.has(name)).map((name) => `${name} does not belong here`);
}

function compare(name: string, expected: Digest, found: Digest | string): readonly string[] {
  if (typeof found === 'string') return [found.includes(name) ? found : `${name}: ${found}`];
  if (found.bytes !== expected.bytes) return [`${name} has ${found.bytes} bytes, not ${expected.bytes}`];
  return found.sha256 === expected.sha256 ? [] : [`${name} is not what was written: its SHA-256 differs`];
}

/** The result, or what is wrong with the snapshot in words. */
async function orProblem<Result>(act: () => Promise<Result>): Promise<Result | string> {
  try {
    return await act();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (error instanceof UserError) {
      if (['snapshot-damaged', 'snapshot-newer', 'store-corrupt'].includes(error.code)) return error.message;
      throw error;
    }
    if (code === 'ENOENT')
      return `${error instanceof Error ? error.message.replace(/^.*'.*\/(.*)'.*$/, '$1') : ''} is missing`;
    if (error instanceof SyntaxError) return 'it holds text that is not JSON';
    // zlib's own findings: Z_DATA_ERROR, ZSTD_error_corruption_detected, …
    if (/^(?:Z_|ZSTD_)/.test(code)) return 'its compressed store cannot be unpacked';
    if (error instanceof Error && error.name === 'ZodError')
      return 'it holds what this version does not know';
    throw error;
  }
}
