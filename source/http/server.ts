import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyError, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { RunProgress } from '../domain/run.ts';
import { UsageMeter } from '../harvester/usage-meter.ts';
import { AnsweredRequests, clientLeft } from './answered-requests.ts';
import { guardRoutes } from './auth.ts';
import { limitConnections } from './connection-limit.ts';
import { TaggedAnswers } from './etag.ts';
import { refuseGarbage } from './garbage.ts';
import { Jobs } from './jobs.ts';
import { KeyDirectory } from './key-directory.ts';
import { KnownMethods } from './methods.ts';
import { Metrics } from './metrics.ts';
import { describeRoutes, serveDocs } from './openapi.ts';
import type { HttpParts } from './parts.ts';
import { Problem, problemBody, problemOf } from './problem.ts';
import { failure, invalidRequest, noSuchMethod, noSuchRoute } from './request-problems.ts';
import { routes } from './routes.ts';
import { secureHeaders } from './secure-headers.ts';
import type { Server, ServerParts } from './server-parts.ts';
import { refuseUnknownFields } from './unknown-fields.ts';

/** How often Node looks for requests that take too long to arrive. */
const checkConnectionsMs = 1000;
const keepAliveMs = 10_000;
const closeIdleMs = 100;
/** Asked every few seconds: they would push out every other breadcrumb. */
const instruments = new Set(['/health', '/ready', '/metrics']);
const maxParamLength = 200;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer may quote what a service said: known secrets are taken out of it. */
    scrub?: boolean;
  }
}

export interface HttpServer {
  readonly app: Server;
  readonly metrics: Metrics;
  /** Listens; resolves with the address that people can use. */
  listen(): Promise<string>;
  /** From now on new work is refused and /ready says so. */
  drain(): void;
  /** Lets requests in flight end within `withinMs`, then cuts what is left. */
  close(withinMs: number): Promise<void>;
}

