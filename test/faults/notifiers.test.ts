import { describe, expect, onTestFinished, test } from 'vitest';
import { notifiersSchema } from '../../source/config/notify-schema.ts';
import { openNotifiers } from '../../source/notifiers/open.ts';
import { systemClock } from '../../source/ports/clock.ts';
import type { SendFailure } from '../../source/ports/notifier.ts';
import { createFakeSlack, fakeSlack } from '../notifiers/fake-slack.ts';
import { listen } from '../notifiers/listen.ts';
import { outgoing } from '../notifiers/messages.ts';
import { type Fault, faults, openFaultProxy } from './fault-proxy.ts';

/** Faults before which the service never heard of the request. */
const unheard: readonly Fault[] = ['drop', 'server-error', 'foreign-page', 'rate-limit'];
/** A receiver may answer what it likes: that this is another's answer, only https would tell. */
const told = { slack: faults, webhook: faults.filter((fault) => fault !== 'foreign-page') };

/** A notifier behind a proxy, and the keys of the messages that arrived. */
async function sceneOf(kind: 'slack' | 'webhook', timeoutMs: number) {
  const slack = createFakeSlack();
  const keys: string[] = [];
  const { url } = await listen((request, response, body) => {
    keys.push(String(request.headers['webhook-id']));
    response.end(`took ${body.length} bytes`);
  });
  const slackAt = await listen(fakeSlack(slack));
  const proxy = await openFaultProxy(kind === 'slack' ? slackAt.url : url, { stallMs: 3_000 });
  onTestFinished(() => proxy.close());
  const place =
    kind === 'slack'
      ? { channel: 'C0ALERTS00', baseUrl: `${proxy.url}/api/`, pauseMs: 0 }
      : { url: proxy.url };
  const [notifier] = openNotifiers(notifiersSchema.parse([{ name: 'team', kind, timeoutMs, ...place }]), {
    clock: systemClock,
    secrets: { SLACK_BOT_TOKEN: 'xoxb-good', WEBHOOK_SECRET: 's3cret' },
    stdout: null,
  });
  if (notifier === undefined) throw new Error('nothing was opened');
  const arrived = () =>
    kind === 'slack' ? slack.messages.map(({ metadata }) => metadata.event_payload.delivery) : keys;
  return { notifier, proxy, arrived };
}

describe.each(['slack', 'webhook'] as const)('%s behind a network that fails', (kind) => {
  test.each(told[kind])(
    '%s: the outcome says honestly whether the message may have arrived',
    async (fault) => {
      const { notifier, proxy, arrived } = await sceneOf(
        kind,
        fault === 'stall' || fault === 'drip' ? 700 : 10_000,
      );
      const message = outgoing();
      proxy.next.push(fault);
      const outcome = await notifier.send(message);
      const isHeard = !unheard.includes(fault);
      expect(arrived()).toEqual(isHeard ? [message.key] : []);
      if ('receipt' in outcome) return expect(isHeard).toBe(true);
      const failure: SendFailure = outcome.failure;
      // Never "no" of a message that is there, and never given up for what a network does.
      if (isHeard) expect(failure.arrived).toBe('unknown');
      expect(failure.policy).toMatch(/^(?:again|later)$/);
      expect(failure.message).toMatch(/^[A-Z0-9].*\.$/);

      const found = (await notifier.find?.(message)) ?? 'cannot-tell';
      if (kind === 'slack') expect(typeof found === 'object').toBe(isHeard);
      if (typeof found === 'string') expect(await notifier.send(message)).toHaveProperty('receipt');
      // Slack shows it once; a webhook gets the same key again, by which it knows the message.
      expect(new Set(arrived())).toEqual(new Set([message.key]));
      if (kind === 'slack') expect(arrived()).toHaveLength(1);
    },
  );
});

test.each(faults)('slack: %s while it looks for a message is no reason to send that again', async (fault) => {
  const { notifier, proxy, arrived } = await sceneOf('slack', 700);
  const message = outgoing();
  proxy.next.push('lost', fault);
  expect(await notifier.send(message)).toMatchObject({ failure: { arrived: 'unknown' } });
  const found = await notifier.find?.(message);
  if (fault === 'delay') return expect(found).toHaveProperty('receipt');
  expect(found).toMatchObject({
    failure: { arrived: 'unknown', policy: expect.stringMatching(/again|later/) },
  });
  expect(await notifier.find?.(message)).toHaveProperty('receipt');
  expect(arrived()).toEqual([message.key]);
});
