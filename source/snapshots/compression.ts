import { extname } from 'node:path';
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { UserError } from '../errors.ts';

/** Node has had zstd since 22.15 (decision 13); before that, gzip does the same work, slower and larger. */
export const storeExtension = typeof zlib.createZstdCompress === 'function' ? '.zst' : '.gz';

/** The compressor for a file of this name. Levels that keep up with a disk; zstd also keeps a checksum of its own. */
export function compressorFor(name: string): Transform {
  if (extname(name) === '.gz') return zlib.createGzip({ level: 6 });
  const { ZSTD_c_compressionLevel: level, ZSTD_c_checksumFlag: checksum } = zlib.constants;
  return zlib.createZstdCompress({ params: { [level]: 3, [checksum]: 1 } });
}

/** @throws UserError `zstd-missing` on a Node that cannot read what a newer one wrote */
export function decompressorFor(name: string): Transform {
  if (extname(name) === '.gz') return zlib.createGunzip();
  if (typeof zlib.createZstdDecompress === 'function') return zlib.createZstdDecompress();
  throw new UserError(
    'zstd-missing',
    `This Node (${process.versions.node}) cannot read ${name}, which is compressed with zstd.`,
    {
      fix: 'Use Node 22.15 or newer, or unpack it with the program "zstd".',
    },
  );
}
