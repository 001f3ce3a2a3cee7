import { z } from 'zod';
import { sourceBase } from '../../source/config/source-schema.ts';

/** Two kinds with little in common, so that these tests do not change when a real kind does. */
export const twoKinds = z.discriminatedUnion('kind', [
  z.strictObject({
    ...sourceBase,
    kind: z.literal('rss'),
    url: z.url().describe('Address of the feed'),
    maxItems: z.int().min(1).max(1000).default(200).describe('Items that are read at most'),
  }),
  z.strictObject({
    ...sourceBase,
    kind: z.literal('file'),
    path: z.string().min(1).describe('File to read'),
    columns: z
      .partialRecord(z.enum(['text', 'author']), z.string().min(1))
      .default({})
      .describe('Columns'),
    format: z.enum(['json', 'ndjson', 'csv']).default('ndjson').describe('Format of the file'),
  }),
]);
