import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signWebhook } from '../../source/notifiers/webhook.ts';
import { type Fault, type FaultProxy, faults, openFaultProxy } from '../../test/faults/fault-proxy.ts';
import { type OutsideService, outsideSecrets, outsideServices, storyOf } from '../../test/faults/outside.ts';
import { randomFrom } from '../../test/faults/random.ts';
import { createFakeSlack, type FakeSlack, fakeSlack } from '../../test/notifiers/fake-slack.ts';
import type { Handler } from '../../test/sources/loopback.ts';
import { modelServer } from './model.ts';

const webhookSecret = 's3cret';
export const secrets = {
  ...outsideSecrets,
  OPENAI_API_KEY: 'right-key',
  SLACK_BOT_TOKEN: 'xoxb-good',
  WEBHOOK_SECRET: webhookSecret,
};

/** Everything outside of the program, and a proxy before each service. */
export interface World {
  readonly services: readonly OutsideService[];
  /** Address by service: of the service itself, and of the proxy before it. */
  readonly direct: ReadonlyMap<string, string>;
  readonly faulty: ReadonlyMap<string, string>;
  readonly slack: FakeSlack;
  /** Messages that the webhook took, by their key; `forged` had a wrong signature. */
  readonly taken: { readonly key: string; readonly signal: number; readonly forged: boolean }[];
  /** Posts that were written, by service and id: the number of their story. */
  readonly written: Map<string, number>;
  publish(): void;
  quiet(): void;
  met(): ReadonlyMap<Fault, number>;
  requests(): number;
  close(): Promise<void>;
}

export async function openWorld(seed: number, share: number): Promise<World> {
  const random = randomFrom(seed);
  const services = outsideServices(Date.now);
  const slack = createFakeSlack();
  const taken: World['taken'] = [];
  const written = new Map<string, number>();
  const servers: { close(): void }[] = [];
  const direct = new Map<string, string>();
  const faulty = new Map<string, string>();
  const proxies: FaultProxy[] = [];
  const place = async (name: string, handler: Handler) => {
    const server = createServer(handler);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push({ close: () => [server.closeAllConnections(), server.close()] });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // A receiver may answer what it likes, so that another's page is taken for its answer: only https would tell.
    const among = name === 'webhook' ? faults.filter((fault) => fault !== 'foreign-page') : faults;
    const plan = { share, seed: seed + proxies.length, among, stallMs: 4_000, delayMs: 800 };
    const proxy = await openFaultProxy(url, plan);
    proxies.push(proxy);
    direct.set(name, url);
    faulty.set(name, proxy.url);
  };
  for (const { kind, handler } of services) await place(kind, handler);
  await place('model', modelServer);
  await place('slack', fakeSlack(slack));
  await place('webhook', webhook(taken));

  let stories = 0;
  const publishTo = (service: OutsideService) => {
    // A quarter says again what was said before, most of it lately and anywhere.
    const isEcho = stories > 0 && random() < 0.25;
    const number = isEcho ? Math.max(0, stories - 1 - Math.floor(random() * 50)) : stories;
    if (!isEcho) stories += 1;
    written.set(`${service.kind}/${service.publish(storyOf(number), Date.now())}`, number);
  };
  for (const service of services) publishTo(service);
  return {
    services,
    direct,
    faulty,
    slack,
    taken,
    written,
    publish: () => {
      const service = services[Math.floor(random() * services.length)];
      if (service) publishTo(service);
    },
    quiet: () => {
      for (const proxy of proxies) proxy.quiet();
    },
    met: () => {
      const sum = new Map<Fault, number>();
      for (const [fault, count] of proxies.flatMap(({ met }) => [...met]))
        sum.set(fault, (sum.get(fault) ?? 0) + count);
      return sum;
    },
    requests: () => proxies.reduce((sum, { requests }) => sum + requests, 0),
    close: async () => {
      for (const proxy of proxies) await proxy.close();
      for (const server of servers) server.close();
    },
  };
}

function webhook(taken: World['taken']): Handler {
  return async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const key = String(request.headers['webhook-id']);
    const signature = signWebhook(webhookSecret, key, String(request.headers['webhook-timestamp']), body);
    const { message } = JSON.parse(body) as { message: { signal: { id: number } } };
    taken.push({
      key,
      signal: message.signal.id,
      forged: request.headers['webhook-signature'] !== signature,
    });
    response.end('thank you for the message');
  };
}
