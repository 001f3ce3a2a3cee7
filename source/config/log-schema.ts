import { z } from 'zod';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const logSchema = z
  .strictObject({
    level: z.enum(logLevels).default('info').describe('Least level that is written'),
    path: z
      .string()
      .default('')
      .describe("Log file of the terminal app, relative to this file; empty means the platform's log folder"),
    rotate: z
      .enum(['daily', 'hourly', 'never'])
      .default('daily')
      .describe('When a new file is begun, beside the size'),
    maxBytes: z
      .int()
      .min(10_000)
      .max(10_000_000_000)
      .default(10_000_000)
      .describe('About how large a file gets before a new one is begun'),
    keep: z
      .int()
      .min(1)
      .max(1000)
      .default(5)
      .describe('Older files that are kept beside the one that is written'),
    slowQueryMs: z
      .int()
      .min(0)
      .max(3_600_000)
      .default(250)
      .describe(
        'Queries of the store that take at least this long are logged with their plan, in milliseconds; 0: none',
      ),
  })
  .prefault({})
  .describe("The program's own log");
