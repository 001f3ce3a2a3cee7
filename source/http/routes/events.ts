import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { flagsOfCaller } from '../caller-flags.ts';
import type { ServerEvent } from '../event-ring.ts';
import { about, answers, plainText } from '../operation.ts';
import { Problem } from '../problem.ts';
import type { Server, ServerParts } from '../server-parts.ts';

const beatMs = 15_000;
/** How long a stream may outlive its key. */
const lookEveryMs = 1000;
/** A client that does not read is cut off rather than kept in memory. */
const maxUnreadBytes = 1_048_576;

/** What happens, as server-sent events. */
export function eventRoutes(app: Server, parts: ServerParts): void {
  const { events, settings, draining, scrub, harvester, keys } = parts;
  const open = new Set<ServerResponse>();
  app.addHook('preClose', async () => {
    for (const response of open) response.end();
  });
  app.get(
    '/v1/events',
    {
      config: { scope: 'read' },
      preHandler: async (request) => {
        if (!(await flagsOfCaller(harvester, request)).isOn('live-events')) throw streamsAreOff();
      },
      schema: {
        ...about({
          id: 'followEvents',
          tag: 'events',
          summary: 'Server-sent events: runs, decisions, pushed posts',
          description:
            'Types: `run.started`, `run.progress`, `run.ended`, `signals.changed`, `posts.pushed`. With Last-Event-ID it goes on behind that event; the newest thousand are kept in memory. When that is not possible (a longer pause, a restart), `reset` comes first: read everything anew.',
          scope: 'read',
        }),
        headers: z.looseObject({ 'last-event-id': z.string().max(60).optional() }),
        response: answers({ 200: ['A stream that does not end', plainText, 'text/event-stream'] }),
      },
    },
    (request, reply) => {
      if (draining() || open.size >= settings.limits.eventStreams) throw tooManyStreams();
      const lastId = request.headers['last-event-id'];
      const missed = lastId === undefined || lastId === '' ? [] : events.after(lastId);
      reply.hijack();
      const response = reply.raw;
      response.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      const write = (text: string) => {
        if (response.writableLength > maxUnreadBytes) response.destroy();
        else response.write(text);
      };
      open.add(response);
      // Streams live long: neither the socket's idle limit nor that of a request is meant for them.
      request.raw.socket.setTimeout(0);
      // Whoever is cut off before all that was missed is sent goes on from where it was, not from now.
      const from = missed === null || missed.length === 0 ? events.now : lastId;
      write(`retry: 3000\nid: ${from}\nevent: ${missed === null ? 'reset' : 'ready'}\ndata: {}\n\n`);
      for (const event of missed ?? []) write(scrub(format(event)));
      const stop = events.listen((event) => write(scrub(format(event))));
      const beat = setInterval(() => write(': still here\n\n'), beatMs);
      const keyId = request.caller?.keyId ?? null;
      // A stream ends with the key that opened it; one without a key, with the first key.
      const looking = setInterval(() => {
        const allowed = keyId === null ? keys.hasKeys().then((some) => !some) : keys.stillWorks(keyId);
        // A store that cannot be read now is no reason to cut anybody off.
        allowed.then(
          (still) => still || response.end(),
          () => undefined,
        );
      }, lookEveryMs);
      response.on('close', () => {
        stop();
        clearInterval(beat);
        clearInterval(looking);
        open.delete(response);
      });
      response.on('error', () => response.destroy());
    },
  );
}

function format({ id, type, data }: ServerEvent): string {
  // JSON has no raw line breaks, so one data line carries it whole.
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function streamsAreOff(): Problem {
  return new Problem(403, 'flag-off', 'Streams of events are off for this key.', {
    fix: 'Poll instead; GET /v1/flags says who turned "live-events" off.',
  });
}

function tooManyStreams(): Problem {
  return new Problem(503, 'too-many-streams', 'No further stream of events can be opened now.', {
    fix: 'Close one, wait, or raise server.limits.eventStreams.',
    headers: { 'Retry-After': '30' },
  });
}
