import type { Migration } from 'kysely/migration';
import * as postsAndSignals from './001-posts-and-signals.ts';
import * as sourceYieldAndSpend from './002-source-yield-and-spend.ts';
import * as modelSpend from './003-model-spend.ts';
import * as removedPosts from './008-removed-posts.ts';

/** Every migration, in order. A merged migration never changes: a mistake in one is mended by the next. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-posts-and-signals': postsAndSignals,
  '002-source-yield-and-spend': sourceYieldAndSpend,
  '003-model-spend': modelSpend,
  '008-removed-posts': removedPosts,
};
