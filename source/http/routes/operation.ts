import { z } from 'zod';
import { signalStatuses } from '../../domain/signal.ts';
import type { CappedCount } from '../../harvester/harvester.ts';
import { standingOf } from '../../harvester/source-state.ts';
import { about, answers, plainText } from '../operation.ts';
import { cappedCount } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const readiness = z.strictObject({
  ready: z.boolean(),
  reasons: z.array(z.string()).describe('Why not'),
  sources: z.array(z.strictObject({ name: z.string(), state: z.string(), error: z.string().nullable() })),
  keys: z
    .array(z.strictObject({ variable: z.string(), neededBy: z.string(), set: z.boolean() }))
    .describe('Environment variables that enabled sources need'),
});

const counts = z.record(z.string(), cappedCount);

/** For whoever keeps this running. */
export function operationRoutes(app: Server, parts: ServerParts): void {
  const { harvester, metrics, version, draining, overdue } = parts;

  app.get(
    '/health',
    {
      config: { scope: 'public', rateLimit: false },
      schema: {
        ...about({
          id: 'health',
          tag: 'operation',
          summary: 'Whether the process is alive',
          scope: 'public',
        }),
        response: answers({
          200: ['It is', z.strictObject({ status: z.literal('alive'), version: z.string() })],
        }),
      },
    },
    async () => ({ status: 'alive', version }),
  );

  app.get(
    '/ready',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'ready',
          tag: 'operation',
          summary: 'Whether it can do its work: store, migrations, last run, sources, keys',
          scope: 'read',
        }),
        response: answers({ 200: ['It can', readiness], 503: ['It cannot, for these reasons', readiness] }),
      },
    },
    async (_request, reply) => {
      const { storeFault, pendingMigrations, keys } = await harvester.upkeep.readiness();
      const health = await harvester.sources.list();
      const sources = health.map((source) => ({
        name: source.name,
        state: standingOf(source),
        error: source.lastError === null ? null : parts.scrub(source.lastError),
      }));
      const active = sources.filter(({ state }) => state !== 'off');
      const late = await overdue();
      const reasons = [
        ...(draining() ? ['the program is ending'] : []),
        ...(storeFault === null ? [] : ['the store cannot be written']),
        ...(pendingMigrations.length === 0
          ? []
          : [`migrations are pending: ${pendingMigrations.join(', ')}`]),
        ...(late === null ? [] : [late]),
        ...(active.length > 0 && active.every(({ state }) => state === 'failing')
          ? ['every source fails']
          : []),
      ];
      reply.code(reasons.length === 0 ? 200 : 503).header('Cache-Control', 'no-store');
      return { ready: reasons.length === 0, reasons, sources, keys };
    },
  );

  app.get(
    '/metrics',
    {
      config: { scope: 'read' },
      schema: {
        ...about({ id: 'metrics', tag: 'operation', summary: 'Figures for Prometheus', scope: 'read' }),
        response: answers({ 200: ['In the text format of Prometheus', plainText, 'text/plain'] }),
      },
    },
    async (_request, reply) => {
      const text = await metrics.registry.metrics();
      reply.serializer((each) => each as string).header('Content-Type', metrics.registry.contentType);
      return reply.send(text);
    },
  );

  app.get(
    '/openapi.json',
    { config: { scope: 'read' }, schema: { hide: true } as object },
    async (_request, reply) => {
      reply.header('Cache-Control', 'private, max-age=60');
      return app.swagger();
    },
  );

  app.get(
    '/v1/stats',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'readStats',
          tag: 'operation',
          summary: 'How much is stored, undecided and waiting',
          description: 'A count of signals stops at 10,000 and is then `capped`.',
          scope: 'read',
        }),
        response: answers({
          200: [
            'Counts',
            z.strictObject({
              posts: z.int(),
              signals: z.int(),
              byStatus: counts,
              inboxByCategory: counts,
              pending: z.strictObject({ ungrouped: z.int(), unanalyzed: z.int(), unscored: z.int() }),
            }),
          ],
        }),
      },
    },
    async () => {
      const { posts, signals } = await harvester.store.status();
      const byStatus: Record<string, CappedCount> = {};
      for (const status of signalStatuses)
        byStatus[status] = await harvester.signals.count({ statuses: [status] });
      const inboxByCategory: Record<string, CappedCount> = {};
      for (const category of parts.categories) {
        const query = { statuses: ['inbox' as const], categories: [category] };
        inboxByCategory[category] = await harvester.signals.count(query);
      }
      const { pending } = await harvester.upkeep.totals();
      return { posts, signals, byStatus, inboxByCategory, pending };
    },
  );
}
