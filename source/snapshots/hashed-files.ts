import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable, type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

interface Options {
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Counts and hashes what passes through. */
class Meter {
  readonly #hash: Hash = createHash('sha256');
  readonly #onBytes: ((bytes: number) => void) | undefined;
  #bytes = 0;

  constructor(onBytes?: (bytes: number) => void) {
    this.#onBytes = onBytes;
  }

  readonly through = async function* (this: Meter, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#hash.update(chunk);
      this.#bytes += chunk.length;
      this.#onBytes?.(this.#bytes);
      yield chunk;
    }
  }.bind(this);

  digest(): Digest {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

/**
 * Writes a new file (0600, on the disk before it resolves) through a
 * compressor. `content` is what went in, `file` what is on the disk.
 */
export async function writeCompressed(
  path: string,
  source: AsyncIterable<Buffer> | Iterable<Buffer>,
  compressor: Transform,
  { signal, onBytes }: Options = {},
): Promise<{ readonly content: Digest; readonly file: Digest }> {
  const content = new Meter(onBytes);
  const file = new Meter();
  await pipeline(Readable.from(source), content.through, compressor, file.through, createFile(path), {
    signal,
  });
  return { content: content.digest(), file: file.digest() };
}

/** Unpacks into a new file; `file` is what was read, `content` what came out. */
export async function unpackFile(
  from: string,
  decompressor: Transform,
  to: string,
  { signal, onBytes }: Options = {},
): Promise<{ readonly content: Digest; readonly file: Digest }> {
  const content = new Meter();
  const file = new Meter(onBytes);
  await pipeline(createReadStream(from), file.through, decompressor, content.through, createFile(to), {
    signal,
  });
  return { content: content.digest(), file: file.digest() };
}

export async function copyHashed(
  from: string,
  to: string,
  { signal, onBytes }: Options = {},
): Promise<Digest> {
  const meter = new Meter(onBytes);
  await pipeline(createReadStream(from), meter.through, createFile(to), { signal });
  return meter.digest();
}

export async function hashFile(path: string, options: Options = {}): Promise<Digest> {
  return digestStream(createReadStream(path, { highWaterMark: 1024 * 1024 }), options);
}

export async function digestStream(source: Readable, { signal, onBytes }: Options = {}): Promise<Digest> {
  const meter = new Meter(onBytes);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(source, meter.through, nowhere, { signal });
  return meter.digest();
}

export function sha256Of(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

function createFile(path: string) {
  return createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
}
