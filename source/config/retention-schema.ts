import { z } from 'zod';
import { parseSpan } from '../domain/calendar.ts';
import { parseSearch } from '../domain/search-parser.ts';
import { isTimeZone } from '../domain/wall-clock.ts';

const places = z.int().min(0).max(100_000);
const span = z
  .string()
  .refine(
    (text) => text === '' || parseSpan(text) !== null,
    'a duration such as 7d, 2w or 1y6m12h (years, months, weeks, days, hours)',
  )
  .default('');

/** Members as domain/retention.ts names them. */
export const retentionPolicySchema = z
  .strictObject({
    keepLast: places.default(3).describe('The newest so many; 0 is no rule, here and below'),
    keepHourly: places.default(0).describe('The newest of each of the last so many hours that have one'),
    keepDaily: places.default(7).describe('The same for days'),
    keepWeekly: places.default(4).describe('The same for weeks, which begin on Monday'),
    keepMonthly: places.default(12).describe('The same for months'),
    keepYearly: places.default(0).describe('The same for years'),
    keepWithin: span.describe(
      'All that are younger than this, seen from the newest: 7d, 2w, 1y6m; empty is no rule',
    ),
    keepWithinHourly: span.describe('The newest of each hour within this'),
    keepWithinDaily: span.describe('The newest of each day within this'),
    keepWithinWeekly: span.describe('The newest of each week within this'),
    keepWithinMonthly: span.describe('The newest of each month within this'),
    keepWithinYearly: span.describe('The newest of each year within this'),
    keepTagged: z.boolean().default(true).describe('Whatever has a tag'),
    maxBytes: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe('Most bytes of all together; the oldest go first; null is no limit'),
    maxFiles: z.int().min(1).nullable().default(null).describe('The same for files; a snapshot has seven'),
    keepMin: z.int().min(1).max(100_000).default(1).describe('Newest snapshots that these two limits leave'),
    timeZone: z
      .string()
      .refine((name) => name !== '' && isTimeZone(name), 'a time zone such as Europe/Berlin')
      .default('UTC')
      .describe('Where hours, days and weeks begin (IANA name)'),
  })
  .prefault({});

export const snapshotsSchema = z
  .strictObject({
    path: z
      .string()
      .default('')
      .describe('Folder, relative to this file; empty means beside the store, named after it'),
    copyTo: z
      .string()
      .default('')
      .describe(
        'Second folder (another disk, a mounted drive) that every snapshot is copied to and verified in',
      ),
    s3: z
      .strictObject({
        bucket: z
          .string()
          .regex(
            /^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/,
            'the name of a bucket (3–63 of a-z, 0-9, "." and "-")',
          )
          .default('')
          .describe('Bucket that snapshots are uploaded to; empty means none'),
        prefix: z
          .string()
          .max(500)
          .regex(/^(?!\/)(?!.*\/\/)[\w!.*'()/-]*$/, 'a path without spaces that does not begin with "/"')
          .default('')
          .describe('Folder in the bucket'),
        region: z.string().min(1).max(60).default('us-east-1').describe('Region of the bucket'),
        endpoint: z
          .union([z.literal(''), z.url({ protocol: /^https?$/ })])
          .default('')
          .describe('Address of another service than AWS (MinIO, R2, B2 …)'),
        forcePathStyle: z
          .boolean()
          .default(false)
          .describe('Name the bucket in the path and not in the host, as MinIO and others need it'),
      })
      .prefault({})
      .describe('Upload of snapshots to S3; the keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'),
    automatic: z
      .boolean()
      .default(true)
      .describe('Make one before a migration, a restore, a repair, and before signals are removed'),
    retention: retentionPolicySchema.describe('Which snapshots "retain" keeps'),
  })
  .prefault({})
  .describe('Verified copies of the store');

export const signalRetentionSchema = z
  .strictObject({
    signals: z
      .array(
        z.strictObject({
          statuses: z
            .array(z.enum(['inbox', 'resolved', 'dismissed']))
            .min(1)
            .describe('Statuses that the rule is for; escalated and snoozed signals stay for ever'),
          categories: z.array(z.string().min(1).max(40)).default([]).describe('Only these; empty is all'),
          sources: z.array(z.string().min(1).max(60)).default([]).describe('Only these; empty is all'),
          search: z
            .string()
            .max(2000)
            .refine((query) => parseSearch(query).ok, 'a search (see docs/search.md)')
            .default('')
            .describe('Only what this search finds, such as "tag:spam -is:echo"; empty is all'),
          olderThanDays: z.number().min(1).max(36_500).describe('Days since its newest post was written'),
        }),
      )
      .max(50)
      .default([])
      .describe('Rules by which "retain --signals" removes signals with their posts; none removes nothing'),
  })
  .prefault({})
  .describe('How long signals stay');