/** The HTTP server, with every route, not listening yet. */
export async function createServer(parts: HttpParts): Promise<HttpServer> {
  const { settings, logger, scrub, recorder } = parts;
  const { limits } = settings;
  const keys = new KeyDirectory(parts.harvester.keys, parts.now);
  const metrics = new Metrics(parts.harvester, parts.now);
  const jobs = new Jobs(parts.now);
  const usage = new UsageMeter((counts) => parts.harvester.usage.record(counts), parts.now);
  const safe = secureHeaders();
  const answered = new AnsweredRequests({ logger, metrics, usage });
  let draining = false;
  const serverParts: ServerParts = {
    ...parts,
    keys,
    metrics,
    jobs,
    usage,
    tagged: new TaggedAnswers(parts),
    draining: () => draining,
  };

  const unlisten = parts.events.listen(({ type, data }) => {
    if (type === 'run.progress' || type === 'run.ended') metrics.watchRun(data as RunProgress, parts.now());
    if (type === 'run.ended') metrics.countRun(data as RunProgress);
  });

  const app = fastify({
    loggerInstance: logger,
    // One for each request, with its id, would be made and not used: what is logged here names the id itself.
    childLoggerFactory: (parent) => parent,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.requestTimeoutMs * 2,
    keepAliveTimeout: keepAliveMs,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    trustProxy: settings.trustProxy.length === 0 ? false : [...settings.trustProxy],
    routerOptions: { maxParamLength, ignoreTrailingSlash: false, caseSensitive: true },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    genReqId: (request) => requestIdOf(request.headers['x-request-id'], scrub),
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: Math.min(limits.requestTimeoutMs, 15_000),
      connectionsCheckingInterval: checkConnectionsMs,
      requireHostHeader: true,
    },
    frameworkErrors: (error, request, reply) => answerError(error, request, reply as unknown as FastifyReply),
    clientErrorHandler: (error, socket) => refuseGarbage(error, socket as Socket),
  }) as unknown as Server;
  const methods = new KnownMethods(app as never);
  limitConnections(app.server, limits.connections);
  app.server.maxRequestsPerSocket = 10_000;

  app.setValidatorCompiler(validatorCompiler);
  // Answers are made from the domain's own types; the tests hold every one of them against the document.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));

  function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const problem = problemOf(error) ?? invalidRequest(error) ?? failure();
    if (problem.status >= 500 && problem.code === 'internal') {
      recorder?.capture(error, 'request');
      logger.error({ err: error, requestId: request.id, route: request.routeOptions?.url }, 'request failed');
    }
    return sendProblem(request, reply, problem);
  }

  function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
    return reply
      .code(problem.status)
      .headers(safe)
      .headers(problem.headers)
      .header('X-Request-Id', request.id)
      .header('Cache-Control', 'no-store')
      .type('application/problem+json')
      .serializer((body) => JSON.stringify(body))
      .send(problemBody(problem, request.id, scrub));
  }

  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply));
  const tell = (request: FastifyRequest, reply: FastifyReply, status: number) =>
    answered.add({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status,
      ms: reply.elapsedTime,
      key: request.caller?.keyId ?? null,
      actor: request.caller?.name ?? null,
      address: request.ip,
    });
  // Hooks that wait for nothing are called back: a promise for each would cost more than they do.
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(safe).header('X-Request-Id', request.id);
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) tell(request, reply, clientLeft);
    });
    if (draining) reply.header('Connection', 'close');
    // The route, not the address, for the reason that the log has.
    const route = request.routeOptions.url ?? 'none';
    if (!instruments.has(route)) recorder?.crumb('request', `${request.method} ${route}`);
    if (request.url.length <= limits.urlBytes) return done();
    done(
      new Problem(414, 'address-too-long', 'The address is longer than this server reads.', {
        fix: `Keep it below ${limits.urlBytes} bytes.`,
      }),
    );
  });
  app.addHook('onSend', (request, _reply, payload, done) =>
    done(
      null,
      request.routeOptions.config?.scrub === true && typeof payload === 'string' ? scrub(payload) : payload,
    ),
  );
  app.addHook('onResponse', (request, reply, done) => {
    tell(request, reply, reply.statusCode);
    done();
  });

  await app.register(cors, {
    origin:
      settings.corsOrigins.length === 0
        ? false
        : settings.corsOrigins.map((origin) => new URL(origin).origin),
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-None-Match', 'Last-Event-ID'],
    exposedHeaders: ['ETag', 'Link', 'Location', 'X-Request-Id', 'Retry-After'],
    credentials: false,
    maxAge: 600,
  });
  guardRoutes(app as never, parts, keys);
  await app.register(rateLimit, {
    max: limits.requestsPerMinute,
    timeWindow: 60_000,
    cache: 10_000,
    enableDraftSpec: true,
    keyGenerator: (request) => request.caller?.keyId ?? request.ip,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.max(1, Math.ceil(ttl / 1000));
      return new Problem(429, 'too-many-requests', 'This key sends too many requests.', {
        fix: `Wait ${seconds} seconds; server.limits.requestsPerMinute is the limit.`,
        headers: { 'Retry-After': String(seconds) },
      });
    },
  });
  await describeRoutes(app as never, parts.version);
  refuseUnknownFields(app as never);
  for (const add of routes) add(app, serverParts);
  await serveDocs(app as never);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const allowed = methods.of(path);
    if (allowed.length === 0) return sendProblem(request, reply, noSuchRoute(request.method, path));
    if (request.method === 'OPTIONS') return reply.code(204).header('Allow', allowed.join(', ')).send();
    return sendProblem(request, reply, noSuchMethod(request.method, path, allowed));
  });
  await app.ready();

  return {
    app,
    metrics,
    listen: () =>
      app.listen({
        host: settings.host,
        port: settings.port,
        listenTextResolver: (address) => `server at ${address}`,
      }),
    drain: () => {
      draining = true;
    },
    close: async (withinMs) => {
      draining = true;
      const cut = setTimeout(() => app.server.closeAllConnections(), withinMs);
      // A connection that becomes idle once its last answer is sent would be waited for until its keep-alive ends.
      const idle = setInterval(() => app.server.closeIdleConnections(), closeIdleMs);
      try {
        await Promise.all([app.close(), jobs.close()]);
      } finally {
        clearTimeout(cut);
        clearInterval(idle);
        unlisten();
        answered.tell();
        await keys.close();
        await usage.flush();
      }
    },
  };
}

/** The caller's own id, so that its logs and ours can be told together; never one that is a secret. */
function requestIdOf(given: unknown, scrub: (text: string) => string): string {
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) && scrub(given) === given
    ? given
    : randomUUID();
}
