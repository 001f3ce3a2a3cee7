import type { SendFailure } from '../ports/notifier.ts';

type Entry = readonly [
  policy: SendFailure['policy'],
  message: string,
  fix: string | null,
  arrived?: SendFailure['arrived'],
];

const tokenFix =
  'Install the app again, put its new bot token (xoxb-…) into SLACK_BOT_TOKEN, then "signal-harvester notify --retry".';

/** What chat.postMessage and its sisters answer, in words a person can act on. */
const answers: Readonly<Record<string, Entry>> = {
  channel_not_found: [
    'later',
    'Slack knows no channel CHANNEL that this app may see.',
    'Check "channel" of the notifier; a private channel must have invited the app (/invite @APP in the channel).',
  ],
  not_in_channel: [
    'later',
    'The Slack app is not in the channel CHANNEL.',
    'Type /invite @APP in that channel, or give the app the scope chat:write.public for public channels.',
  ],
  is_archived: [
    'later',
    'The Slack channel CHANNEL is archived.',
    'Unarchive it, or give the notifier another "channel".',
  ],
  restricted_action: [
    'later',
    'The workspace does not let this app post to CHANNEL.',
    'Ask an admin of the workspace who may post there.',
  ],
  invalid_auth: ['later', 'Slack does not accept the bot token.', tokenFix],
  not_authed: ['later', 'No bot token for Slack is set.', 'Set SLACK_BOT_TOKEN in the environment.'],
  token_revoked: ['later', 'The bot token for Slack was revoked.', tokenFix],
  token_expired: ['later', 'The bot token for Slack has expired.', tokenFix],
  account_inactive: ['later', 'The Slack app was removed from the workspace.', tokenFix],
  missing_scope: [
    'later',
    'The Slack app lacks the scope that this needs.',
    'Add the scopes that docs/notifiers/slack.md lists, and install the app again.',
  ],
  msg_too_long: ['never', 'Slack found the message too long.', null],
  invalid_blocks: ['never', 'Slack refused the form of the message.', null],
  invalid_blocks_format: ['never', 'Slack refused the form of the message.', null],
  no_text: ['never', 'Slack found no text in the message.', null],
  thread_not_found: ['never', 'The message to answer is gone from Slack.', null],
  message_not_found: ['never', 'The message is gone from Slack.', null],
  cant_update_message: ['never', 'Slack does not let this app change the message.', null],
  edit_window_closed: ['never', 'Slack does not let messages be changed so late.', null],
  fatal_error: ['again', 'Slack failed; it may have taken the message.', null, 'unknown'],
  internal_error: ['again', 'Slack failed; it may have taken the message.', null, 'unknown'],
  request_timeout: ['again', 'Slack did not get the whole message in time.', null],
  service_unavailable: ['again', 'Slack is not available at the moment.', null],
  team_added_to_org: ['again', 'The Slack workspace is being moved.', null],
};

/** The failure behind `ok: false`. An answer that is not known is tried again a few times. */
export function slackRefusal(error: string, channel: string): SendFailure {
  const code = /^[a-z_]{1,60}$/.test(error) ? error : 'unknown_answer';
  const known = Object.hasOwn(answers, code) ? answers[code] : undefined;
  const [policy, message, fix, arrived] = known ?? [
    'again',
    `Slack answers ${code}.`,
    `Look up ${code} at https://docs.slack.dev/reference/methods/chat.postMessage.`,
  ];
  return {
    code: `slack-${code.replaceAll('_', '-')}`,
    message: message.replace('CHANNEL', channel),
    fix,
    policy: policy as SendFailure['policy'],
    arrived: (arrived as SendFailure['arrived'] | undefined) ?? 'no',
    until: null,
  };
}
