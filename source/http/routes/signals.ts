import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf } from '../auth.ts';
import { changesOf, patchSchema } from '../change.ts';
import { jsonType } from '../etag.ts';
import { about, answers, empty } from '../operation.ts';
import { Problem } from '../problem.ts';
import {
  cursorField,
  filterShape,
  idField,
  listOf,
  orderField,
  pageLimit,
  queryOf,
  readCursor,
  writeCursor,
} from '../query.ts';
import { outcome, signalDetail, signalFields, signalPage, topList } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const idParams = z.strictObject({ id: idField });
const notModified = ['Not changed since the ETag that was sent', empty] as const;

/** Reading signals, and deciding about one. */
export function signalRoutes(app: Server, parts: ServerParts): void {
  const { harvester, events, tagged } = parts;
  app.get(
    '/v1/signals',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'listSignals',
          tag: 'signals',
          summary: 'Signals that match filters, page by page',
          description:
            'The header Link names the next page. With `fields`, only those are in the answer. ETag and If-None-Match save the transfer: what only time changes (a salience, what a span such as `since=24h` leaves out) is at most a minute old in a 304.',
          scope: 'read',
        }),
        querystring: z.strictObject({
          ...filterShape,
          order: orderField,
          limit: pageLimit,
          cursor: cursorField,
          fields: listOf(signalFields, 'Only these fields').optional(),
        }),
        response: answers({ 200: ['A page of signals', signalPage], 304: notModified }),
      },
    },
    async (request, reply) => {
      const { limit, cursor, fields } = request.query;
      const query = await queryOf(request.query, parts);
      const after = cursor === undefined ? undefined : readCursor(cursor, query);
      return tagged.send(request, reply, async () => {
        const page = await harvester.signals.page({
          ...query,
          limit,
          ...(after === undefined ? {} : { after }),
        });
        const { hasMore, searching, capped } = page;
        const next = hasMore && page.last !== null ? writeCursor(page.last, query) : null;
        linkPages(request, reply, next);
        const signals = fields === undefined ? page.rows : page.rows.map((row) => pick(row, fields));
        const text = JSON.stringify({ signals, hasMore, next, searching, capped });
        return { text, type: jsonType, complete: !searching };
      });
    },
  );

  app.get(
    '/v1/signals/:id',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'getSignal',
          tag: 'signals',
          summary: 'One signal with its posts, factors, notes and journal',
          scope: 'read',
        }),
        params: idParams,
        response: answers({ 200: ['The signal', signalDetail], 304: notModified }),
      },
    },
    async (request, reply) =>
      tagged.send(request, reply, async () => {
        const signal = await harvester.signals.get(request.params.id);
        if (signal === null) throw noSuchSignal(request.params.id);
        return { text: JSON.stringify(signal), type: jsonType };
      }),
  );

  app.patch(
    '/v1/signals/:id',
    {
      config: { scope: 'triage' },
      schema: {
        ...about({
          id: 'patchSignal',
          tag: 'signals',
          summary: 'Decide about one signal',
          description:
            'Each kind of field is a decision of its own in the journal, in the name of the key, and can be taken back.',
          scope: 'triage',
        }),
        params: idParams,
        body: patchSchema,
        response: answers({
          200: [
            'The signal as it is now, and what was decided',
            z.strictObject({ signal: signalDetail, outcomes: z.array(outcome) }),
          ],
        }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const before = await harvester.signals.get(id);
      if (before === null) throw noSuchSignal(id);
      const by = actorOf(request);
      const outcomes = [];
      for (const change of changesOf(request.body)) {
        outcomes.push(await harvester.triage.apply(change, { ids: [id] }, by));
      }
      const signal = await harvester.signals.get(id);
      if (signal === null) throw noSuchSignal(id);
      const changed = outcomes.filter(({ journalId }) => journalId !== null);
      if (changed.length > 0) {
        const entry = { action: 'signals.patch', target: String(id) };
        await harvester.audit.add({ ...entry, before: decided(before), after: decided(signal) }, by);
        const action = changed.map((each) => each.action).join(', ');
        events.publish('signals.changed', { ids: [id], count: 1, action, actor: by.actor });
      }
      return { signal, outcomes };
    },
  );

  app.get(
    '/v1/top',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'listTop',
          tag: 'signals',
          summary: 'What deserves attention now: the most salient of inbox and escalated',
          scope: 'read',
        }),
        querystring: z.strictObject({ limit: pageLimit }),
        response: answers({ 200: ['Highest salience first', topList], 304: notModified }),
      },
    },
    async (request, reply) =>
      tagged.send(request, reply, async () => {
        const { rows } = await harvester.signals.page({
          statuses: ['inbox', 'escalated'],
          limit: request.query.limit,
        });
        return { text: JSON.stringify({ signals: rows }), type: jsonType };
      }),
  );
}

export function noSuchSignal(id: number): Problem {
  return new Problem(404, 'no-such-signal', `There is no signal ${id}.`, {
    fix: 'Look for its id in GET /v1/signals; a signal that was merged away lives on in another.',
  });
}

/** What of a signal a person decides: the before and after of the audit trail. */
function decided(signal: {
  readonly status: string;
  readonly assignee: string | null;
  readonly tags: readonly string[];
  readonly category: string | null;
  readonly sentiment: string | null;
  readonly urgency: number | null;
  readonly snooze: unknown;
  readonly notes: readonly unknown[];
}) {
  const { status, assignee, tags, category, sentiment, urgency, snooze, notes } = signal;
  return { status, assignee, tags, category, sentiment, urgency, snooze, notes: notes.length };
}

function pick<Row extends object>(row: Row, fields: readonly (keyof Row)[]): Partial<Row> {
  const picked: Partial<Row> = {};
  for (const field of fields) picked[field] = row[field];
  return picked;
}

/** RFC 8288: the pages beside this one, with the same filters. */
function linkPages(request: FastifyRequest, reply: FastifyReply, next: string | null): void {
  const [path = '', search = ''] = request.url.split('?', 2);
  const filters = search === '' ? '' : withoutCursor(search);
  const first = `<${path}${filters === '' ? '' : `?${filters}`}>; rel="first"`;
  const rest = `<${path}?${filters === '' ? '' : `${filters}&`}cursor=${next}>; rel="next"`;
  reply.header('Link', next === null ? first : `${first}, ${rest}`);
}

function withoutCursor(search: string): string {
  const parameters = new URLSearchParams(search);
  parameters.delete('cursor');
  return parameters.toString();
}
