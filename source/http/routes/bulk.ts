import { z } from 'zod';
import { describeChange } from '../../domain/triage.ts';
import { actorOf } from '../auth.ts';
import { changeOf, changeSchema } from '../change.ts';
import { about, answers } from '../operation.ts';
import { Problem } from '../problem.ts';
import { filterShape, queryOf } from '../query.ts';
import { cappedCount, job, outcome } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

/** Up to so many signals are decided about at once, in one entry of the journal; more become a job. */
const atOnce = 1000;
const maxSignals = 100_000;

const jobParams = z.strictObject({ id: z.uuid() });

/** Deciding about many signals. */
export function bulkRoutes(app: Server, parts: ServerParts): void {
  const { harvester, events, jobs } = parts;
  app.post(
    '/v1/signals/bulk',
    {
      config: { scope: 'triage' },
      schema: {
        ...about({
          id: 'changeSignals',
          tag: 'signals',
          summary: 'Decide about many signals: by id, or all that match',
          description: `With \`dryRun\` it only says how many match. Up to ${atOnce} are decided about at once, as one entry of the journal; more become a job (202) that can be followed and cancelled, with an entry for each 500.`,
          scope: 'triage',
        }),
        body: z.strictObject({
          ids: z.array(z.int().min(1)).min(1).max(10_000).optional(),
          query: z.strictObject(filterShape).optional(),
          change: changeSchema,
          dryRun: z.boolean().default(false).describe('Change nothing; say how many match'),
        }),
        response: answers({
          200: [
            'What was decided, or with dryRun how many match',
            z.union([
              z.strictObject({ dryRun: z.literal(true), matches: cappedCount }),
              z.strictObject({ dryRun: z.literal(false), outcome }),
            ]),
          ],
          202: ['The job that works it off', job],
        }),
      },
    },
    async (request, reply) => {
      const { ids, query, dryRun } = request.body;
      if ((ids === undefined) === (query === undefined)) throw oneOfBoth();
      const change = changeOf(request.body.change);
      if (dryRun) {
        const matches =
          query === undefined
            ? { count: (ids ?? []).length, capped: false }
            : await harvester.signals.count(await queryOf(query, parts));
        return { dryRun: true, matches };
      }
      const chosen = ids ?? (await harvester.signals.ids(await queryOf(query ?? {}, parts), maxSignals + 1));
      if (chosen.length > maxSignals) throw tooMany();
      const by = actorOf(request);
      const action = describeChange(change);
      const audit = (changed: number, journalId: number | null) =>
        harvester.audit.add(
          {
            action: 'signals.bulk',
            target: null,
            before: query === undefined ? { ids: chosen.slice(0, 100) } : { query: request.body.query },
            after: { change, changed, journalId },
          },
          by,
        );
      // A merge or a split is one thing, however many signals it is about.
      if (chosen.length <= atOnce || change.action === 'merge' || change.action === 'split') {
        const decided = await harvester.triage.apply(change, { ids: chosen }, by);
        if (decided.journalId !== null) {
          await audit(decided.changed.length, decided.journalId);
          const count = decided.changed.length;
          events.publish('signals.changed', {
            ids: decided.changed.slice(0, 100),
            count,
            action,
            actor: by.actor,
          });
        }
        return { dryRun: false, outcome: decided };
      }
      const started = jobs.start({
        action,
        ids: chosen,
        step: async (part) => (await harvester.triage.apply(change, { ids: part }, by)).changed.length,
        end: async (ended) => {
          events.publish('signals.changed', { ids: [], count: ended.changed, action, actor: by.actor });
          if (ended.changed > 0) await audit(ended.changed, null);
        },
      });
      if (started === null) throw tooManyJobs();
      return reply.code(202).header('Location', `/v1/jobs/${started.id}`).send(started);
    },
  );

  app.get(
    '/v1/jobs/:id',
    {
      config: { scope: 'triage' },
      schema: {
        ...about({ id: 'getJob', tag: 'signals', summary: 'How far a job is', scope: 'triage' }),
        params: jobParams,
        response: answers({ 200: ['The job', job] }),
      },
    },
    async (request) => jobs.get(request.params.id) ?? noSuchJob(request.params.id),
  );

  app.post(
    '/v1/jobs/:id/cancel',
    {
      config: { scope: 'triage' },
      schema: {
        ...about({
          id: 'cancelJob',
          tag: 'signals',
          summary: 'Stop a job',
          description: 'It ends after the part that it is at; what was decided stays, and can be taken back.',
          scope: 'triage',
        }),
        params: jobParams,
        response: answers({ 202: ['The job as it stands', job] }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const found = jobs.get(id) ?? noSuchJob(id);
      jobs.cancel(id);
      return reply.code(202).send(found);
    },
  );

  for (const direction of ['undo', 'redo'] as const) {
    app.post(
      `/v1/triage/${direction}`,
      {
        config: { scope: 'triage' },
        schema: {
          ...about({
            id: direction,
            tag: 'signals',
            summary:
              direction === 'undo'
                ? 'Take back the newest decision that stands, whoever made it'
                : 'Do again what was taken back last',
            scope: 'triage',
          }),
          response: answers({
            200: [
              'What was changed; null when there was nothing',
              z.strictObject({ outcome: outcome.nullable() }),
            ],
          }),
        },
      },
      async (request) => {
        const decided = await harvester.triage[direction]();
        if (decided !== null) {
          const by = actorOf(request);
          const { journalId, action, changed } = decided;
          const entry = { action: `triage.${direction}`, target: String(journalId), before: null };
          await harvester.audit.add({ ...entry, after: { action, changed: changed.length } }, by);
          const event = { ids: changed.slice(0, 100), count: changed.length, actor: by.actor };
          events.publish('signals.changed', { ...event, action: `${direction}: ${action}` });
        }
        return { outcome: decided };
      },
    );
  }
}

function noSuchJob(id: string): never {
  throw new Problem(404, 'no-such-job', `There is no job ${id}.`, {
    fix: 'Jobs are forgotten when the program restarts; what they decided is in the journal.',
  });
}

function oneOfBoth(): Problem {
  return new Problem(400, 'invalid-request', 'It needs ids or a query, and not both.', {
    fix: 'Send "ids": [1, 2], or "query": {} for all.',
    errors: [{ in: 'body', field: 'ids', message: 'is needed unless there is a query' }],
  });
}

function tooMany(): Problem {
  return new Problem(422, 'too-many', `More than ${maxSignals} signals match.`, {
    fix: 'Narrow the query, or decide in parts.',
  });
}

function tooManyJobs(): Problem {
  return new Problem(429, 'too-many-jobs', 'Several jobs are at work already.', {
    fix: 'Wait for one to end.',
    headers: { 'Retry-After': '5' },
  });
}
