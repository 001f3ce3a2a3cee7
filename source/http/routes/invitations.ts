import { z } from 'zod';
import { keyScopes } from '../../domain/access.ts';
import { flagNames } from '../../domain/flags.ts';
import { invitationStatuses } from '../../domain/invitation.ts';
import { UserError } from '../../errors.ts';
import { actorOf } from '../auth.ts';
import { FailedKeys } from '../failed-keys.ts';
import { about, answers } from '../operation.ts';
import { Problem } from '../problem.ts';
import { component, issuedKey, keyFlags, time } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const msPerDay = 86_400_000;
const largestBody = 1024;
const usualDays = 14;
const usualKeyDays = 90;

const invitation = component(
  'Invitation',
  z.strictObject({
    id: z.string().describe('The part of the code that may be seen'),
    note: z.string(),
    scopes: z.array(z.enum(keyScopes)),
    flags: keyFlags,
    keyLifeMs: z.int().describe('How long the key works, from redeeming'),
    createdAt: time,
    createdBy: z.string(),
    expiresAt: time.describe('The code cannot be redeemed from then on'),
    redeemedAt: time.nullable(),
    revokedAt: time.nullable(),
    keyId: z.string().nullable().describe('The key that it became'),
    status: z.enum(invitationStatuses),
  }),
);

const counts = z.strictObject(
  Object.fromEntries(invitationStatuses.map((status) => [status, z.int().min(0)])),
);

/** One-time codes that become keys. */
export function invitationRoutes(app: Server, { harvester, keys, settings, now }: ServerParts): void {
  const failed = new FailedKeys(settings.limits.failedKeysPerMinute, now);

  app.post(
    '/v1/invitations/redeem',
    {
      config: { scope: 'public' },
      // Read without a key: a code is all that it may hold.
      bodyLimit: largestBody,
      schema: {
        ...about({
          id: 'redeemInvitation',
          tag: 'access',
          summary: 'Make the code of an invitation a key, once',
          description:
            'The token is in the answer and nowhere else. A refusal does not say whether there is such an invitation; an address that fails too often has to wait.',
          scope: 'public',
        }),
        body: z.strictObject({ code: z.string().min(1).max(120) }),
        response: answers({ 201: ['The key and its token', issuedKey] }),
      },
    },
    async (request, reply) => {
      // Unlike a key, a code is used once in its life: nobody is kept from their work by waiting.
      const waitSeconds = failed.waitSeconds(request.ip);
      if (waitSeconds !== null) throw tooManyCodes(waitSeconds);
      try {
        const issued = await harvester.invitations.redeem(request.body.code, actorOf(request));
        keys.forget();
        return reply.code(201).header('Cache-Control', 'no-store').send(issued);
      } catch (error) {
        if (error instanceof UserError && error.code.startsWith('invitation-')) {
          const wait = failed.add(request.ip);
          if (wait !== null) throw tooManyCodes(wait);
        }
        throw error;
      }
    },
  );

  app.get(
    '/v1/invitations',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'listInvitations',
          tag: 'access',
          summary: 'Invitations, newest first, and how many have which status; never their codes',
          scope: 'admin',
        }),
        response: answers({
          200: ['All invitations', z.strictObject({ invitations: z.array(invitation), counts })],
        }),
      },
    },
    () => harvester.invitations.list(),
  );

  app.post(
    '/v1/invitations',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'createInvitation',
          tag: 'access',
          summary: 'Invite somebody',
          description: 'The code is in the answer and nowhere else.',
          scope: 'admin',
        }),
        body: z.strictObject({
          scopes: z.array(z.enum(keyScopes)).min(1).max(4).describe('What the key may do'),
          flags: z
            .partialRecord(z.enum(flagNames), z.enum(['on', 'off']))
            .default({})
            .describe('Flags of the key'),
          note: z.string().max(200).default('').describe('What it is for; no names, no addresses'),
          expiresInDays: z.number().min(0.001).max(3650).default(usualDays).describe('Of the code'),
          keyDays: z.number().min(0.001).max(36_500).default(usualKeyDays).describe('How long the key works'),
        }),
        response: answers({
          201: [
            'The invitation and its code',
            z.strictObject({
              invitation,
              code: z.string(),
              ineffective: z.array(z.string()).describe('Flags of it that have no effect: runs are for all'),
            }),
          ],
        }),
      },
    },
    async (request, reply) => {
      const { scopes, flags, note, expiresInDays, keyDays } = request.body;
      const issued = await harvester.invitations.create(
        {
          scopes,
          flags: flags as Readonly<Record<string, string>>,
          note,
          keyLifeMs: Math.round(keyDays * msPerDay),
          expiresAt: Math.round(now() + expiresInDays * msPerDay),
        },
        actorOf(request),
      );
      return reply.code(201).header('Cache-Control', 'no-store').send(issued);
    },
  );

  app.delete(
    '/v1/invitations/:id',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'revokeInvitation',
          tag: 'access',
          summary: 'End a code, or the key that it became',
          scope: 'admin',
        }),
        params: z.strictObject({ id: z.string().regex(/^[0-9A-Za-z]{4,20}$/) }),
        response: answers({
          200: [
            'The invitation, revoked, and the keys that ended with it',
            z.strictObject({ invitation, keys: z.array(z.string()) }),
          ],
        }),
      },
    },
    async (request) => {
      const revoked = await harvester.invitations.revoke(request.params.id, actorOf(request));
      keys.forget();
      return revoked;
    },
  );
}

function tooManyCodes(waitSeconds: number): Problem {
  return new Problem(429, 'too-many-codes', 'Too many codes from here could not be redeemed.', {
    fix: `Wait ${waitSeconds} seconds, and send the code as it was given to you.`,
    headers: { 'Retry-After': String(waitSeconds) },
  });
}
