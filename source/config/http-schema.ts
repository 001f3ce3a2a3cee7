import { z } from 'zod';

export const httpSchema = z
  .strictObject({
    userAgent: z
      .string()
      .min(1)
      .max(200)
      .default('signal-harvester (reads public posts for one analyst; no contact set)')
      .describe('Sent with every request; put an address in it at which you can be reached'),
    timeoutMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(20_000)
      .describe('Time limit of one request, in milliseconds'),
    maxBytes: z
      .int()
      .min(1024)
      .max(1_073_741_824)
      .default(16_777_216)
      .describe('Largest answer that is read, after decompression, in bytes'),
    maxRedirects: z.int().min(0).max(20).default(5).describe('Redirects that are followed before giving up'),
    retries: z.int().min(0).max(10).default(3).describe('Further tries after a passing failure'),
    perHostConcurrency: z.int().min(1).max(20).default(2).describe('Requests at the same time to one host'),
    perHostDelayMs: z
      .int()
      .min(0)
      .max(60_000)
      .default(250)
      .describe('Pause between requests to one host, in milliseconds'),
    maxWaitMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(60_000)
      .describe(
        'Longest wait that a host may ask for (Retry-After) before the source ends for this run, in milliseconds',
      ),
    allowPrivate: z
      .boolean()
      .default(false)
      .describe('true lets sources reach loopback and private addresses (a feed on your own network)'),
  })
  .prefault({})
  .describe('How every source speaks HTTP');
