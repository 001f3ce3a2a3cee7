import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Config } from '../config/schema.ts';
import type { Secrets } from '../config/secrets.ts';
import { UserError } from '../errors.ts';
import { type Digest, digestStream } from './hashed-files.ts';
import { explainS3Failure, isPassing } from './s3-failures.ts';

export interface S3Place {
  readonly settings: Config['snapshots']['s3'];
  readonly secrets: Secrets;
}

export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
}

/** One bucket, in the words that snapshots need. Keys are without the configured prefix. */
export interface Bucket {
  list(under: string): Promise<readonly StoredObject[]>;
  /** Uploads a file whose digest is known, then asks for it back: what is stored is that, or it rejects. */
  put(key: string, path: string, digest: Digest): Promise<void>;
  /** Downloads to a new file. */
  get(key: string, path: string): Promise<void>;
  remove(key: string): Promise<void>;
}

const attempts = 3;
const firstPauseMs = 200;
const ignore = () => {};

/** "s3://bucket/prefix", as the tools of AWS write it. */
export function describePlace({ settings: { bucket, prefix } }: S3Place): string {
  return `s3://${bucket}/${prefix}`.replace(/\/$/, '');
}

/**
 * Opens the bucket for `act` and closes its connections afterwards. The SDK is
 * loaded here and nowhere else. What fails is explained.
 */
export async function withBucket<Result>(
  place: S3Place,
  act: (bucket: Bucket) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const { settings } = place;
  const credentials = keysOf(place);
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    region: settings.region,
    forcePathStyle: settings.forcePathStyle,
    ...(settings.endpoint !== '' && { endpoint: settings.endpoint }),
    credentials,
    maxAttempts: attempts,
    // Ours are known before the first byte is sent; not every service knows the others.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Its own would write warnings over the screen.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
  });
  try {
    return await act(openBucket(sdk, client, settings, signal));
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw explainS3Failure(error, { ...settings, where: describePlace(place) });
  } finally {
    client.destroy();
  }
}

function openBucket(
  sdk: typeof import('@aws-sdk/client-s3'),
  client: S3Client,
  { bucket: Bucket, prefix }: S3Place['settings'],
  signal: AbortSignal | undefined,
): Bucket {
  const root = prefix === '' ? '' : `${prefix.replace(/\/$/, '')}/`;
  const options = signal === undefined ? {} : { abortSignal: signal };
  const read = async (key: string): Promise<Readable> => {
    const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key: root + key }), options);
    if (Body instanceof Readable) return Body;
    throw new Error(`the SDK gave no stream for ${key}`);
  };
  const confirm = async (key: string, { bytes, sha256 }: Digest): Promise<void> => {
    const head = await client.send(
      new sdk.HeadObjectCommand({ Bucket, Key: root + key, ChecksumMode: 'ENABLED' }),
      options,
    );
    // A service that keeps no checksums is read instead.
    const found =
      head.ChecksumSHA256 === undefined
        ? (await digestStream(await read(key), { signal })).sha256
        : Buffer.from(head.ChecksumSHA256, 'base64').toString('hex');
    if (head.ContentLength === bytes && found === sha256) return;
    throw new UserError('s3-damaged', `${key} is not in the bucket as it was sent.`, {
      fix: 'Make another snapshot. If it happens again, the service does not keep what it is given.',
      exitCode: 4,
    });
  };
  return {
    list: async (under) => {
      const found: StoredObject[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new sdk.ListObjectsV2Command({
            Bucket,
            Prefix: root + under,
            ...(ContinuationToken && { ContinuationToken }),
          }),
          options,
        );
        for (const { Key = '', Size = 0 } of page.Contents ?? [])
          found.push({ key: Key.slice(root.length), bytes: Size });
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    },
    put: async (key, path, digest) => {
      await trying(signal, async () => {
        const Body = createReadStream(path);
        const command = new sdk.PutObjectCommand({
          ...{ Bucket, Key: root + key, Body, ContentLength: digest.bytes },
          ChecksumSHA256: Buffer.from(digest.sha256, 'hex').toString('base64'),
        });
        // The SDK leaves streams unsigned; with the hash in the signature, nothing else passes for these bytes.
        command.middlewareStack.add(
          (next) => (args) => {
            const { request } = args;
            if (hasHeaders(request)) request.headers['x-amz-content-sha256'] = digest.sha256;
            return next(args);
          },
          { step: 'build' },
        );
        await client.send(command, options).finally(() => Body.destroy());
      });
      await confirm(key, digest);
    },
    get: async (key, path) => {
      const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
      await pipeline(await read(key), file, { signal });
    },
    remove: async (key) => {
      await client.send(new sdk.DeleteObjectCommand({ Bucket, Key: root + key }), options);
    },
  };
}

function hasHeaders(request: unknown): request is { headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request;
}

/** The SDK cannot try again what it sends from a stream. */
async function trying(signal: AbortSignal | undefined, act: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt === attempts || !isPassing(error)) throw error;
      await wait(firstPauseMs * 2 ** attempt, undefined, { signal });
    }
  }
}

function keysOf({ secrets }: S3Place) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = secrets;
  const sessionToken = secrets.AWS_SESSION_TOKEN;
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  const missing = accessKeyId === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY';
  throw new UserError('s3-no-keys', `The bucket cannot be used without ${missing}.`, {
    fix: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.',
  });
}
