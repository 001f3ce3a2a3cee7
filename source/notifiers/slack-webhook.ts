import type { NotifierKind } from '../config/notify-schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notifier, SendFailure, SendOutcome } from '../ports/notifier.ts';
import { postJson } from './post-json.ts';
import { plainSlackBody, slackBody } from './slack-blocks.ts';

interface SlackWebhookTools {
  readonly url: string | null;
  readonly clock: Clock;
}

const missing: SendFailure = {
  code: 'slack-webhook-no-url',
  message: 'No webhook of Slack is set.',
  fix: 'Set SLACK_WEBHOOK_URL in the environment.',
  policy: 'later',
  arrived: 'no',
  until: null,
};

/** What the documentation of incoming webhooks lists, by the words of the answer. */
const refusals: Readonly<
  Record<string, readonly [policy: SendFailure['policy'], message: string, fix: string | null]>
> = {
  invalid_payload: ['never', 'Slack refused the form of the message.', null],
  invalid_blocks: ['never', 'Slack refused the form of the message.', null],
  no_text: ['never', 'Slack found no text in the message.', null],
  action_prohibited: [
    'later',
    'The workspace does not let this webhook post there.',
    'Ask an admin of the workspace who may post there.',
  ],
  channel_not_found: [
    'later',
    'The channel of the Slack webhook is gone.',
    'Make a new webhook for another channel.',
  ],
  channel_is_archived: [
    'later',
    'The channel of the Slack webhook is archived.',
    'Unarchive it, or make a new webhook.',
  ],
  no_service: [
    'later',
    'Slack knows this webhook no longer.',
    'Make a new one and put it into SLACK_WEBHOOK_URL.',
  ],
  no_team: [
    'later',
    'The workspace of the Slack webhook is gone.',
    'Make a new one and put it into SLACK_WEBHOOK_URL.',
  ],
  invalid_token: [
    'later',
    'Slack does not accept the webhook.',
    'Make a new one and put it into SLACK_WEBHOOK_URL.',
  ],
};

/**
 * Slack through an incoming webhook: nothing to install but an address. It
 * gives no name to a message, so there are no threads, no edits, and no way to
 * find out whether a message arrived whose answer was lost.
 */
export function createSlackWebhookNotifier(
  { name, kind, timeoutMs }: NotifierKind<'slack-webhook'>,
  { url, clock }: SlackWebhookTools,
): Notifier {
  const post = async (body: object): Promise<SendOutcome> => {
    if (url === null) return { failure: missing };
    const posting = {
      url,
      body: JSON.stringify(body),
      headers: {},
      timeoutMs,
      where: 'Slack',
      now: clock.now(),
    };
    const result = await postJson(posting);
    if (!('failure' in result)) return { receipt: { reference: null } };
    const code = result.answer.trim().toLowerCase().split(/\s/)[0] ?? '';
    const known = Object.hasOwn(refusals, code) ? refusals[code] : undefined;
    if (known === undefined) return { failure: result.failure };
    const [policy, message, fix] = known;
    const failure = { ...result.failure, code: `slack-${code.replaceAll('_', '-')}`, policy, message, fix };
    return { failure: { ...failure, arrived: 'no' } };
  };
  return {
    name,
    kind,
    threads: false,
    timeoutMs,
    pauseMs: 1_100,
    send: async ({ message }) => {
      const outcome = await post({ ...slackBody(message), unfurl_links: false, unfurl_media: false });
      const refused = 'failure' in outcome && outcome.failure.policy === 'never';
      return refused ? post({ ...plainSlackBody(message), unfurl_links: false }) : outcome;
    },
    check: async () => {
      if (url === null) return { state: 'failed', finding: missing.message, fix: missing.fix };
      // Only a message would tell whether it works, and doctor sends none.
      const good = /^https:\/\/hooks\.slack(-gov)?\.com\/services\/\S+$/.test(url);
      return good
        ? { state: 'ok', finding: 'an address is set; only a message would tell whether it works', fix: null }
        : {
            state: 'warning',
            finding: 'SLACK_WEBHOOK_URL is no address of hooks.slack.com',
            fix: 'Copy it again from the page of the Slack app.',
          };
    },
  };
}
