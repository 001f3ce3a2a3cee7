import { z } from 'zod';
import { deliveryKinds, deliveryStates } from '../../domain/delivery.ts';
import { actorOf } from '../auth.ts';
import { about, answers } from '../operation.ts';
import { idField, listOf } from '../query.ts';
import { time } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

// A record with an enumeration for its keys says that they are required, and not what they are.
const count = z.int().min(0);
const countOfEach = Object.fromEntries(deliveryStates.map((state) => [state, count])) as Record<
  (typeof deliveryStates)[number],
  typeof count
>;

const text = z.string();

const delivery = z.strictObject({
  id: z.int(),
  key: text.describe('Sent along, so that the same message is known again'),
  kind: z.enum(deliveryKinds),
  signalId: z.int().nullable(),
  notifier: text,
  rule: text,
  reason: text,
  state: z.enum(deliveryStates),
  attempts: z.int().min(0),
  createdAt: time,
  nextAttemptAt: time,
  sentAt: time.nullable(),
  reference: text.nullable(),
  lastError: text.nullable(),
  tries: z.array(z.strictObject({ at: time, endedAt: time.nullable(), answer: text.nullable() })),
});

/** The ledger of what was told. */
export function deliveryRoutes(app: Server, { harvester }: ServerParts): void {
  app.get(
    '/v1/deliveries',
    {
      config: { scope: 'read', scrub: true },
      schema: {
        ...about({
          id: 'listDeliveries',
          tag: 'operation',
          summary: 'Messages to notifiers, newest first, and how many there are of each state',
          scope: 'read',
        }),
        querystring: z.strictObject({
          state: listOf(deliveryStates, 'Only these states').optional(),
          signal: idField.optional().describe('Only those about this signal'),
          limit: z.coerce.number().int().min(1).max(200).default(50),
          before: idField.optional().describe('Deliveries before the one with this id'),
        }),
        response: answers({
          200: [
            'A page of the ledger',
            z.strictObject({
              deliveries: z.array(delivery),
              counts: z.strictObject(countOfEach),
            }),
          ],
        }),
      },
    },
    async (request) => {
      const { state, signal, limit, before } = request.query;
      const entries = await harvester.notifications.list({
        limit,
        ...(state === undefined ? {} : { states: state }),
        ...(signal === undefined ? {} : { signalId: signal }),
        ...(before === undefined ? {} : { before }),
      });
      return { deliveries: entries.map(shown), counts: await harvester.notifications.counts() };
    },
  );

  app.post(
    '/v1/deliveries/retry',
    {
      config: { scope: 'run' },
      schema: {
        ...about({
          id: 'retryDeliveries',
          tag: 'operation',
          summary: 'Make failed and given-up deliveries due at once',
          description: 'The next run sends them.',
          scope: 'run',
        }),
        body: z.strictObject({
          ids: z.array(z.int().min(1)).min(1).max(1000).optional().describe('All of them when absent'),
        }),
        response: answers({ 200: ['How many are due', z.strictObject({ due: z.int().min(0) })] }),
      },
    },
    async (request) => {
      const due = await harvester.notifications.retry(request.body.ids ?? null);
      const entry = { action: 'deliveries.retry', target: null, before: null };
      await harvester.audit.add(
        { ...entry, after: { ids: request.body.ids ?? null, due } },
        actorOf(request),
      );
      return { due };
    },
  );
}

type Entries = Awaited<ReturnType<ServerParts['harvester']['notifications']['list']>>;

/** Field by field: what a later version of the ledger adds does not slip out unseen. */
function shown(entry: Entries[number]) {
  const { id: number, key, kind, signalId, notifier, rule, reason, state } = entry;
  const { attempts, createdAt, nextAttemptAt, sentAt, reference, lastError, tries } = entry;
  return {
    ...{ id: number, key, kind, signalId, notifier, rule, reason, state, attempts, createdAt },
    ...{ nextAttemptAt, sentAt, reference, lastError },
    tries: tries.map(({ at, endedAt, answer }) => ({ at, endedAt, answer })),
  };
}
