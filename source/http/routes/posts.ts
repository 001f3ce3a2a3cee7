import { createHash } from 'node:crypto';
import { z } from 'zod';
import { draftPost } from '../../domain/post.ts';
import { actorOf } from '../auth.ts';
import { about, answers } from '../operation.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const count = z.int().min(0).max(1_000_000_000).default(0);
const link = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .nullable()
  .default(null);
const words = (max: number) => z.string().max(max).nullable().default(null);

const pushedPost = z
  .strictObject({
    id: z
      .string()
      .min(1)
      .max(500)
      .describe('Unique within the source; a post that comes again is known by it'),
    text: z.string().max(100_000).default(''),
    title: words(2000),
    author: words(200),
    url: link.describe('Where a person reads it'),
    link: link.describe('The page that it is about'),
    lang: z
      .string()
      .regex(/^[a-zA-Z]{2,3}(?:-[A-Za-z0-9-]{1,20})?$/)
      .nullable()
      .default(null),
    createdAt: z
      .int()
      .min(0)
      .max(8_640_000_000_000_000)
      .nullable()
      .default(null)
      .describe('Milliseconds since 1970, UTC; now when absent'),
    likes: count,
    reposts: count,
    replies: count,
    quotes: count,
  })
  .refine(({ text, title }) => text !== '' || (title ?? '') !== '', 'a text or a title');

/** Posts that are pushed in. */
export function postRoutes(app: Server, { harvester, runs, events }: ServerParts): void {
  app.post(
    '/v1/posts',
    {
      config: { scope: 'run' },
      schema: {
        ...about({
          id: 'pushPosts',
          tag: 'posts',
          summary: 'Push posts into a source of kind webhook',
          description:
            'Answered when the posts are in the store; a run takes them from there soon. With an Idempotency-Key, sending the same again within 24 hours changes nothing and is answered alike.',
          scope: 'run',
        }),
        headers: z.looseObject({
          'idempotency-key': z
            .string()
            .min(1)
            .max(255)
            .regex(/^[\x21-\x7e]+$/)
            .optional(),
        }),
        body: z.strictObject({
          source: z.string().min(1).max(60).describe('Name of the source'),
          posts: z.array(pushedPost).min(1).max(1000),
        }),
        response: answers({
          202: [
            'The posts wait for the next run',
            z.strictObject({
              source: z.string(),
              accepted: z.int().min(0),
              replayed: z
                .boolean()
                .describe('Sent before under the same Idempotency-Key: nothing was done again'),
            }),
          ],
        }),
      },
    },
    async (request, reply) => {
      const { source, posts } = request.body;
      const by = actorOf(request);
      const key = request.headers['idempotency-key'];
      const drafts = posts.map(({ id, likes, reposts, replies, quotes, ...post }) =>
        draftPost({ ...post, externalId: id, engagement: { likes, reposts, replies, quotes } }),
      );
      const receipt = await harvester.posts.push({
        source,
        posts: drafts,
        idempotency:
          key === undefined
            ? null
            : {
                actor: by.actor,
                key,
                request: createHash('sha256').update(JSON.stringify(request.body)).digest('hex'),
              },
      });
      if (!receipt.replayed) {
        const entry = { action: 'posts.push', target: source, before: null };
        await harvester.audit.add({ ...entry, after: { accepted: receipt.accepted } }, by);
        events.publish('posts.pushed', { source, accepted: receipt.accepted, actor: by.actor });
        runs.startSoon([source]);
      }
      return reply.code(202).send(receipt);
    },
  );
}
