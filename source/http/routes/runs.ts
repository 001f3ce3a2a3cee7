import { z } from 'zod';
import { stageNames } from '../../domain/run.ts';
import { standingOf } from '../../harvester/source-state.ts';
import { actorOf } from '../auth.ts';
import { about, answers } from '../operation.ts';
import { Problem } from '../problem.ts';
import { idField, moment, momentOf } from '../query.ts';
import { run, source } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const runParams = z.strictObject({ id: idField });

/** Runs and sources. */
export function runRoutes(app: Server, { harvester, runs, now }: ServerParts): void {
  app.post(
    '/v1/runs',
    {
      config: { scope: 'run', scrub: true },
      schema: {
        ...about({
          id: 'startRun',
          tag: 'runs',
          summary: 'Start a run',
          description:
            'One run at a time works on a store; a second one is refused with 409. The answer comes when it has begun.',
          scope: 'run',
        }),
        body: z.strictObject({
          sources: z
            .array(z.string().min(1).max(60))
            .max(1000)
            .optional()
            .describe('Names; all enabled ones when absent'),
          stages: z.array(z.enum(stageNames)).min(1).max(4).optional().describe('All when absent'),
          since: moment.optional().describe('Read again from then on'),
        }),
        response: answers({ 202: ['The run as it begins', run] }),
      },
    },
    async (request, reply) => {
      const { sources, stages, since } = request.body;
      const by = actorOf(request);
      const started = await runs.start(
        {
          ...(sources === undefined ? {} : { sources }),
          ...(stages === undefined ? {} : { stages }),
          ...(since === undefined ? {} : { since: momentOf(since, now()) }),
        },
        `request ${request.id} of ${by.actor}`,
      );
      const entry = { action: 'runs.start', target: String(started.id), before: null };
      await harvester.audit.add({ ...entry, after: request.body }, by);
      return reply.code(202).header('Location', `/v1/runs/${started.id}`).send(started);
    },
  );

  app.get(
    '/v1/runs',
    {
      config: { scope: 'read', scrub: true },
      schema: {
        ...about({ id: 'listRuns', tag: 'runs', summary: 'Runs, newest first', scope: 'read' }),
        querystring: z.strictObject({
          limit: z.coerce.number().int().min(1).max(100).default(20),
          before: idField.optional().describe('Runs before the one with this id'),
        }),
        response: answers({ 200: ['A page of runs', z.strictObject({ runs: z.array(run) })] }),
      },
    },
    async (request) => {
      const { limit, before } = request.query;
      return { runs: (await harvester.runs.list(limit, before)).map((each) => asItStands(each.id) ?? each) };
    },
  );

  app.get(
    '/v1/runs/:id',
    {
      config: { scope: 'read', scrub: true },
      schema: {
        ...about({ id: 'getRun', tag: 'runs', summary: 'One run, as it stands', scope: 'read' }),
        params: runParams,
        response: answers({ 200: ['The run', run] }),
      },
    },
    async (request) => find(request.params.id),
  );

  app.post(
    '/v1/runs/:id/cancel',
    {
      config: { scope: 'run', scrub: true },
      schema: {
        ...about({
          id: 'cancelRun',
          tag: 'runs',
          summary: 'End a run early',
          description: 'What is stored stays stored; the next run goes on from there.',
          scope: 'run',
        }),
        params: runParams,
        response: answers({ 202: ['The run as it stands', run] }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const found = await find(id);
      if (!runs.cancel(id)) {
        throw new Problem(409, 'run-not-here', `The run ${id} is not in progress in this process.`, {
          fix: 'Only a run that this server started can be cancelled here.',
        });
      }
      const entry = { action: 'runs.cancel', target: String(id), before: null, after: null };
      await harvester.audit.add(entry, actorOf(request));
      return reply.code(202).send(found);
    },
  );

  app.get(
    '/v1/sources',
    {
      config: { scope: 'read', scrub: true },
      schema: {
        ...about({ id: 'listSources', tag: 'runs', summary: 'How every source is doing', scope: 'read' }),
        response: answers({ 200: ['All sources', z.strictObject({ sources: z.array(source) })] }),
      },
    },
    async () => ({
      sources: (await harvester.sources.list()).map((each) => ({ ...each, state: standingOf(each) })),
    }),
  );

  /** The store hears of a run every few seconds, this process four times a second. */
  const asItStands = (id: number) => {
    const current = runs.current();
    return current?.id === id ? current : null;
  };

  const find = async (id: number) => {
    const found = asItStands(id) ?? (await harvester.runs.get(id));
    if (found !== null) return found;
    throw new Problem(404, 'no-such-run', `There is no run ${id}.`, {
      fix: 'Look for its id in GET /v1/runs.',
    });
  };
}
