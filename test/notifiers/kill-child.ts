import { notifiersSchema, notifySchema, rulesSchema } from '../../source/config/notify-schema.ts';
import { openNotifiers } from '../../source/notifiers/open.ts';
import type { Clock } from '../../source/ports/clock.ts';
import { openStore } from '../../source/store/store.ts';
import { deliverAll } from './kill-setup.ts';

/**
 * Sends what is due on the store of the first argument to the notifier that the
 * second one describes; the parent may kill it at any moment. The third one is
 * how far its clock is ahead: what a killed process had taken is free again
 * only when its lease is over.
 */
const [path = '', config = '{}', aheadMs = '0'] = process.argv.slice(2);
const clock: Clock = {
  now: () => Date.now() + Number(aheadMs),
  sleep: async () => undefined,
};
const store = await openStore(path);
const notifiers = openNotifiers(notifiersSchema.parse([JSON.parse(config)]), {
  clock,
  secrets: { SLACK_BOT_TOKEN: 'xoxb-good', WEBHOOK_SECRET: 's3cret' },
  stdout: null,
});
process.stdout.write('started\n');
await deliverAll(store, clock, {
  notifiers,
  settings: notifySchema.parse({}),
  rules: rulesSchema.parse([
    { name: 'all', notifier: 'team', maxAgeHours: 8_760, perRun: 1_000, perHour: 1_000, template: 'short' },
  ]),
});
await store.close();
