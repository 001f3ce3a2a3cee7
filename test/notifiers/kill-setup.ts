import { createNotifications, type NotificationSetup } from '../../source/harvester/notifications.ts';
import type { Clock } from '../../source/ports/clock.ts';
import type { Store } from '../../source/ports/store.ts';
import { scriptedParts } from '../pipeline/scripted.ts';

/** Plans and sends on a store as the application does, without the parts that a notification does not need. */
export async function deliverAll(
  store: Store,
  clock: Clock,
  setup: Pick<NotificationSetup, 'rules' | 'settings' | 'notifiers'>,
): Promise<void> {
  const notifications = createNotifications({
    ...setup,
    store,
    clock,
    allRules: setup.rules,
    notifierNames: setup.notifiers.map(({ name }) => name),
    scoring: scriptedParts(store).scoring.settings,
    events: async () => [],
    matching: async () => ({}),
    salienceNow: (rank) => rank ?? 0,
    detail: async (id) => {
      const signal = await store.signal(id);
      if (signal === null) return null;
      const engagement = { likes: 0, reposts: 0, replies: 0, quotes: 0 };
      return {
        ...signal,
        salience: 50,
        explanation: 'by rule',
        lang: null,
        engagement,
        parentUrl: null,
        parentText: null,
      };
    },
  });
  await notifications.send();
}
