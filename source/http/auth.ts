import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, allows, type KeyScope } from '../domain/access.ts';
import { FailedKeys } from './failed-keys.ts';
import type { KeyDirectory, TokenVerdict } from './key-directory.ts';
import { isLoopback, namesLoopback } from './loopback.ts';
import type { HttpParts } from './parts.ts';
import { Problem } from './problem.ts';

/** Who asks. */
export interface Caller {
  /** Id of the key; null without one. */
  readonly keyId: string | null;
  /** The actor of what is decided. */
  readonly name: string;
  readonly scopes: readonly KeyScope[];
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** What a route asks for; `public` lets everybody in. A route that says nothing asks for `admin`. */
    scope?: KeyScope | 'public';
  }
}

/**
 * Refuses whoever may not do what a route does, before anything of the request
 * but its headers is read.
 */
export function guardRoutes(app: FastifyInstance, parts: HttpParts, keys: KeyDirectory): void {
  const failed = new FailedKeys(parts.settings.limits.failedKeysPerMinute, parts.now);
  app.decorateRequest('caller', null);
  // Called back, and at once where nothing must be read: promises would cost more than the key does.
  app.addHook('onRequest', (request, reply, done) => {
    // What an address can do, or that there is none, is told to whoever may read.
    const asks = request.is404 || request.method === 'OPTIONS';
    const scope = asks ? 'read' : (request.routeOptions.config?.scope ?? 'admin');
    if (scope === 'public') return done();
    const admit = (caller: Caller | Refused): Problem | undefined => {
      if ('fault' in caller) {
        const waitSeconds = failed.add(request.ip);
        if (waitSeconds !== null) return tooManyFailures(waitSeconds);
        return refusal(reply, caller.fault, request.url.startsWith('/docs'));
      }
      request.caller = caller;
      return allows(caller.scopes, scope) ? undefined : scopeMissing(scope);
    };
    let caller: ReturnType<typeof identify>;
    try {
      caller = identify(request, tokenOf(request), parts, keys);
    } catch (error) {
      // Thrown past a hook that is called back, it would end the process.
      return done(error as Error);
    }
    if (caller instanceof Promise) caller.then((known) => done(admit(known)), done);
    else done(admit(caller));
  });
}

/** Who decides, for the journal and the audit trail. */
export function actorOf(request: FastifyRequest): Actor {
  return {
    actor: request.caller?.name ?? 'anonymous',
    via: 'api',
    address: request.ip.slice(0, 60),
    requestId: request.id,
  };
}

type Fault = 'none' | 'unknown' | 'revoked' | 'expired';

interface Refused {
  readonly fault: Fault;
}

function identify(
  request: FastifyRequest,
  token: string | null,
  { settings }: HttpParts,
  keys: KeyDirectory,
): Caller | Refused | Promise<Caller | Refused> {
  if (token !== null) {
    const verdict = keys.verdictOn(token);
    return verdict instanceof Promise ? verdict.then(callerOf) : callerOf(verdict);
  }
  if (!settings.allowWithoutKey || !isLocal(request, settings.host)) return { fault: 'none' };
  return keys.hasKeys().then((some) => (some ? { fault: 'none' } : anonymous));
}

const anonymous: Caller = { keyId: null, name: 'anonymous', scopes: ['admin'] };

function callerOf(verdict: TokenVerdict): Caller | Refused {
  if (verdict.fault !== null) return { fault: verdict.fault };
  return { keyId: verdict.key.id, name: verdict.key.name, scopes: verdict.key.scopes };
}

/** From this machine and nobody else: not through a proxy, and not by a page that a browser shows. */
function isLocal({ headers, socket }: FastifyRequest, host: string): boolean {
  const forwarded = ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via', 'x-real-ip'];
  if (!isLoopback(host) || !isLoopback(socket.remoteAddress ?? '')) return false;
  if (forwarded.some((name) => headers[name] !== undefined) || !namesLoopback(headers.host)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return headers.origin === undefined || namesLoopback(headers.origin.replace(/^https?:\/\//, ''));
}

/** A key as a bearer token, or as the password of Basic (feed readers, browsers) where nothing is changed. */
function tokenOf({ headers, method }: FastifyRequest): string | null {
  const [scheme = '', value = ''] = (headers.authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() === 'basic' && (method === 'GET' || method === 'HEAD')) {
    return Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':');
  }
  return scheme === '' ? null : '';
}

function refusal(reply: FastifyReply, fault: Fault, browser: boolean): Problem {
  // A page that a person opens asks for the key; anything else should not make a browser ask.
  reply.header(
    'WWW-Authenticate',
    browser ? 'Basic realm="signal-harvester"' : 'Bearer realm="signal-harvester"',
  );
  const fix = 'Send "Authorization: Bearer KEY"; "signal-harvester keys create" makes a key.';
  switch (fault) {
    case 'none':
      return new Problem(401, 'key-missing', 'This needs a key.', { fix });
    case 'unknown':
      return new Problem(401, 'key-unknown', 'There is no such key.', { fix });
    case 'revoked':
      return new Problem(401, 'key-revoked', 'This key was revoked.', { fix });
    case 'expired':
      return new Problem(401, 'key-expired', 'This key has expired.', { fix });
  }
}

function scopeMissing(scope: KeyScope): Problem {
  return new Problem(403, 'scope-missing', `This needs a key with the scope "${scope}".`, {
    fix: `Use another key, or create one with "signal-harvester keys create --scope ${scope}".`,
  });
}

function tooManyFailures(waitSeconds: number): Problem {
  return new Problem(429, 'too-many-failures', 'Too many requests from here came without a key that works.', {
    fix: `Wait ${waitSeconds} seconds, and send a key that works.`,
    headers: { 'Retry-After': String(waitSeconds) },
  });
}
