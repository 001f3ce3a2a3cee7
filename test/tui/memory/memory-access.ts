import type { Harvester } from '../../../source/harvester/harvester.ts';

const notHere = async (): Promise<never> => {
  throw new Error('the terminal app does not use this');
};

/** What only the HTTP API and its operator need: the terminal app must not come to depend on it unseen. */
export const memoryAccess: Pick<Harvester, 'posts' | 'keys' | 'flags' | 'invitations' | 'audit' | 'upkeep'> =
  {
    posts: { push: notHere },
    keys: {
      create: notHere,
      list: notHere,
      rotate: notHere,
      revoke: notHere,
      verifiers: notHere,
      markUsed: notHere,
    },
    flags: { list: notHere, explain: notHere, set: notHere, unset: notHere },
    invitations: { create: notHere, list: notHere, redeem: notHere, revoke: notHere },
    audit: { add: notHere, list: notHere, prune: notHere },
    upkeep: { totals: notHere, readiness: notHere, tidy: notHere },
  };
