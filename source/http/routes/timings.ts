import { z } from 'zod';
import { summarizeTiming } from '../../domain/timings.ts';
import { about, answers } from '../operation.ts';
import { time } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';
import { timingSummary } from '../timing-schema.ts';

const answer = z.strictObject({
  process: z
    .strictObject({ stages: z.array(timingSummary), queries: z.array(timingSummary) })
    .describe('Of this process since it began'),
  runs: z
    .strictObject({
      runs: z.int().min(0).describe('Runs that were timed'),
      from: time.nullable(),
      to: time.nullable(),
      stages: z.array(
        timingSummary.extend({
          perItemMs: z
            .strictObject({ p50: z.number(), p95: z.number() })
            .nullable()
            .describe('For each post or signal, by run'),
        }),
      ),
      queries: z.array(timingSummary).describe('Of each run the eight that took most of it'),
    })
    .describe('Of the newest runs in the store, of whatever process'),
});

/** How long stages and queries take. */
export function timingRoutes(app: Server, { harvester }: ServerParts): void {
  app.get(
    '/v1/timings',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'getTimings',
          tag: 'runs',
          summary: 'How long stages and queries take',
          description:
            'Times in milliseconds: of a batch of a stage, of a statement of the store. Shares come from a histogram, to 28% at most. GET /metrics has the same as histograms.',
          scope: 'read',
        }),
        querystring: z.strictObject({
          runs: z.coerce.number().int().min(1).max(200).default(20).describe('Newest runs that count'),
        }),
        response: answers({ 200: ['Timings', answer] }),
      },
    },
    async (request) => {
      const [{ stages, queries }, runs] = await Promise.all([
        harvester.timings.read(),
        harvester.timings.ofRuns(request.query.runs),
      ]);
      const process = { stages: stages.map(summarizeTiming), queries: queries.map(summarizeTiming) };
      return { process, runs };
    },
  );
}
