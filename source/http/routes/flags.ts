import { z } from 'zod';
import { allows } from '../../domain/access.ts';
import { flagLayers, flagNames } from '../../domain/flags.ts';
import { actorOf } from '../auth.ts';
import { about, answers } from '../operation.ts';
import { Problem } from '../problem.ts';
import { component } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const state = z.string().describe('on, off, or a percentage: 25%');

const standing = component(
  'Flag',
  z.strictObject({
    name: z.string(),
    description: z.string(),
    whenOff: z.string(),
    decidedFor: z.enum(['installation', 'caller']).describe('Flags of a key count for the caller alone'),
    owner: z.string(),
    on: z.boolean().describe('For the subject'),
    state: state.describe('What the strongest layer says: on, off, or a percentage'),
    from: z.enum(flagLayers).describe('That layer'),
    place: z
      .int()
      .min(0)
      .max(9999)
      .describe('Where the subject stands in a rollout: below the share, it is on'),
    layers: z.strictObject(Object.fromEntries(flagLayers.map((layer) => [layer, z.string().nullable()]))),
  }),
);

const subject = z.strictObject({
  kind: z.enum(['install', 'key', 'other']),
  id: z.string().describe('Of the key, or of the installation'),
});

const flagParams = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(60)
    .describe(`One of ${flagNames.join(', ')}`),
});

const change = z.strictObject({
  flag: standing.describe('As it stands for this installation now'),
  ineffective: z.string().nullable().describe('Why the change has no effect; null when it has'),
});

/** Feature flags. */
export function flagRoutes(app: Server, { harvester }: ServerParts): void {
  app.get(
    '/v1/flags',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'listFlags',
          tag: 'flags',
          summary: 'What is on for the key that asks, and why',
          description: 'With the scope `admin`, `subject` asks for another key, or any other word.',
          scope: 'read',
        }),
        querystring: z.strictObject({
          subject: z.string().min(1).max(60).optional().describe('Id of a key; needs the scope admin'),
        }),
        response: answers({
          200: ['Every flag', z.strictObject({ subject, flags: z.array(standing) })],
        }),
      },
    },
    async (request, reply) => {
      const { caller } = request;
      const asked = request.query.subject;
      if (asked !== undefined && asked !== caller?.keyId && !allows(caller?.scopes ?? [], 'admin')) {
        throw new Problem(403, 'scope-missing', 'Flags of others need a key with the scope "admin".', {
          fix: 'Leave "subject" out to see your own.',
        });
      }
      reply.header('Cache-Control', 'no-store');
      return harvester.flags.list(asked ?? caller?.keyId ?? undefined);
    },
  );

  app.put(
    '/v1/flags/:name',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'setFlag',
          tag: 'flags',
          summary: 'Set a flag in the store',
          description: 'The environment, keys and the configuration come before it; `ineffective` says so.',
          scope: 'admin',
        }),
        params: flagParams,
        body: z.strictObject({ state: state.min(1).max(10) }),
        response: answers({ 200: ['The flag', change] }),
      },
    },
    (request) => harvester.flags.set(request.params.name, request.body.state, actorOf(request)),
  );

  app.delete(
    '/v1/flags/:name',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({ id: 'unsetFlag', tag: 'flags', summary: 'Take back what was set', scope: 'admin' }),
        params: flagParams,
        response: answers({ 200: ['The flag', change] }),
      },
    },
    (request) => harvester.flags.unset(request.params.name, actorOf(request)),
  );
}
