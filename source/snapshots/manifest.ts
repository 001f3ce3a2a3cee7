import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { snapshotReasons } from '../domain/snapshot.ts';
import { UserError } from '../errors.ts';
import { sha256Of } from './hashed-files.ts';

export const manifestName = 'manifest.json';
/** In the form of `sha256sum`, so that `sha256sum --check` says the same without this program. */
export const manifestSumName = 'manifest.sha256';
export const marksName = 'marks';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);

const manifestSchema = z.strictObject({
  format: z.literal(1),
  id: z.string(),
  createdAt: z.int(),
  sequence: count,
  reason: z.enum(snapshotReasons),
  parent: z.string().nullable(),
  programVersion: z.string(),
  schemaVersion: z.string().nullable(),
  migrations: z.array(z.string()),
  rows: z.record(z.string(), count),
  /** The store inside its compressed file. */
  store: z.strictObject({ name: z.string(), bytes: count, sha256 }),
  /** Every file of the folder but the manifest, its sum and the marks. */
  files: z.record(z.string(), z.strictObject({ bytes: count, sha256 })),
});
export type Manifest = z.infer<typeof manifestSchema>;

export function formatManifest(manifest: Manifest): { readonly text: string; readonly sum: string } {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  return { text, sum: formatSum(text) };
}

function formatSum(text: string | Buffer): string {
  return `${sha256Of(text)}  ${manifestName}\n`;
}

/**
 * The manifest of a snapshot's folder, whose own sum is checked byte by byte.
 *
 * @throws UserError `snapshot-damaged`
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readPart(folder, manifestName);
  const sum = await readPart(folder, manifestSumName);
  if (!sum.equals(Buffer.from(formatSum(text)))) {
    throw damaged(`${manifestName} does not match ${manifestSumName}`);
  }
  const parsed = manifestSchema.safeParse(JSON.parse(text.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new UserError('snapshot-newer', `${manifestName} is of a form that this version does not know`, {
    fix: 'Use the newest version of signal-harvester.',
  });
}

async function readPart(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT') throw damaged(`${name} is missing`);
    throw error;
  }
}

export function damaged(problem: string): UserError {
  return new UserError('snapshot-damaged', problem, {
    fix: 'Use another snapshot ("signal-harvester snapshot verify --all" tells which are sound), or the copy in snapshots.copyTo.',
    exitCode: 4,
  });
}

const marksSchema = z.strictObject({
  tags: z.array(z.string()),
  verifiedAt: z.int().nullable(),
  failedAt: z.int().nullable(),
});
/** What may change after a snapshot was made. */
export type Marks = z.infer<typeof marksSchema>;

/** One line of JSON and one with its sum, so that a single write changes both. */
export function formatMarks(marks: Marks): string {
  const line = `${JSON.stringify(marks)}\n`;
  return `${line}${sha256Of(line)}\n`;
}

/** @throws UserError `snapshot-damaged` */
export async function readMarks(folder: string): Promise<Marks> {
  const text = await readPart(folder, marksName);
  const end = text.indexOf(0x0a) + 1;
  const line = text.subarray(0, end);
  if (end === 0 || !text.subarray(end).equals(Buffer.from(`${sha256Of(line)}\n`))) {
    throw damaged(`${marksName} does not match its own sum`);
  }
  return marksSchema.parse(JSON.parse(line.toString('utf8')));
}
