import { keepEverything } from '../../../source/domain/retention.ts';
import { UserError } from '../../../source/errors.ts';
import type { Harvester } from '../../../source/harvester/harvester.ts';

const none = async (): Promise<never> => {
  throw new UserError('unknown-snapshot', 'There is no snapshot yet.', { fix: 'Make one.' });
};

/** No snapshots: arrays in memory have nothing to be restored to. */
export const memorySnapshots: Harvester['snapshots'] = {
  list: async () => [],
  get: none,
  create: none,
  verify: none,
  diff: none,
  restore: none,
  remove: none,
  tag: none,
  listRemote: none,
  getRemote: none,
  restoreRemote: none,
  removeRemote: none,
};

export const memoryRetention: Harvester['retention'] = {
  policy: async () => keepEverything,
  plan: async (policy) => ({
    policy,
    decisions: [],
    removing: 0,
    bytesBefore: 0,
    bytesAfter: 0,
    refusal: null,
  }),
  apply: none,
  planSignals: async () => ({ rules: [], signals: 0 }),
  applySignals: none,
};
