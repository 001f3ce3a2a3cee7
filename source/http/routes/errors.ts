import { z } from 'zod';
import { breadcrumbKinds, errorOrigins, errorStates } from '../../domain/error-group.ts';
import { actorOf } from '../auth.ts';
import { about, answers } from '../operation.ts';
import { Problem } from '../problem.ts';
import { idField, listOf } from '../query.ts';
import { time } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const text = z.string();
const errorParams = z.strictObject({ id: idField });

const errorGroup = z.strictObject({
  id: z.int(),
  fingerprint: text.describe('Sixteen hexadecimal digits; what groups'),
  type: text,
  code: text.nullable(),
  message: text.describe('Redacted, as everything here'),
  stack: text.describe('A frame a line'),
  breadcrumbs: z
    .array(z.strictObject({ at: time, kind: z.enum(breadcrumbKinds), text }))
    .describe('What the program did before, oldest first'),
  origin: z.enum(errorOrigins),
  count: z.int().min(1),
  state: z.enum(errorStates),
  firstSeenAt: time,
  lastSeenAt: time,
  firstVersion: text,
  lastVersion: text,
  resolvedAt: time.nullable(),
  regressedAt: time.nullable().describe('When it came again after it was resolved'),
  reportedAt: time.nullable(),
});

/** Errors of the program itself. */
export function errorRoutes(app: Server, { harvester }: ServerParts): void {
  app.get(
    '/v1/errors',
    {
      config: { scope: 'admin', scrub: true },
      schema: {
        ...about({
          id: 'listErrors',
          tag: 'operation',
          summary: 'Errors of the program itself in groups, last seen first',
          scope: 'admin',
        }),
        querystring: z.strictObject({
          state: listOf(errorStates, 'Only these states').optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        response: answers({ 200: ['Groups of errors', z.strictObject({ errors: z.array(errorGroup) })] }),
      },
    },
    async (request) => {
      const { state, limit } = request.query;
      return {
        errors: await harvester.errors.list({ limit, ...(state === undefined ? {} : { states: state }) }),
      };
    },
  );

  app.get(
    '/v1/errors/:id',
    {
      config: { scope: 'admin', scrub: true },
      schema: {
        ...about({ id: 'getError', tag: 'operation', summary: 'One group of errors', scope: 'admin' }),
        params: errorParams,
        response: answers({ 200: ['The group', errorGroup] }),
      },
    },
    async (request) => {
      const group = await harvester.errors.get(request.params.id);
      if (group !== null) return group;
      throw new Problem(404, 'no-such-error', `There is no error ${request.params.id}.`, {
        fix: 'GET /v1/errors lists what there is.',
      });
    },
  );

  for (const action of ['resolve', 'reopen'] as const) {
    app.post(
      `/v1/errors/:id/${action}`,
      {
        config: { scope: 'admin', scrub: true },
        schema: {
          ...about({
            id: `${action}Error`,
            tag: 'operation',
            summary:
              action === 'resolve'
                ? 'Say that an error is mended; should it come again, it is regressed'
                : 'Take back that an error was resolved',
            scope: 'admin',
          }),
          params: errorParams,
          response: answers({ 200: ['The group as it is now', errorGroup] }),
        },
      },
      async (request) => harvester.errors[action](request.params.id, actorOf(request)),
    );
  }
}
