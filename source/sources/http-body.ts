import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { tooLargeError } from './http-error.ts';

/** Content codings that `readBody` undoes; the value of Accept-Encoding. */
export const acceptedEncodings = 'gzip, deflate, br';

interface BodyOptions {
  /** Value of Content-Encoding, null when there is none. */
  readonly encoding: string | null;
  /** Cap on the bytes on the wire and on the bytes after decompression. */
  readonly maxBytes: number;
  readonly host: string;
}

/**
 * Reads a body whole, undoing its content codings. The cap counts bytes as
 * they come out of the decompressor, so a bomb costs `maxBytes` of memory and
 * no more. Throws `too-large`; a damaged or truncated stream throws zlib's error.
 */
export async function readBody(body: Readable, options: BodyOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const collect = async (decoded: AsyncIterable<Buffer>) => {
    for await (const chunk of decoded) {
      size += chunk.length;
      if (size > options.maxBytes) throw tooLargeError(options.host, options.maxBytes);
      chunks.push(chunk);
    }
  };
  const decoders: Transform[] = [];
  let source: AsyncIterable<Buffer> = body;
  for (const coding of codingsOf(options.encoding)) {
    const [first, whole] = await peek(source);
    source = whole;
    const decoder = decoderFor(coding, first);
    if (!decoder) continue;
    decoders.push(decoder);
    source = through(source, decoder);
  }
  try {
    await collect(source);
  } finally {
    for (const decoder of decoders) decoder.destroy();
    body.destroy();
  }
  return Buffer.concat(chunks, size);
}

/** Codings in the order in which they must be undone. */
function codingsOf(encoding: string | null): readonly string[] {
  const codings = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  return codings
    .filter((coding) => coding !== '' && coding !== 'identity')
    .slice(0, 3)
    .reverse();
}

/**
 * The decoder of a coding. Some servers say gzip and send plain text, and
 * "deflate" means zlib to the standard and raw deflate to some servers: the
 * first bytes decide.
 */
function decoderFor(coding: string, first: Buffer): Transform | null {
  if (first.length === 0) return null;
  if (coding === 'gzip' || coding === 'x-gzip') {
    return first[0] === 0x1f && (first.length < 2 || first[1] === 0x8b) ? createGunzip() : null;
  }
  if (coding === 'deflate') return ((first[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
  if (coding === 'br') return createBrotliDecompress();
  return null;
}

async function* through(source: AsyncIterable<Buffer>, decoder: Transform): AsyncIterable<Buffer> {
  const fed = pipeline(source, decoder);
  // The failure is thrown by the loop below; this only keeps it from being reported as unhandled.
  fed.catch(() => {});
  yield* decoder as AsyncIterable<Buffer>;
  await fed;
}

/** The first chunk, and the whole stream again. */
async function peek(source: AsyncIterable<Buffer>): Promise<[Buffer, AsyncIterable<Buffer>]> {
  const iterator = source[Symbol.asyncIterator]();
  const head = await iterator.next();
  const first = head.done ? Buffer.alloc(0) : head.value;
  return [first, rejoin(first, iterator)];
}

async function* rejoin(first: Buffer, rest: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  if (first.length > 0) yield first;
  try {
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
