import { describe, expect, test } from 'vitest';
import { notifiersSchema } from '../../source/config/notify-schema.ts';
import { openNotifiers } from '../../source/notifiers/open.ts';
import { systemClock } from '../../source/ports/clock.ts';
import { createFakeSlack, type FakeSlack, fakeSlack, type Trouble } from './fake-slack.ts';
import { listen } from './listen.ts';
import { outgoing, signalMessage, updateMessage } from './messages.ts';

async function open(world: FakeSlack, channel = 'alerts') {
  const { url } = await listen(fakeSlack(world));
  const configs = notifiersSchema.parse([
    { name: 'team', kind: 'slack', channel, baseUrl: `${url}/api/`, timeoutMs: 500, pauseMs: 0 },
  ]);
  const secrets = { SLACK_BOT_TOKEN: 'xoxb-good' };
  const [notifier] = openNotifiers(configs, { clock: systemClock, secrets, stdout: null });
  if (notifier?.find === undefined || notifier.edit === undefined) throw new Error('not a whole notifier');
  return { ...notifier, find: notifier.find, edit: notifier.edit };
}

describe('slack', () => {
  test('keeps to the contract of every method that it calls', async () => {
    const world = createFakeSlack();
    const slack = await open(world);
    const first = await slack.send(outgoing());
    expect(first).toEqual({ receipt: { reference: expect.stringMatching(/^C0ALERTS00\/\d+\.\d+$/) } });
    const thread = 'receipt' in first ? first.receipt.reference : null;
    await slack.send(outgoing({ key: 'second', message: updateMessage, thread, broadcast: true }));
    await slack.edit(thread ?? '', signalMessage({ status: 'escalated' }));
    await slack.find(outgoing({ key: 'second', thread }));
    await slack.find(outgoing());
    await slack.check();
    expect(world.breaches).toEqual([]);
    expect(new Set(world.calls)).toEqual(
      new Set([
        'chat.postMessage',
        'chat.update',
        'conversations.replies',
        'conversations.list',
        'conversations.history',
        'auth.test',
      ]),
    );
    expect(world.messages).toHaveLength(2);
    expect(world.messages[1]).toMatchObject({
      thread_ts: world.messages[0]?.ts,
      body: { reply_broadcast: true },
    });
    expect(JSON.stringify(world.messages[0]?.body)).toContain('Escalated: Outage');
  });

  test.each<[Trouble, object]>([
    [{ error: 'channel_not_found' }, { code: 'slack-channel-not-found', policy: 'later', arrived: 'no' }],
    [{ error: 'not_in_channel' }, { policy: 'later', fix: expect.stringContaining('/invite') }],
    [{ error: 'is_archived' }, { policy: 'later' }],
    [{ error: 'invalid_auth' }, { policy: 'later', fix: expect.stringContaining('SLACK_BOT_TOKEN') }],
    [{ error: 'token_revoked' }, { policy: 'later', fix: expect.stringContaining('SLACK_BOT_TOKEN') }],
    [{ error: 'missing_scope' }, { policy: 'later', fix: expect.stringContaining('scopes') }],
    [{ error: 'internal_error' }, { policy: 'again', arrived: 'unknown' }],
    [{ error: 'service_unavailable' }, { policy: 'again', arrived: 'no' }],
    [{ error: 'something_new' }, { code: 'slack-something-new', policy: 'again', fix: expect.any(String) }],
    [{ error: 'ratelimited' }, { policy: 'later', until: expect.any(Number) }],
    [
      { status: 429, retryAfter: 30 },
      { code: 'rate-limited', policy: 'later', arrived: 'no' },
    ],
    [{ status: 503 }, { code: 'http-503', policy: 'again', arrived: 'unknown' }],
    [{ accept: 'and-hang' }, { code: 'timeout', policy: 'again', arrived: 'unknown' }],
    [{ accept: 'and-reset' }, { code: 'connection-lost', policy: 'again', arrived: 'unknown' }],
  ])('meets %j with words and a policy of its own, and one request', async (trouble, failure) => {
    const world = createFakeSlack();
    world.next.push(trouble);
    const slack = await open(world);
    expect(await slack.send(outgoing())).toMatchObject({ failure });
    expect(world.calls).toEqual(['chat.postMessage']);
  });

  test('waits for as long as Slack asks', async () => {
    const world = createFakeSlack();
    world.next.push({ status: 429, retryAfter: 30 });
    const outcome = await (await open(world)).send(outgoing());
    const until = 'failure' in outcome ? (outcome.failure.until ?? 0) : 0;
    expect(Math.abs(until - Date.now() - 30_000)).toBeLessThan(10_000);
  });

  test.each(['invalid_blocks', 'msg_too_long', 'no_text'])(
    'says it in plain words after %s',
    async (error) => {
      const world = createFakeSlack();
      world.next.push({ error });
      expect(await (await open(world)).send(outgoing())).toHaveProperty('receipt');
      expect(world.messages).toHaveLength(1);
      expect(world.messages[0]?.body).not.toHaveProperty('blocks');
      expect(world.breaches).toEqual([]);
    },
  );

  test('gives up what Slack refuses in plain words too', async () => {
    const world = createFakeSlack();
    world.next.push({ error: 'invalid_blocks' }, { error: 'msg_too_long' });
    const outcome = await (await open(world)).send(outgoing());
    expect(outcome).toMatchObject({ failure: { policy: 'never', code: 'slack-msg-too-long' } });
  });

  test('starts anew when the message to answer was deleted', async () => {
    const world = createFakeSlack();
    const lost = outgoing({ message: updateMessage, thread: 'C0ALERTS00/1.000001' });
    expect(await (await open(world)).send(lost)).toHaveProperty('receipt');
    expect(world.messages[0]?.thread_ts).toBeUndefined();
  });

  test.each(['and-hang', 'and-reset'] as const)('finds a message that Slack took %s', async (accept) => {
    const world = createFakeSlack();
    for (let other = 0; other < 150; other += 1) {
      await (await slackOf(world)).send(outgoing({ key: `other-${other}` }));
    }
    world.next.push({ accept });
    const slack = await slackOf(world);
    const message = outgoing({ key: 'the-lost-one' });
    expect(await slack.send(message)).toMatchObject({ failure: { arrived: 'unknown' } });
    const last = world.messages.at(-1);
    expect(await slack.find(message)).toEqual({ receipt: { reference: `C0ALERTS00/${last?.ts}` } });
    expect(await slack.find(outgoing({ key: 'never-sent' }))).toBe('not-there');
    // Without the scope it says that it cannot tell, rather than that nothing is there.
    world.scopes.delete('channels:history');
    expect(await slack.find(message)).toBe('cannot-tell');
  });

  test('check tells a bad token from a good one', async () => {
    const world = createFakeSlack();
    expect(await (await open(world)).check()).toMatchObject({
      state: 'ok',
      finding: 'harvester in Acme, for #alerts',
    });
  });
});

const opened = new WeakMap<FakeSlack, ReturnType<typeof open>>();
function slackOf(world: FakeSlack): ReturnType<typeof open> {
  const known = opened.get(world) ?? open(world);
  opened.set(world, known);
  return known;
}
