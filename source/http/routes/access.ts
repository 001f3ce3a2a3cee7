import { z } from 'zod';
import { keyScopes } from '../../domain/access.ts';
import { actorOf } from '../auth.ts';
import { about, answers } from '../operation.ts';
import { idField } from '../query.ts';
import { apiKey, auditEntry, issuedKey } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const keyParams = z.strictObject({ id: z.string().regex(/^[a-z0-9]{4,20}$/) });
const msPerMinute = 60_000;
const msPerDay = 86_400_000;

/** Keys, and who did what. */
export function accessRoutes(app: Server, { harvester, keys, now }: ServerParts): void {
  app.get(
    '/v1/keys',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'listKeys',
          tag: 'access',
          summary: 'Keys, newest first; never their tokens',
          scope: 'admin',
        }),
        response: answers({ 200: ['All keys', z.strictObject({ keys: z.array(apiKey) })] }),
      },
    },
    async () => {
      await keys.flush();
      return { keys: await harvester.keys.list() };
    },
  );

  app.post(
    '/v1/keys',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'createKey',
          tag: 'access',
          summary: 'Make a key',
          description: 'The token is in the answer and nowhere else.',
          scope: 'admin',
        }),
        body: z.strictObject({
          name: z.string().min(1).max(60).describe('Who will act with it: the actor of decisions'),
          scopes: z.array(z.enum(keyScopes)).min(1).max(4),
          expiresInDays: z.number().min(0.001).max(36_500).optional().describe('Never when absent'),
        }),
        response: answers({ 201: ['The key and its token', issuedKey] }),
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresInDays } = request.body;
      const expiresAt = expiresInDays === undefined ? null : Math.round(now() + expiresInDays * msPerDay);
      const issued = await harvester.keys.create({ name, scopes, expiresAt }, actorOf(request));
      keys.forget();
      return reply.code(201).header('Cache-Control', 'no-store').send(issued);
    },
  );

  app.post(
    '/v1/keys/:id/rotate',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'rotateKey',
          tag: 'access',
          summary: 'Replace a key by a new one',
          description: 'The old one goes on working for the overlap.',
          scope: 'admin',
        }),
        params: keyParams,
        body: z.strictObject({
          overlapMinutes: z.number().min(0).max(525_600).default(60),
        }),
        response: answers({ 201: ['The new key and its token', issuedKey] }),
      },
    },
    async (request, reply) => {
      const overlapMs = Math.round(request.body.overlapMinutes * msPerMinute);
      const issued = await harvester.keys.rotate(request.params.id, overlapMs, actorOf(request));
      keys.forget();
      return reply.code(201).header('Cache-Control', 'no-store').send(issued);
    },
  );

  app.delete(
    '/v1/keys/:id',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({ id: 'revokeKey', tag: 'access', summary: 'End a key now', scope: 'admin' }),
        params: keyParams,
        response: answers({ 200: ['The key, revoked', apiKey] }),
      },
    },
    async (request) => {
      const revoked = await harvester.keys.revoke(request.params.id, actorOf(request));
      keys.forget();
      return revoked;
    },
  );

  app.get(
    '/v1/audit',
    {
      config: { scope: 'admin', scrub: true },
      schema: {
        ...about({ id: 'listAudit', tag: 'access', summary: 'Who did what, newest first', scope: 'admin' }),
        querystring: z.strictObject({
          limit: z.coerce.number().int().min(1).max(500).default(100),
          before: idField.optional().describe('Entries before the one with this id'),
          actor: z.string().min(1).max(60).optional(),
          action: z.string().min(1).max(60).optional(),
        }),
        response: answers({ 200: ['A page of entries', z.strictObject({ entries: z.array(auditEntry) })] }),
      },
    },
    async (request) => {
      const { limit, before, actor, action } = request.query;
      const entries = await harvester.audit.list({
        limit,
        ...(before === undefined ? {} : { before }),
        ...(actor === undefined ? {} : { actor }),
        ...(action === undefined ? {} : { action }),
      });
      return { entries };
    },
  );
}
