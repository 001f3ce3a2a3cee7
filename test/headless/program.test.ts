import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { makeWorkplace, type Workplace } from '../cli/program.ts';

const children: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const demo = `
store: { path: signals.sqlite }
server: { port: 0 }
schedule: { every: 1h, jitterSeconds: 0 }
sources:
  - { name: sample, kind: demo }
`;

interface Started {
  readonly child: ChildProcessWithoutNullStreams;
  readonly url: string;
  readonly lines: Record<string, unknown>[];
  /** Resolves with the first line whose message this is. */
  line(message: string): Promise<Record<string, unknown>>;
}

async function startHeadless(place: Workplace, env: Record<string, string> = {}): Promise<Started> {
  const child = place.start(['--headless'], env);
  children.push(child);
  const lines: Record<string, unknown>[] = [];
  const waiting: (() => void)[] = [];
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    const whole = text.split('\n');
    text = whole.pop() ?? '';
    for (const each of whole) lines.push(JSON.parse(each));
    for (const wake of waiting.splice(0)) wake();
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`ended with ${code}`);
  });
  died.catch(() => undefined);
  const line = async (message: string) => {
    for (;;) {
      const found = lines.find(({ msg }) => msg === message);
      if (found !== undefined) return found;
      await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), died]);
    }
  };
  const { address } = await line('listening');
  return { child, url: String(address), lines, line };
}

async function makeKey(place: Workplace, scope: string): Promise<string> {
  const { stdout } = await place.run(['keys', 'create', '--name', `test-${scope}`, '--scope', scope]);
  return stdout.trim();
}

describe('signal-harvester --headless', () => {
  test('harvests on its schedule, answers, and logs JSON with request and run ids', async () => {
    const place = makeWorkplace({ 'config.yaml': demo });
    const token = await makeKey(place, 'read');
    const { url, line, lines, child } = await startHeadless(place);
    expect(await line('run ended')).toMatchObject({ run: 1, state: 'done' });
    const response = await fetch(`${url}/v1/top?limit=3`, {
      headers: { authorization: `Bearer ${token}`, 'x-request-id': 'mine-1' },
    });
    expect((await response.json()) as object).toMatchObject({ signals: [{}, {}, {}] });
    await line('request');
    expect(lines.find((each) => each.requestId === 'mine-1')).toMatchObject({
      route: '/v1/top',
      status: 200,
      actor: 'test-read',
    });
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(lines.at(-1)?.msg).toBe('ended');
    const { stdout } = await place.run(['keys', 'list', '--json']);
    expect(JSON.parse(stdout).keys[0].lastUsedAt).toBeGreaterThan(0);
  });

  test('refuses to listen to others without a key', async () => {
    const place = makeWorkplace({ 'config.yaml': demo });
    const { code, stderr } = await place.run(['--headless'], {
      env: { SIGNAL_HARVESTER_SERVER__HOST: '0.0.0.0' },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('There is no API key, so the server does not listen on 0.0.0.0.');
    await makeKey(place, 'read');
    const { child } = await startHeadless(place, { SIGNAL_HARVESTER_SERVER__HOST: '0.0.0.0' });
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  test('says when its port is taken, and that it goes with no command', async () => {
    const place = makeWorkplace({ 'config.yaml': demo });
    const { url } = await startHeadless(place);
    const again = await place.run(['--headless'], {
      env: { SIGNAL_HARVESTER_SERVER__PORT: new URL(url).port },
    });
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('another program listens there')]);
    expect((await place.run(['list', '--headless'])).code).toBe(2);
  });

  test('ends what is in flight when it is asked to end under load, and exits with 0', async () => {
    const place = makeWorkplace({ 'config.yaml': demo });
    const token = await makeKey(place, 'read');
    const { url, line, child } = await startHeadless(place, {
      SIGNAL_HARVESTER_SERVER__LIMITS__REQUESTS_PER_MINUTE: '1000000',
    });
    await line('run ended');
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const results: { sentAt: number; outcome: number | string }[] = [];
    let stopped = false;
    const ask = () =>
      new Promise<void>((resolve) => {
        const entry = { sentAt: Number.POSITIVE_INFINITY, outcome: 'none' as number | string };
        results.push(entry);
        const done = (outcome: number | string) => {
          entry.outcome = outcome;
          resolve();
        };
        const sent = get(
          `${url}/v1/signals?limit=200`,
          { agent, headers: { authorization: `Bearer ${token}` } },
          (response) => {
            // Headers that have come mean that the request was in flight.
            entry.sentAt = performance.now();
            response.resume();
            response.on('end', () => done(response.complete ? (response.statusCode ?? 0) : 'cut'));
            response.on('error', () => done('cut'));
          },
        );
        sent.on('error', (error) => done(error.message));
      });
    const lanes = Array.from({ length: 16 }, async () => {
      while (!stopped) await ask();
    });
    await new Promise((resolve) => setTimeout(resolve, 700));
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    stopped = true;
    await Promise.all(lanes);
    agent.destroy();
    expect(code).toBe(0);
    expect(results.filter(({ outcome }) => outcome === 200).length).toBeGreaterThan(50);
    // Whatever began to be answered was answered whole.
    expect(
      results.filter(({ sentAt, outcome }) => sentAt < Number.POSITIVE_INFINITY && outcome === 'cut'),
    ).toEqual([]);
    expect(new Set(results.map(({ outcome }) => outcome)).has(500)).toBe(false);
  });

  test('and `run` do not work on one store at once: the second says so and ends with 5', async () => {
    const place = makeWorkplace({
      'config.yaml': `${demo}  - name: slow
    kind: command
    command: [${JSON.stringify(process.execPath)}, -e, "setTimeout(() => {}, 60000)"]
`,
    });
    const { line, child } = await startHeadless(place);
    await line('run started');
    const second = await place.run(['run']);
    expect([second.code, second.stderr]).toEqual([
      5,
      expect.stringContaining(`Another run is in progress (process ${child.pid}, since`),
    ]);
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
    const list = await place.run(['run', '--source', 'sample']);
    expect(list.code).toBe(0);
  });
});

describe('signal-harvester keys', () => {
  test('prints a token alone on stdout, and revokes with --force only', async () => {
    const place = makeWorkplace({ 'config.yaml': demo });
    const created = await place.run([
      'keys',
      'create',
      '--name',
      'grafana',
      '--scope',
      'read,run',
      '--days',
      '30',
    ]);
    expect(created.stdout).toMatch(/^shk_[a-z2-7]{8}_[\w-]{43}\n$/);
    expect(created.stderr).toContain('shown this once');
    const id = created.stdout.slice(4, 12);
    const plan = await place.run(['keys', 'revoke', id]);
    expect([plan.code, plan.stdout]).toEqual([
      2,
      expect.stringContaining(`Plan: End the key ${id} (grafana: read, run) now`),
    ]);
    const rotated = await place.run(['keys', 'rotate', id, '--json']);
    expect(JSON.parse(rotated.stdout).key.name).toBe('grafana');
    expect((await place.run(['keys', 'revoke', id, '--force'])).stdout).toBe(`Revoked ${id} (grafana).\n`);
    const listed = await place.run(['keys', 'list']);
    expect(listed.stdout).toContain(`${id}\tgrafana\tread,run\trevoked`);
    expect(listed.stdout + listed.stderr).not.toContain(created.stdout.trim().slice(13));
    expect((await place.run(['keys', 'create', '--name', 'x', '--scope', 'root'])).code).toBe(2);
  });
});
