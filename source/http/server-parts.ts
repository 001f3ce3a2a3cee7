import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { UsageMeter } from '../harvester/usage-meter.ts';
import type { TaggedAnswers } from './etag.ts';
import type { Jobs } from './jobs.ts';
import type { KeyDirectory } from './key-directory.ts';
import type { Metrics } from './metrics.ts';
import type { HttpParts } from './parts.ts';

/** Fastify with zod schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes are given. */
export interface ServerParts extends HttpParts {
  readonly keys: KeyDirectory;
  readonly jobs: Jobs;
  readonly metrics: Metrics;
  readonly tagged: TaggedAnswers;
  /** Counts requests by route. */
  readonly usage: UsageMeter;
  /** True once the server has been asked to end. */
  draining(): boolean;
}
