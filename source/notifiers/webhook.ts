import { createHmac } from 'node:crypto';
import type { NotifierKind } from '../config/notify-schema.ts';
import { cleanText } from '../domain/clean.ts';
import { subjectOf, textOf } from '../domain/message-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notifier, Outgoing } from '../ports/notifier.ts';
import { postJson } from './post-json.ts';

interface WebhookTools {
  /** Null signs nothing. */
  readonly secret: string | null;
  readonly clock: Clock;
}

/** Version of the form of the body, see docs/notifiers/webhook.md. */
const schemaVersion = 1;

/**
 * Signed JSON for a program of one's own. Headers and signature are those of
 * Standard Webhooks (https://www.standardwebhooks.com), so that its libraries
 * verify them. The id is the same at every try: a receiver that remembers it
 * takes every message once.
 */
export function createWebhookNotifier(
  { name, kind, url, timeoutMs }: NotifierKind<'webhook'>,
  { secret, clock }: WebhookTools,
): Notifier {
  const where = new URL(url).host;
  return {
    name,
    kind,
    threads: true,
    timeoutMs,
    pauseMs: 0,
    send: async (outgoing) => {
      const now = clock.now();
      // Posts were cleaned when they came in; what leaves is held to it.
      const body = JSON.stringify(webhookBody(outgoing), (_key, value: unknown) =>
        typeof value === 'string' ? cleanText(value) : value,
      );
      const timestamp = String(Math.floor(now / 1_000));
      const signed =
        secret === null ? {} : { 'webhook-signature': signWebhook(secret, outgoing.key, timestamp, body) };
      const headers = { 'webhook-id': outgoing.key, 'webhook-timestamp': timestamp, ...signed };
      const result = await postJson({ url, body, headers, timeoutMs, where, now });
      return 'failure' in result ? { failure: result.failure } : { receipt: { reference: outgoing.key } };
    },
    check: async () =>
      secret === null
        ? {
            state: 'warning',
            finding: `${where}: messages are not signed`,
            fix: 'Set WEBHOOK_SECRET in the environment, and verify signatures at the receiver.',
          }
        : { state: 'ok', finding: `${where}, signed; only a message would tell whether it works`, fix: null },
  };
}

/** The body, without what differs between two tries. Its type is documented in docs/notifiers/webhook.md. */
export function webhookBody({ key, message, thread, createdAt }: Outgoing): Record<string, unknown> {
  return {
    version: schemaVersion,
    id: key,
    createdAt: new Date(createdAt).toISOString(),
    inReplyTo: thread,
    subject: subjectOf(message),
    text: textOf(message),
    message,
  };
}

/** `v1,` and the HMAC-SHA256 of "id.timestamp.body" in base64; the key is what stands behind `whsec_`, decoded, or else the secret itself. */
export function signWebhook(secret: string, id: string, timestamp: string, body: string): string {
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice(6), 'base64')
    : Buffer.from(secret, 'utf8');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
