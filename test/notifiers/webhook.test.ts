import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { notifiersSchema } from '../../source/config/notify-schema.ts';
import { openNotifiers } from '../../source/notifiers/open.ts';
import { signWebhook, webhookBody } from '../../source/notifiers/webhook.ts';
import { systemClock } from '../../source/ports/clock.ts';
import { temporaryFolder } from '../store/temporary-store.ts';
import { listen } from './listen.ts';
import { outgoing, updateMessage } from './messages.ts';

const page = readFileSync(new URL('../../docs/notifiers/webhook.md', import.meta.url), 'utf8');

type IsGenuine = (secret: string, headers: Record<string, unknown>, body: string, nowMs?: number) => boolean;

/** The code of the documentation, as a reader would paste it. */
async function documented(): Promise<IsGenuine> {
  const [, code = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  const file = join(temporaryFolder(), 'verify.mjs');
  writeFileSync(file, code);
  const { isGenuine } = (await import(pathToFileURL(file).href)) as { isGenuine: IsGenuine };
  return isGenuine;
}

async function receive(
  status: number,
  headers: Record<string, string> = {},
  secret: string | null = 's3cret',
) {
  const requests: { headers: Record<string, unknown>; body: string }[] = [];
  const { url } = await listen((request, response, body) => {
    requests.push({ headers: request.headers, body });
    response.writeHead(status, headers).end('{}');
  });
  const configs = notifiersSchema.parse([{ name: 'pager', kind: 'webhook', url, timeoutMs: 500 }]);
  const secrets = secret === null ? {} : { WEBHOOK_SECRET: secret };
  const [notifier] = openNotifiers(configs, { clock: systemClock, secrets, stdout: null });
  if (notifier === undefined) throw new Error('nothing was opened');
  return { notifier, requests };
}

describe('a webhook', () => {
  test.each(['s3cret', 'whsec_c2lnbmFsLWhhcnZlc3Rlcg=='])(
    'signed with %s passes the documented check',
    async (secret) => {
      const isGenuine = await documented();
      const { notifier, requests } = await receive(204, {}, secret);
      expect(await notifier.send(outgoing())).toEqual({ receipt: { reference: outgoing().key } });
      const [request] = requests;
      if (request === undefined) throw new Error('nothing came');
      expect(isGenuine(secret, request.headers, request.body)).toBe(true);
      expect(isGenuine('another', request.headers, request.body)).toBe(false);
      expect(isGenuine(secret, request.headers, `${request.body} `)).toBe(false);
      expect(isGenuine(secret, { ...request.headers, 'webhook-id': 'other' }, request.body)).toBe(false);
      expect(isGenuine(secret, request.headers, request.body, Date.now() + 600_000)).toBe(false);
      expect(isGenuine(secret, {}, request.body)).toBe(false);
    },
  );

  test('signs as the example of Standard Webhooks', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const body = '{"test": 2432232314}';
    expect(signWebhook(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', '1614265330', body)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  test('is the same at every try but for its timestamp and signature', async () => {
    const { notifier, requests } = await receive(500);
    const message = outgoing({ message: updateMessage, thread: 'first-key' });
    await notifier.send(message);
    await notifier.send(message);
    expect(requests[0]?.body).toBe(requests[1]?.body);
    expect(requests[0]?.headers['webhook-id']).toBe(requests[1]?.headers['webhook-id']);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({ version: 1, inReplyTo: 'first-key' });
  });

  test('has no field that the documentation does not name', () => {
    const named = (value: unknown): string[] =>
      Array.isArray(value)
        ? value.flatMap(named)
        : typeof value === 'object' && value !== null
          ? Object.entries(value).flatMap(([key, each]) => [key, ...named(each)])
          : [];
    for (const each of [outgoing(), outgoing({ message: updateMessage })]) {
      for (const key of named(webhookBody(each))) expect(page).toContain(`\`${key}\``);
    }
  });

  test.each<[number, Record<string, string>, object]>([
    [429, { 'retry-after': '90' }, { policy: 'later', arrived: 'no' }],
    [503, { 'retry-after': '5' }, { policy: 'later', code: 'rate-limited' }],
    [503, {}, { policy: 'again', arrived: 'unknown' }],
    [500, {}, { policy: 'again', arrived: 'unknown' }],
    [401, {}, { policy: 'later', fix: expect.stringContaining('secret') }],
    [404, {}, { policy: 'later' }],
    [302, { location: 'http://127.0.0.1:1/' }, { policy: 'later', code: 'http-302' }],
    [400, {}, { policy: 'never', arrived: 'no' }],
    [422, {}, { policy: 'never' }],
  ])('answered with %i %j is met with %j', async (status, headers, failure) => {
    const { notifier, requests } = await receive(status, headers);
    expect(await notifier.send(outgoing())).toMatchObject({ failure });
    expect(requests).toHaveLength(1);
  });

  test('that never answers may have arrived', async () => {
    const { url } = await listen(() => undefined);
    const configs = notifiersSchema.parse([{ name: 'pager', kind: 'webhook', url, timeoutMs: 500 }]);
    const [notifier] = openNotifiers(configs, { clock: systemClock, secrets: {}, stdout: null });
    expect(await notifier?.send(outgoing())).toMatchObject({
      failure: { code: 'timeout', arrived: 'unknown' },
    });
  });
});
