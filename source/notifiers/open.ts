import type { NotifierConfig } from '../config/notify-schema.ts';
import type { Clock } from '../ports/clock.ts';
import type { Notifier } from '../ports/notifier.ts';
import { createEmailNotifier } from './email.ts';
import { createSlackNotifier } from './slack.ts';
import { createSlackWebhookNotifier } from './slack-webhook.ts';
import { createStdoutNotifier } from './stdout.ts';
import { createWebhookNotifier } from './webhook.ts';

export interface NotifierTools {
  readonly clock: Clock;
  /** By environment variable. */
  readonly secrets: Readonly<Record<string, string | undefined>>;
  /** Null where nobody reads it: under the terminal app, and beside JSON. */
  readonly stdout: NodeJS.WritableStream | null;
}

/** The enabled notifiers that can send here. Opening asks nobody; a missing secret is told by the first message. */
export function openNotifiers(
  configs: readonly NotifierConfig[],
  { clock, secrets, stdout }: NotifierTools,
): readonly Notifier[] {
  const open = (config: NotifierConfig): Notifier | null => {
    switch (config.kind) {
      case 'slack':
        return createSlackNotifier(config, { token: secrets.SLACK_BOT_TOKEN ?? null, clock });
      case 'slack-webhook':
        return createSlackWebhookNotifier(config, { url: secrets.SLACK_WEBHOOK_URL ?? null, clock });
      case 'webhook':
        return createWebhookNotifier(config, { secret: secrets.WEBHOOK_SECRET ?? null, clock });
      case 'email':
        return createEmailNotifier(config, { password: secrets.SMTP_PASSWORD ?? null });
      case 'stdout':
        return stdout === null ? null : createStdoutNotifier(config, stdout);
    }
  };
  return configs.filter(({ enabled }) => enabled).flatMap((config) => open(config) ?? []);
}
