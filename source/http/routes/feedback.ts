import { z } from 'zod';
import { type Diagnostics, diagnosticsSchema, moods, mostFeedbackCharacters } from '../../domain/feedback.ts';
import { exportFeedback } from '../../harvester/feedback-export.ts';
import { actorOf } from '../auth.ts';
import { about, answers, plainText } from '../operation.ts';
import { Problem } from '../problem.ts';
import { idField } from '../query.ts';
import { time } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const mostListed = 200;
const id = z.int().min(1);

const feedback = z.strictObject({
  id,
  at: time,
  text: z.string(),
  mood: z.enum(moods),
  via: z.enum(['tui', 'cli', 'api']),
  actor: z.string(),
  screen: z.string().nullable(),
  version: z.string(),
  diagnostics: diagnosticsSchema.nullable(),
});

/** What people say of the program. Whoever may read may speak; only an administrator reads what others said. */
export function feedbackRoutes(app: Server, { harvester, version }: ServerParts): void {
  app.post(
    '/v1/feedback',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'sendFeedback',
          tag: 'operation',
          summary: 'Say what you think of the program',
          description:
            'It is kept in the store. Diagnostics are kept only when they are sent along: get them from GET /v1/feedback/diagnostics, show them, and send them back as they are if the person agrees.',
          scope: 'read',
        }),
        body: z.strictObject({
          text: z.string().min(1).max(mostFeedbackCharacters),
          mood: z.enum(moods).default('neutral'),
          screen: z.string().min(1).max(60).nullable().default(null).describe('Where in your program'),
          version: z.string().min(1).max(60).optional().describe('Of your program; ours when absent'),
          diagnostics: diagnosticsSchema.nullable().default(null),
        }),
        response: answers({ 201: ['What was kept', feedback] }),
      },
    },
    async (request, reply) => {
      const { version: theirs = version, ...given } = request.body;
      const by = actorOf(request);
      const kept = await harvester.feedback.send(
        { ...given, version: theirs, diagnostics: given.diagnostics as Diagnostics | null },
        { via: 'api', actor: by.actor },
      );
      const after = { mood: kept.mood, characters: kept.text.length, diagnostics: kept.diagnostics !== null };
      await harvester.audit.add(
        { action: 'feedback.send', target: String(kept.id), before: null, after },
        by,
      );
      return reply.code(201).send(kept);
    },
  );

  app.get(
    '/v1/feedback/diagnostics',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'getDiagnostics',
          tag: 'operation',
          summary: 'What could be added to feedback: no post, no search, no address, no path, no name',
          scope: 'read',
        }),
        response: answers({ 200: ['The bundle; nothing is kept of it', diagnosticsSchema] }),
      },
    },
    async () => harvester.feedback.diagnostics(null),
  );

  app.get(
    '/v1/feedback',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'listFeedback',
          tag: 'operation',
          summary: 'What was said of the program, newest first',
          scope: 'admin',
        }),
        querystring: z.strictObject({
          limit: z.coerce.number().int().min(1).max(mostListed).default(50),
          before: idField.optional().describe('Older than the one with this id'),
        }),
        response: answers({
          200: [
            'A page',
            z.strictObject({
              feedback: z.array(feedback),
              next: id.nullable().describe('`before` of the next page; null when there is none'),
            }),
          ],
        }),
      },
    },
    async (request) => {
      const { limit, before } = request.query;
      const all = await harvester.feedback.list({
        limit: limit + 1,
        ...(before === undefined ? {} : { before }),
      });
      const page = all.slice(0, limit);
      return { feedback: page, next: all.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/v1/feedback.csv',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'exportFeedback',
          tag: 'operation',
          summary: 'All feedback as CSV, safe for a spreadsheet',
          scope: 'admin',
        }),
        response: answers({ 200: ['One record each', plainText, 'text/csv'] }),
      },
    },
    async (_request, reply) => {
      const pieces: string[] = [];
      for await (const piece of exportFeedback(harvester.feedback, 'csv')) pieces.push(piece);
      return reply
        .type('text/csv; charset=utf-8')
        .serializer((body: unknown) => String(body))
        .send(pieces.join(''));
    },
  );

  app.get(
    '/v1/feedback/:id',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({ id: 'getFeedback', tag: 'operation', summary: 'One piece of feedback', scope: 'admin' }),
        params: z.strictObject({ id: idField }),
        response: answers({ 200: ['With its diagnostics', feedback] }),
      },
    },
    async (request) => (await harvester.feedback.get(request.params.id)) ?? missing(request.params.id),
  );

  app.delete(
    '/v1/feedback/:id',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'removeFeedback',
          tag: 'operation',
          summary: 'Remove a piece of feedback, and the messages about it',
          scope: 'admin',
        }),
        params: z.strictObject({ id: idField }),
        response: answers({ 200: ['What was removed', feedback] }),
      },
    },
    async (request) => {
      const target = request.params.id;
      const before = (await harvester.feedback.get(target)) ?? missing(target);
      await harvester.feedback.remove([target]);
      const entry = { action: 'feedback.remove', target: String(target), after: null };
      // The trail outlasts what is removed, so it does not repeat it.
      await harvester.audit.add({ ...entry, before: { mood: before.mood, at: before.at } }, actorOf(request));
      return before;
    },
  );
}

function missing(target: number): never {
  throw new Problem(404, 'no-such-feedback', `There is no feedback ${target}.`, {
    fix: 'GET /v1/feedback lists what there is.',
  });
}
