import type { LoadedConfig } from '../config/load.ts';
import type { NotificationSetup } from '../harvester/notifications.ts';
import { openNotifiers } from '../notifiers/open.ts';
import { systemClock } from '../ports/clock.ts';

/** Rules of notifiers that are there; those of one that cannot send here still write down what is to be sent. */
export function openNotifications(
  { config, secrets }: LoadedConfig,
  stdout: NodeJS.WritableStream | null,
): NotificationSetup {
  const notifierNames = config.notifiers.filter(({ enabled }) => enabled).map(({ name }) => name);
  return {
    settings: config.notify,
    allRules: config.rules,
    rules: config.rules.filter(({ enabled, notifier }) => enabled && notifierNames.includes(notifier)),
    notifierNames,
    notifiers: openNotifiers(config.notifiers, { clock: systemClock, secrets, stdout }),
  };
}
