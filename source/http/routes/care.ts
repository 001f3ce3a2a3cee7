import { z } from 'zod';
import { type SnapshotInfo, snapshotReasons } from '../../domain/snapshot.ts';
import type { SnapshotPlan } from '../../harvester/retention.ts';
import { actorOf } from '../auth.ts';
import { about, answers } from '../operation.ts';
import { Problem } from '../problem.ts';
import { time } from '../schemas.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const text = z.string();
const count = z.int().min(0);

const snapshot = z.strictObject({
  id: text,
  createdAt: time,
  sequence: z.int(),
  bytes: count,
  files: count,
  tags: z.array(text),
  verified: z.boolean(),
  damaged: z.boolean(),
  reason: z.enum(snapshotReasons).nullable(),
  rows: z.record(z.string(), count).describe('Rows by table'),
  schemaVersion: text.nullable(),
  programVersion: text.nullable(),
  parent: text.nullable(),
  verifiedAt: time.nullable(),
  problem: text.nullable(),
});

const snapshotPlan = z.strictObject({
  policy: z.record(z.string(), z.unknown()),
  decisions: z.array(z.strictObject({ id: text, keep: z.boolean(), reasons: z.array(text) })),
  removing: count,
  bytesBefore: count,
  bytesAfter: count,
  refusal: text.nullable().describe('Why it will not be done'),
});

const signalPlan = z.strictObject({
  rules: z.array(
    z.strictObject({
      rule: z.strictObject({
        statuses: z.array(text),
        categories: z.array(text),
        sources: z.array(text),
        olderThanDays: z.number(),
      }),
      signals: count,
    }),
  ),
  signals: count,
});

const removal = z.strictObject({
  snapshots: z.strictObject({ removed: z.array(text) }).nullable(),
  signals: z
    .strictObject({
      signals: count,
      posts: count,
      bytesBefore: count,
      bytesAfter: count,
      bytesReusable: count,
      snapshot: text.nullable(),
      longestBatchMs: z.number(),
      interrupted: z.boolean(),
    })
    .nullable(),
});

/** Snapshots, and how long they and signals stay. Restoring is left to the command line, which has the store to itself. */
export function careRoutes(app: Server, { harvester }: ServerParts): void {
  let busy = false;
  /** One at a time: each reads and writes a copy of the whole store. */
  const alone = async <Result>(act: () => Promise<Result>): Promise<Result> => {
    if (busy) throw inProgress();
    busy = true;
    try {
      return await act();
    } finally {
      busy = false;
    }
  };

  app.get(
    '/v1/snapshots',
    {
      config: { scope: 'read', scrub: true },
      schema: {
        ...about({
          id: 'listSnapshots',
          tag: 'operation',
          summary: 'Snapshots, newest first',
          scope: 'read',
        }),
        response: answers({ 200: ['All of them', z.strictObject({ snapshots: z.array(snapshot) })] }),
      },
    },
    async () => ({ snapshots: (await harvester.snapshots.list()).map(shown) }),
  );

  app.post(
    '/v1/snapshots',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'createSnapshot',
          tag: 'operation',
          summary: 'Make a snapshot',
          description: 'The answer comes when it is made and verified: seconds for a large store.',
          scope: 'admin',
        }),
        body: z.strictObject({ tags: z.array(z.string().min(1).max(60)).max(20).default([]) }),
        response: answers({ 201: ['The snapshot', snapshot] }),
      },
    },
    async (request, reply) => {
      const made = await alone(() => harvester.snapshots.create({ tags: request.body.tags }));
      const entry = { action: 'snapshots.create', target: made.snapshot.id, before: null };
      await harvester.audit.add({ ...entry, after: { tags: request.body.tags } }, actorOf(request));
      return reply.code(201).send(shown(made.snapshot));
    },
  );

  app.get(
    '/v1/retention/plan',
    {
      config: { scope: 'read' },
      schema: {
        ...about({
          id: 'planRetention',
          tag: 'operation',
          summary: 'What the policies of the configuration would remove',
          scope: 'read',
        }),
        response: answers({
          200: [
            'The plan; nothing is changed',
            z.strictObject({ snapshots: snapshotPlan, signals: signalPlan }),
          ],
        }),
      },
    },
    async () => {
      const plan = await harvester.retention.plan(await harvester.retention.policy());
      return { snapshots: shownPlan(plan), signals: await harvester.retention.planSignals() };
    },
  );

  app.post(
    '/v1/retention/apply',
    {
      config: { scope: 'admin' },
      schema: {
        ...about({
          id: 'applyRetention',
          tag: 'operation',
          summary: 'Remove what the plan names',
          description:
            'Snapshots that stay are verified first; before signals go, a snapshot is made, unless the configuration wants none.',
          scope: 'admin',
        }),
        body: z.strictObject({
          what: z
            .array(z.enum(['snapshots', 'signals']))
            .min(1)
            .max(2),
          force: z.literal(true).describe('Nothing is removed without it'),
        }),
        response: answers({ 200: ['What was removed', removal] }),
      },
    },
    async (request) => {
      const { what } = request.body;
      const { retention, audit } = harvester;
      const { signals, applied } = await alone(async () => ({
        signals: what.includes('signals') ? await retention.applySignals({ compact: false }) : null,
        applied: what.includes('snapshots') ? await retention.apply(await retention.policy()) : null,
      }));
      const after = { signals: signals?.signals ?? null, snapshots: applied?.removed ?? null };
      await audit.add({ action: 'retention.apply', target: null, before: null, after }, actorOf(request));
      return { signals, snapshots: applied === null ? null : { removed: applied.removed } };
    },
  );
}

function inProgress(): Problem {
  return new Problem(409, 'care-in-progress', 'A snapshot is being made, or retention applied.', {
    fix: 'Wait for it to end.',
  });
}

/** Where it lies on the disk is nobody's business here. */
function shown(info: SnapshotInfo) {
  const { id, createdAt, sequence, bytes, files, tags, verified, damaged } = info;
  const { reason, rows, schemaVersion, programVersion, parent, verifiedAt, problem } = info;
  return {
    ...{ id, createdAt, sequence, bytes, files, tags, verified, damaged },
    ...{ reason, rows, schemaVersion, programVersion, parent, verifiedAt, problem },
  };
}

function shownPlan({ policy, decisions, removing, bytesBefore, bytesAfter, refusal }: SnapshotPlan) {
  return {
    policy,
    decisions: decisions.map(({ snapshot: { id }, keep, reasons }) => ({ id, keep, reasons })),
    removing,
    bytesBefore,
    bytesAfter,
    refusal,
  };
}
