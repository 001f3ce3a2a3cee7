import { z } from 'zod';
import { usageDayOf, usageKinds } from '../../domain/usage.ts';
import { about, answers } from '../operation.ts';
import { time } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const count = z.int().min(0);
const msPerDay = 86_400_000;

const status = z.strictObject({
  recording: z.boolean(),
  sending: z.boolean(),
  reasons: z.array(z.string()),
  doNotTrack: z.boolean(),
  collector: z.string().nullable().describe('Host of the collector'),
  consent: z
    .strictObject({ given: z.boolean(), at: time, version: count, current: z.boolean() })
    .nullable()
    .describe('Null before anybody has answered'),
  sentThrough: time.nullable(),
  keepDays: count,
});

const usageCount = z.strictObject({
  day: time.describe('Midnight, UTC'),
  kind: z.enum(usageKinds),
  name: z.string(),
  count,
  totalMs: count,
});

/** What of the program is used. Consent is given on the command line, by somebody who has read the text there. */
export function usageRoutes(app: Server, { harvester, usage, now }: ServerParts): void {
  app.get(
    '/v1/usage',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'getUsage',
          tag: 'operation',
          summary: 'What of the program is used, by day, and whether any of it is sent',
          scope: 'admin',
        }),
        querystring: z.strictObject({
          days: z.coerce.number().int().min(1).max(3_650).default(30).describe('Days back from today'),
        }),
        response: answers({
          200: ['Counts, oldest day first', z.strictObject({ status, usage: z.array(usageCount) })],
        }),
      },
    },
    async (request) => {
      await usage.flush();
      const since = usageDayOf(now() - (request.query.days - 1) * msPerDay);
      return { status: await harvester.usage.status(), usage: await harvester.usage.list(since) };
    },
  );
}
