import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { openStore } from '../../source/store/store.ts';
import { harvestScripted, listSource, syntheticPosts } from '../pipeline/scripted.ts';
import { createFakeSlack, fakeSlack } from './fake-slack.ts';

const child = fileURLToPath(new URL('kill-child.ts', import.meta.url));
/** Longer than any lease: a process that starts after a kill finds it over. */
const stepMs = 10 * 60_000;

export interface KillTally {
  readonly deliveries: number;
  readonly kills: number;
  /** Signals of which nobody was told. */
  readonly lost: number;
  /** Messages beyond the first of a signal, as a person sees them. */
  readonly doubled: number;
  /** The same, for a receiver that remembers the ids of what it has taken. */
  readonly doubledById: number;
  /** Kills that fell between the service's taking a message and the ledger's knowing it. */
  readonly inWindow: number;
  readonly breaches: readonly string[];
}

/**
 * Tells `deliveries` signals to a real server on loopback, killing the sender
 * `kills` times at random moments, and counts what arrived.
 */
export async function killSenders(
  folder: string,
  kind: 'slack' | 'webhook',
  { deliveries, kills }: { readonly deliveries: number; readonly kills: number },
): Promise<KillTally> {
  let aheadMs = 0;
  // One time for all: the service's clock goes with the senders'.
  const slack = createFakeSlack(() => Date.now() + aheadMs);
  const taken: { id: string; signal: number }[] = [];
  const server = createServer((request, response) => {
    if (kind === 'slack') return fakeSlack(slack)(request, response);
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { message } = JSON.parse(Buffer.concat(parts).toString('utf8'));
      taken.push({ id: String(request.headers['webhook-id']), signal: message.signal.id });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config =
    kind === 'slack'
      ? { name: 'team', kind, channel: 'C0ALERTS00', baseUrl: `${url}/api/`, pauseMs: 0, timeoutMs: 5_000 }
      : { name: 'team', kind, url, timeoutMs: 5_000 };
  let killed = 0;
  let round = 0;
  let total = 0;
  const told: { store: number; signal: number; id: string }[] = [];
  const drain = () => {
    for (const { metadata, body } of slack.messages.splice(0)) {
      const signal = Number(/show (\d+)/.exec(JSON.stringify(body))?.[1]);
      told.push({ store: round, signal, id: String(metadata.event_payload.delivery) });
    }
    for (const { id, signal } of taken.splice(0)) told.push({ store: round, signal, id });
  };
  let inWindow = 0;
  try {
    // A killed sender leaves less to do for the next; when everything is told, the next store begins.
    while (killed < kills) {
      round += 1;
      const path = `${folder}/kill-${kind}-${round}.db`;
      const store = await openStore(path);
      await harvestScripted(store, [
        listSource('one', syntheticPosts('alpha', deliveries, deliveries + 1), 200),
      ]);
      for (let done = false; !done; aheadMs += stepMs) {
        const killAfterMs = killed < kills ? Math.random() * 120 : null;
        done = !(await runChild(path, config, aheadMs, killAfterMs));
        if (!done) {
          killed += 1;
          const arrived = kind === 'slack' ? slack.messages.length : new Set(taken.map(({ id }) => id)).size;
          const { sent } = await store.countDeliveries();
          if (arrived > sent) inWindow += 1;
        }
      }
      await store.close();
      total += deliveries;
      drain();
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
  const signals = new Set(told.map((each) => `${each.store}/${each.signal}`));
  const ids = new Map(told.map((each) => [each.id, `${each.store}/${each.signal}`]));
  return {
    deliveries: total,
    kills: killed,
    lost: total - signals.size,
    doubled: told.length - signals.size,
    doubledById: ids.size - signals.size,
    inWindow,
    breaches: slack.breaches,
  };
}

/** Several senders at once on one store; how many messages arrived, and about how many signals. */
export async function raceSenders(
  folder: string,
  { deliveries, senders }: { readonly deliveries: number; readonly senders: number },
): Promise<{ readonly messages: number; readonly signals: number }> {
  const signals: number[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      signals.push(JSON.parse(Buffer.concat(parts).toString('utf8')).message.signal.id);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const path = `${folder}/race.db`;
  const store = await openStore(path);
  await harvestScripted(store, [listSource('one', syntheticPosts('alpha', deliveries, deliveries + 1), 200)]);
  await store.close();
  try {
    const config = { name: 'team', kind: 'webhook', url };
    await Promise.all(Array.from({ length: senders }, () => runChild(path, config, 0, null)));
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return { messages: signals.length, signals: new Set(signals).size };
}

/** True when it was killed. */
function runChild(
  path: string,
  config: object,
  aheadMs: number,
  killAfterMs: number | null,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const args = [child, path, JSON.stringify(config), String(aheadMs)];
    const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let timer: NodeJS.Timeout | undefined;
    running.stdout.once('data', () => {
      if (killAfterMs !== null) timer = setTimeout(() => running.kill('SIGKILL'), killAfterMs);
    });
    running.on('error', reject);
    running.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') resolve(true);
      else if (code === 0) resolve(false);
      else reject(new Error(`the sender ended with ${code ?? signal}`));
    });
  });
}
