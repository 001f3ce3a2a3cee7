import { afterEach } from 'vitest';
import { anySource, configSchema } from '../../source/config/schema.ts';
import { secretScrubber } from '../../source/config/secrets.ts';
import type { KeyScope } from '../../source/domain/access.ts';
import { categoryIds } from '../../source/domain/taxonomy.ts';
import { TimingBook } from '../../source/domain/timings.ts';
import type { Recorder } from '../../source/harvester/breadcrumbs.ts';
import { createHarvester } from '../../source/harvester/create.ts';
import type { Harvester } from '../../source/harvester/harvester.ts';
import type { ConfiguredSource } from '../../source/harvester/sources.ts';
import { uncounted } from '../../source/harvester/usage.ts';
import { Runs } from '../../source/headless/run-desk.ts';
import { EventRing } from '../../source/http/event-ring.ts';
import { createServer, type HttpServer } from '../../source/http/server.ts';
import { type Logger, openLogger } from '../../source/log.ts';
import type { Source } from '../../source/ports/source.ts';
import type { Store } from '../../source/ports/store.ts';
import { webhookKind } from '../../source/sources/webhook.ts';
import { untaughtParts } from '../harvester/untaught.ts';
import { harvestScripted, listSource, scriptedParts, syntheticPosts } from '../pipeline/scripted.ts';
import { temporaryStore } from '../store/temporary-store.ts';

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const act of undo.splice(0).reverse()) await act();
});

export const serverDefaults = configSchema(anySource).parse({}).server;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the server answered, looked into by tests
  readonly body: any;
}

export interface Served {
  readonly url: string;
  readonly server: HttpServer;
  readonly harvester: Harvester;
  readonly store: Store;
  readonly events: EventRing;
  readonly runs: Runs;
  /** Lines of the log so far. */
  readonly log: string[];
  readonly clock: { at: number };
  key(scopes: readonly KeyScope[], name?: string): Promise<string>;
  ask(method: string, path: string, options?: AskOptions): Promise<Answer>;
}

interface AskOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface ServedOptions {
  readonly posts?: number;
  readonly settings?: Partial<typeof serverDefaults>;
  readonly sources?: readonly Source[];
  readonly secrets?: Readonly<Record<string, string>>;
  /** The clock goes on by a millisecond whenever the application looks at it. */
  readonly ticking?: boolean;
  /** Count what is used. */
  readonly counting?: boolean;
  readonly recorder?: Recorder;
}

export const startOfTest = Date.UTC(2026, 10, 22, 12);

/** The real server on a real socket, over a real store that holds a few signals. */
export async function serve({
  posts = 60,
  settings,
  sources = [],
  secrets = {},
  ticking = false,
  counting = false,
  recorder,
}: ServedOptions = {}): Promise<Served> {
  const timings = new TimingBook();
  const store = await temporaryStore(undefined, undefined, { timings });
  if (posts > 0) await harvestScripted(store, [listSource('one', syntheticPosts('acme', posts))]);
  const log: string[] = [];
  const clock = { at: startOfTest };
  const scrub = secretScrubber(secrets);
  const logger = capturingLogger(log, scrub);
  const open = webhookKind.open('desk', { description: '' } as never, { inbox: store } as never);
  const configured = (source: Source): ConfiguredSource => ({
    name: source.name,
    kind: source.kind,
    enabled: true,
    target: source.name,
    open: () => source,
  });
  const harvester = createHarvester({
    ...scriptedParts(store),
    timings,
    ...untaughtParts(store),
    categories: categoryIds,
    analyst: 'ann',
    timeZone: 'UTC',
    views: [],
    clock: {
      now: () => {
        if (ticking) clock.at += 1;
        return clock.at;
      },
      sleep: async () => undefined,
    },
    store,
    logger: await logger,
    sources: [
      configured(listSource('one', syntheticPosts('acme', posts))),
      configured(open),
      ...sources.map(configured),
    ],
    openAdHoc: () => {
      throw new Error('none');
    },
    ...(counting && { usage: { ...uncounted, record: true } }),
    doctor: { configPath: null, nodeVersion: '24.0.0', keys: [], clockSkewMs: () => null },
  });
  const events = new EventRing();
  const runs = new Runs(harvester, events, await logger);
  const server = await createServer({
    harvester,
    settings: { ...serverDefaults, port: 0, ...settings },
    runs,
    events,
    logger: await logger,
    ...(recorder && { recorder }),
    version: '0.0.0-test',
    topic: 'acme',
    categories: categoryIds,
    now: () => clock.at,
    scrub,
    overdue: async () => null,
  });
  const url = await server.listen();
  undo.push(async () => {
    await runs.close();
    await server.close(1000);
  });
  let admin: string | null = null;
  const key: Served['key'] = async (scopes, name = scopes.join('-')) =>
    (await harvester.keys.create({ name, scopes, expiresAt: null }, { actor: 'cli', via: 'cli' })).token;
  const ask: Served['ask'] = async (method, path, { token, body, headers = {} } = {}) => {
    admin ??= await key(['admin'], 'boss');
    const sent = token === undefined ? admin : token;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(sent === null ? {} : { authorization: `Bearer ${sent}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    const json = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : null };
  };
  return { url, server, harvester, store, events, runs, log, clock, key, ask };
}

/** The program's own logger, its lines kept instead of written. */
async function capturingLogger(lines: string[], scrub: (line: string) => string): Promise<Logger> {
  const { logger } = await openLogger({
    level: 'debug',
    path: null,
    scrub: (line) => {
      const scrubbed = scrub(line);
      lines.push(scrubbed);
      return scrubbed;
    },
  });
  return logger;
}
