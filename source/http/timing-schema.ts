import { z } from 'zod';

const count = z.int().min(0);
const shape = { name: z.string(), count, sumMs: z.number(), maxMs: z.number() };

/** A histogram, as a run keeps it. */
export const timing = z.strictObject({
  ...shape,
  buckets: z
    .array(z.tuple([z.number().nullable(), count]))
    .describe('Upper bound in milliseconds (null: none) and how many, for each bucket that is not empty'),
});

/** What a person reads of one. */
export const timingSummary = z.strictObject({
  ...shape,
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
});
